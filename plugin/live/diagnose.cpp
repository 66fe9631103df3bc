#include "live/diagnose.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "cluster/filter.hpp"
#include "kube/duration.hpp"
#include "live/alike.hpp"
#include "live/causes/table.hpp"
#include "live/context.hpp"
#include "live/facts.hpp"
#include "live/health.hpp"
#include "live/notes.hpp"
#include "live/patch.hpp"
#include "live/placement.hpp"
#include "live/plan.hpp"
#include "live/shared.hpp"
#include "live/text.hpp"
#include "live/timeline.hpp"
#include "live/wait.hpp"

namespace podcheck::live {

using cluster::Snapshot;
using document::Node;

namespace {

struct PodVerdict {
  Node pod;
  Ranked ranked;
};

struct Group {
  std::vector<Node> pods;
  PodVerdict verdict;
};

std::string cause_key(const Ranked& ranked) {
  if (ranked.kept.empty()) {
    return "";
  }
  const Candidate& root = ranked.kept.front();
  return root.cause + "/" + root.variant + "/" + root.container;
}

class Diagnosis {
 public:
  Diagnosis(Snapshot& cluster, const catalogue::Catalogue& catalogue) : cluster_(cluster), catalogue_(catalogue) {}

  // `requested`: the user has named it, so more may be read for it.
  finding::Subject subject(const Target& target, bool requested) {
    requested_ = requested;
    Node object = target.object;
    finding::Subject out;
    out.kind = object["kind"].string("Pod");
    out.namespace_ = namespace_of(object);
    out.name = name_of(object);
    bool is_pod = out.kind == "Pod";
    Node owner = is_pod ? top_owner(cluster_, object) : object;
    if (is_pod && owner) {
      out.owner = label_of(owner);
    }
    std::vector<Node> present = is_pod ? target.pods : without_leftovers(object, target.pods);
    std::vector<Group> groups = group(present, owner);
    std::vector<Candidate> candidates;
    Node shown = present.empty() ? Node() : present.front();
    if (!groups.empty()) {
      shown = groups.front().verdict.pod;
      candidates = groups.front().verdict.ranked.kept;
    }
    if (!is_pod) {
      Patient patient{cluster_, catalogue_, Node(), object, out.namespace_, 0};
      run_all(patient, candidates);
    }
    out.status = shown ? status_column(shown) : "";
    Ranked ranked = rank(std::move(candidates), catalogue_);
    if (!groups.empty()) {
      auto& rejected = groups.front().verdict.ranked.rejected;
      ranked.rejected.insert(ranked.rejected.begin(), rejected.begin(), rejected.end());
    }
    out.healthy = groups.empty() && ranked.kept.empty();
    if (!out.healthy && ranked.kept.empty()) {
      ranked.kept.push_back(undetermined(shown));
    }
    frame(ranked, catalogue_);
    if (!ranked.kept.empty()) {
      add_context(cluster_, catalogue_, owner, shown, ranked.kept.front());
    }
    if (!ranked.kept.empty()) {
      faults[place_of(out)] = shared_fault(ranked.kept.front());
    }
    for (std::size_t i = 0; i < ranked.kept.size(); ++i) {
      out.findings.push_back(finding_of(ranked.kept[i]));
      if (i == 0) {
        out.findings.back().rejected = ranked.rejected;
      }
    }
    for (std::size_t i = 1; i < groups.size(); ++i) {
      add_group(out, groups[i]);
    }
    out.headline = headline(object, owner, shown, present, groups);
    if (!shown && !out.findings.empty()) {
      const std::string& outcome = out.findings.front().outcome;
      out.headline += outcome == "none" || outcome == "any" || outcome.empty() ? "" : " · " + outcome;
    }
    if (out.healthy) {
      add_intention(object, shown, out.headline);
    }
    if (shown && !out.healthy) {
      out.timeline = timeline_of(cluster_, catalogue_, shown);
      out.nodes = nodes_of(cluster_, catalogue_, shown);
    }
    return out;
  }

  // What outside of it each subject's root cause lies in, by place_of().
  std::map<std::string, std::string> faults;

 private:
  bool requested_ = false;

  void run_all(Patient& patient, std::vector<Candidate>& candidates) {
    patient.requested = requested_;
    for (const FamilyDiagnoser& family : diagnosers()) {
      family.run(patient, candidates);
    }
  }

  // Failed pods that a controller has replaced already are history, not the present.
  std::vector<Node> without_leftovers(Node object, const std::vector<Node>& pods) {
    std::string_view kind = object["kind"].string();
    std::vector<Node> present;
    if (kind == "Job" || kind == "CronJob") {
      std::copy_if(pods.begin(), pods.end(), std::back_inserter(present), [&](Node pod) { return !outdone(pod); });
      return present;
    }
    for (Node pod : pods) {
      std::string_view phase = pod["status"]["phase"].string();
      if ((phase != "Failed" && phase != "Succeeded") || pods.size() == 1) {
        present.push_back(pod);
      }
    }
    return present.empty() ? pods : present;
  }

  // A try that failed, in a Job that ended well or before a later run of its CronJob did.
  bool outdone(Node pod) {
    auto chain = owners_of(cluster_, pod);
    if (pod["status"]["phase"].string() != "Failed" || chain.empty()) {
      return false;
    }
    Node job = chain.front();
    bool ended = condition_is(job, "Complete", "True");
    for (Node other : chain.size() > 1 ? cluster_.list("jobs", namespace_of(pod)).items : std::vector<Node>()) {
      ended =
          ended || (controller_reference(other)["name"].string() == name_of(chain[1]) &&
                    condition_is(other, "Complete", "True") &&
                    other["metadata"]["creationTimestamp"].string() > job["metadata"]["creationTimestamp"].string());
    }
    return ended;
  }

  std::vector<Group> group(const std::vector<Node>& pods, Node owner) {
    Sample sample(cluster_, requested_);
    std::map<std::string, std::string> key_of_likeness;
    std::map<std::string, Group> groups;
    std::vector<std::string> order;
    for (Node pod : pods) {
      if (is_well(health_of(cluster_, pod))) {
        continue;
      }
      std::string alike = likeness(pod);
      auto known = key_of_likeness.find(alike);
      std::string key;
      PodVerdict verdict{pod, {}};
      if (sample.takes(pod) || known == key_of_likeness.end()) {
        Patient patient{cluster_, catalogue_, pod, owner, std::string(namespace_of(pod)), 0};
        patient.requested = requested_;
        verdict.ranked = examine(patient);
        if (verdict.ranked.kept.empty() && (is_rolling_out(owner, pod) || is_settling(cluster_, pod))) {
          continue;
        }
        key = cause_key(verdict.ranked);
        key_of_likeness[alike] = key;
      } else {
        key = known->second;
      }
      auto [place, is_new] = groups.try_emplace(key);
      if (is_new) {
        place->second.verdict = std::move(verdict);
        order.push_back(key);
      }
      place->second.pods.push_back(pod);
    }
    std::stable_sort(order.begin(), order.end(), [&](const std::string& a, const std::string& b) {
      return std::pair(a.empty(), -static_cast<long>(groups[a].pods.size())) <
             std::pair(b.empty(), -static_cast<long>(groups[b].pods.size()));
    });
    std::vector<Group> out;
    for (const std::string& key : order) {
      out.push_back(std::move(groups[key]));
    }
    return out;
  }

  // What the kubelet or the runtime says last, in words that no diagnoser knows.
  std::string last_said_of(Node pod) {
    for (const ContainerFacts& container : containers_of(pod)) {
      if (!container.ready && !container.waiting_message.empty() && container.waiting_reason != "CrashLoopBackOff") {
        return shown(container.waiting_message, 240);
      }
    }
    std::string said;
    for (const auto& event : events_of(cluster_, pod)) {
      said = event.warning && event.reason != "BackOff" ? shown(event.message, 240) : said;
    }
    return said;
  }

  // What is known all the same, by the part of its life that the pod is in, and the command that tells more.
  Candidate undetermined(Node pod) {
    Candidate candidate;
    candidate.cause = "undetermined";
    candidate.confidence = finding::Confidence::possible;
    std::string space(namespace_of(pod));
    std::string container;
    candidate.variant = what_is_known(pod, container);
    bool told = false;
    for (const auto& event : events_of(cluster_, pod)) {
      told = told || (event.warning && event.reason != "BackOff");
    }
    if (told && candidate.variant != "crashing" && candidate.variant != "terminating") {
      candidate.variant.clear();  // there is a word that podcheck does not understand, and it is shown
    }
    candidate.values = {{"status", pod ? status_column(pod) : ""},
                        {"pod", std::string(name_of(pod))},
                        {"container", container},
                        {"namespace", space},
                        {"kubectl", cluster_.kubectl()}};
    for (const auto& event : events_of(cluster_, pod)) {
      if (event.warning && candidate.evidence.size() < 4) {
        candidate.evidence.push_back(event_evidence(event));
      }
    }
    if (std::string said = last_said_of(pod); candidate.variant.empty() && !said.empty()) {
      candidate.variant = "said";
      candidate.values.emplace_back("said", said);
    }
    finding::Fix look;
    std::string named = shell_word(name_of(pod)) + " -n " + shell_word(space);
    std::string of_container = container.empty() ? "" : " -c " + shell_word(container);
    look.command =
        cluster_.kubectl() +
        (candidate.variant == "crashing" ? " logs " + named + of_container + " --previous --tail=80"
         : candidate.variant == "terminating" || candidate.variant == "no-status" ? " get pod " + named + " -o yaml"
                                                                                  : " describe pod " + named);
    candidate.fixes.push_back(look);
    return candidate;
  }

  static const char* what_is_known(Node pod, std::string& container) {
    std::string status = status_column(pod);
    if (!pod || status.empty()) {
      return pod ? "no-status" : "";
    }
    if (pod["metadata"]["annotations"]["podcheck.dev/partial"].string() == "logs") {
      return "log-only";
    }
    if (pod["metadata"].has("deletionTimestamp")) {
      return "terminating";
    }
    if (status == "Pending" && !is_placed(pod)) {
      return "pending";
    }
    for (const ContainerFacts& one : containers_of(pod)) {
      std::string_view why = one.waiting_reason;
      if (why == "CrashLoopBackOff" || (one.now && one.now->exit_code != 0)) {
        container = one.name;
        return "crashing";
      }
      if (why == "CreateContainerConfigError" || why == "CreateContainerError") {
        container = one.name;
        return "config";
      }
    }
    auto all = containers_of(pod);
    bool state_told = std::any_of(all.begin(), all.end(), [](const ContainerFacts& one) {
      return one.running || one.now || !one.waiting_reason.empty();
    });
    if (!all.empty() && !state_told) {
      return "cut";
    }
    bool between = status == "ContainerCreating" || status == "Pending";
    bool init = status.starts_with("Init:") || status == "PodInitializing";
    return between ? "creating" : init ? "initializing" : status == "Running" ? "unready" : "";
  }

  finding::Finding finding_of(const Candidate& candidate) {
    // Capitals stand for what a text does not tell, as the names of pods and containers that it leaves out do.
    finding::Values values = candidate.values;
    for (auto& [name, value] : values) {
      value = name == "node" && value.empty() ? "NODE" : value;
    }
    finding::Finding out = catalogue_.cause_finding(candidate.cause, values, candidate.variant);
    out.role = candidate.role;
    out.severity = candidate.role == finding::Role::cause ? finding::Severity::error : finding::Severity::info;
    out.confidence = candidate.confidence;
    out.container = candidate.container;
    out.path = candidate.path;
    // A field that was not read, or is not set, proves nothing.
    std::copy_if(candidate.evidence.begin(), candidate.evidence.end(), std::back_inserter(out.evidence),
                 [](const finding::Evidence& proof) { return proof.kind != "field" || !proof.text.empty(); });
    out.chain = candidate.chain;
    if (!candidate.fixes.empty()) {
      // The diagnoser's fixes have the real names; the card's sentence stays when they do not replace it.
      std::vector<finding::Fix> fixes = candidate.fixes;
      if (fixes.front().summary.empty() && !out.fixes.empty()) {
        fixes.front().summary = out.fixes.front().summary;
      }
      out.fixes = std::move(fixes);
    }
    return out;
  }

  void add_group(finding::Subject& out, const Group& other) {
    for (const Candidate& candidate : other.verdict.ranked.kept) {
      if (candidate.role != finding::Role::cause) {
        continue;
      }
      finding::Finding also = finding_of(candidate);
      also.chain.insert(also.chain.begin(), label_of(other.verdict.pod));
      out.findings.push_back(std::move(also));
      return;
    }
  }

  // Nothing is wrong, and it looks as if something were: what was wanted so.
  void add_intention(Node object, Node shown, std::string& headline) {
    std::string said;
    auto ends = time_at(shown["metadata"]["deletionTimestamp"]);
    if (object["spec"]["suspend"].boolean().value_or(false)) {
      said = catalogue_.cause_finding("suspended", {}).message;
    } else if (object["spec"]["replicas"].integer() == 0) {
      said = catalogue_.cause_finding("scaled-to-zero", {}).message;
    } else if (ends && *ends > cluster_.now()) {
      said = catalogue_.cause_finding("draining", {{"left", std::to_string((*ends - cluster_.now()).count())}}).message;
    }
    headline += said.empty() ? "" : " · " + said;
  }

  std::string headline(Node object, Node owner, Node shown, const std::vector<Node>& pods,
                       const std::vector<Group>& groups) {
    std::string text;
    std::string dot = " · ";
    bool is_pod = object["kind"].string() == "Pod";
    if (!is_pod && object["kind"].string() != "HorizontalPodAutoscaler") {
      std::size_t ready = 0;
      for (Node pod : pods) {
        ready += condition_is(pod, "Ready", "True") ? 1 : 0;
      }
      std::int64_t desired = object["status"]["desiredNumberScheduled"].integer().value_or(
          object["spec"]["replicas"].integer().value_or(static_cast<std::int64_t>(pods.size())));
      text = catalogue_.say("live.headline.ready",
                            {{"ready", std::to_string(ready)}, {"desired", std::to_string(desired)}});
    }
    if (shown) {
      text += (text.empty() ? "" : dot) + status_column(shown);
      auto created = time_at(shown["metadata"]["creationTimestamp"]);
      if (is_pod && created) {
        text += dot + catalogue_.say("live.headline.age", {{"age", kube::to_age(cluster_.now() - *created)}});
      }
    }
    if (!groups.empty() && pods.size() > 1) {
      text += dot + catalogue_.say("live.headline.alike", {{"count", std::to_string(groups.front().pods.size())},
                                                           {"all", std::to_string(pods.size())}});
      std::string_view node = groups.front().pods.front()["spec"]["nodeName"].string();
      bool one_node = groups.front().pods.size() > 1 && !node.empty();
      for (Node pod : groups.front().pods) {
        one_node = one_node && pod["spec"]["nodeName"].string() == node;
      }
      if (one_node) {
        text += dot + catalogue_.say("live.headline.one_node", {{"node", std::string(node)}});
      }
    }
    if (is_pod && owner) {
      text += dot + catalogue_.say("live.headline.owner", {{"owner", label_of(owner)}});
    }
    return text;
  }

  Snapshot& cluster_;
  const catalogue::Catalogue& catalogue_;
};

int doubt(const finding::Subject& subject) {
  const finding::Finding* root = subject.findings.empty() ? nullptr : &subject.findings.front();
  return root == nullptr || root->id == "undetermined" ? 2 : root->confidence == finding::Confidence::possible ? 1 : 0;
}

std::string unknown_target(Snapshot& cluster, const catalogue::Catalogue& catalogue, const Word& word,
                           const std::string& typed, const std::string& namespace_) {
  if (!word.known) {
    return catalogue.say("live.target.unknown_kind", {{"kind", word.resource}});
  }
  std::string resource = word.resource.empty() ? "pods" : word.resource;
  cluster::Failure failure;
  cluster.get(resource, namespace_, word.name, &failure);
  if (failure && failure.kind != cluster::FailureKind::not_found) {
    return catalogue.say("live.target.unreadable", {{"target", typed}, {"detail", failure.detail}});
  }
  std::vector<std::string> names;
  for (Node object : cluster.list(resource, namespace_).items) {
    names.emplace_back(name_of(object));
  }
  std::string near = catalogue::nearest(word.name, names);
  for (const std::string& name : names) {
    // A deployment's name is what people remember of its pods.
    if (near.empty() && std::string_view(name).starts_with(word.name + "-")) {
      near = name;
    }
  }
  return catalogue.say(near.empty() ? "live.target.not_found" : "live.target.not_found_near",
                       {{"target", typed}, {"namespace", namespace_}, {"near", near}});
}

}  // namespace

Ranked examine(Patient& patient) {
  std::vector<Candidate> candidates;
  for (const FamilyDiagnoser& family : diagnosers()) {
    family.run(patient, candidates);
  }
  return rank(std::move(candidates), patient.catalogue);
}

Result diagnose(Snapshot& cluster, const catalogue::Catalogue& catalogue, const Options& options) {
  Result result;
  result.report.mode = finding::Mode::live;
  Diagnosis diagnosis(cluster, catalogue);
  std::string space = options.all_namespaces ? "" : options.namespace_;
  std::vector<Word> words;
  for (const std::string& typed : options.targets) {
    words.push_back(parse_target(typed));
  }
  read_targets(cluster, words, space);
  if (options.targets.empty()) {
    const cluster::Listing& pods = cluster.list("pods", space);
    result.unreadable = static_cast<bool>(pods.failure);
    cluster::LabelSelector selector(options.selector);
    std::vector<Node> ours = pods.items;
    if (options.shard) {
      std::erase_if(ours, [&](Node pod) { return !options.shard->holds(namespace_of(pod)); });
    }
    read_symptoms(cluster, ours, false);
    for (const Target& target : all_targets(cluster, space)) {
      if (options.shard && !options.shard->holds(namespace_of(target.object))) {
        continue;
      }
      if (!options.selector.empty() && !selector.matches(target.object["metadata"]["labels"])) {
        continue;
      }
      finding::Subject subject = diagnosis.subject(target, false);
      if (!subject.healthy) {
        result.report.subjects.push_back(std::move(subject));
      }
    }
    // What is explained comes before what is only seen.
    std::stable_sort(result.report.subjects.begin(), result.report.subjects.end(),
                     [](const finding::Subject& a, const finding::Subject& b) { return doubt(a) < doubt(b); });
  }
  for (const std::string& typed : options.targets) {
    Word word = parse_target(typed);
    Node object = find_target(cluster, word, space);
    if (!object) {
      result.unknown_targets.push_back(unknown_target(cluster, catalogue, word, typed, space));
      continue;
    }
    std::vector<Node> pods = pods_of(cluster, object);
    if (options.rollout) {
      pods = newest_pods(cluster, object, pods);
    }
    read_symptoms(cluster, pods, true);
    result.report.subjects.push_back(diagnosis.subject({object, std::move(pods)}, true));
  }
  result.report.notes = notes_of(cluster, catalogue);
  finding::sort_and_count(result.report);
  tell_once(result.report, diagnosis.faults, catalogue);
  return result;
}

}  // namespace podcheck::live
