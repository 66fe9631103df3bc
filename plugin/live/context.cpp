#include "live/context.hpp"

#include <algorithm>

#include "live/facts.hpp"
#include "live/patch.hpp"
#include "live/revisions.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;

void frame(Ranked& ranked, const catalogue::Catalogue& catalogue) {
  std::vector<const Candidate*> causes;
  for (const Candidate& candidate : ranked.kept) {
    if (candidate.role == finding::Role::cause) {
      causes.push_back(&candidate);
    }
  }
  if (causes.size() < 2) {
    return;
  }
  Candidate both;
  both.cause = "multiple-faults";
  both.stage = causes.front()->stage;
  both.confidence = finding::Confidence::confirmed;
  std::string list;
  for (const Candidate* cause : causes) {
    std::string sentence = catalogue.cause_finding(cause->cause, cause->values, cause->variant).message;
    list += (list.empty() ? "" : "; ") + (cause->container.empty() ? "" : cause->container + ": ") + sentence;
    both.evidence.insert(both.evidence.end(), cause->evidence.begin(), cause->evidence.end());
    auto fixes = cause->fixes;
    if (fixes.empty()) {
      fixes = catalogue.cause_finding(cause->cause, cause->values, cause->variant).fixes;
    }
    both.fixes.insert(both.fixes.end(), fixes.begin(), fixes.end());
  }
  both.values = {{"count", std::to_string(causes.size())}, {"faults", list}};
  ranked.kept.insert(ranked.kept.begin(), std::move(both));
}

namespace {

using finding::Values;

void say(Candidate& root, const catalogue::Catalogue& catalogue, const char* key, const Values& values) {
  root.evidence.push_back(computed_evidence(catalogue.say(key, values)));
}

// A Deployment whose older ReplicaSet has ready pods while the new one fails: users are still served, what the new
// revision changed is where to look, and there is a way back.
void older_revision(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, Node owner, Node pod,
                    Candidate& root) {
  Node set = working_revision(cluster, owner, pod);
  if (!set) {
    return;
  }
  std::string name(name_of(set));
  say(root, catalogue, "live.context.older_revision",
      {{"replicaset", name}, {"ready", set["status"]["readyReplicas"].text()}});
  std::vector<std::string> changes =
      changes_between(set["spec"]["template"]["spec"], owner["spec"]["template"]["spec"], root.container);
  constexpr std::size_t most = 6;
  if (changes.size() > most) {
    changes.resize(most);
    changes.emplace_back("…");
  }
  if (!changes.empty()) {
    say(root, catalogue, "live.context.changed", {{"replicaset", name}, {"changes", join(changes, "; ")}});
  }
  bool told = std::any_of(root.fixes.begin(), root.fixes.end(),
                          [](const finding::Fix& fix) { return contains(fix.command, "rollout undo"); });
  if (told) {
    return;
  }
  if (root.fixes.empty()) {
    root.fixes.emplace_back();  // the card's own comes first
  }
  root.fixes.push_back(command_fix(catalogue.say("live.context.undo", {{"replicaset", name}}),
                                   cluster.kubectl() + " -n " + shell_word(namespace_of(owner)) +
                                       " rollout undo deployment/" + shell_word(name_of(owner)),
                                   catalogue.say("live.changes", {{"object", label_of(owner)}}),
                                   finding::Safety::unsafe));
}

void waiting_ordinals(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, Node owner, Node pod,
                      Candidate& root) {
  if (owner["spec"]["podManagementPolicy"].string("OrderedReady") != "OrderedReady") {
    return;
  }
  std::int64_t wanted = owner["spec"]["replicas"].integer().value_or(1);
  auto pods = pods_of(cluster, owner);
  std::int64_t missing = wanted - static_cast<std::int64_t>(pods.size());
  if (missing > 0) {
    say(root, catalogue, "live.context.waiting_ordinals",
        {{"pod", std::string(name_of(pod))},
         {"statefulset", std::string(name_of(owner))},
         {"count", std::to_string(missing)}});
  }
}

// A Job that has given up: no further try will come.
void given_up(const catalogue::Catalogue& catalogue, Node job, Candidate& root) {
  Node failed = condition(job, "Failed");
  if (failed["status"].string() == "True") {
    say(root, catalogue, "live.context.job_failed",
        {{"job", std::string(name_of(job))},
         {"reason", std::string(failed["reason"].string())},
         {"failed", job["status"]["failed"].integer() ? job["status"]["failed"].text() : "0"},
         {"limit", job["spec"]["backoffLimit"].integer() ? job["spec"]["backoffLimit"].text() : "6"}});
  }
}

void failed_runs(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, Node owner, Candidate& root) {
  int runs = 0;
  int failed = 0;
  for (Node job : cluster.list("jobs", namespace_of(owner)).items) {
    if (controller_reference(job)["name"].string() == name_of(owner)) {
      ++runs;
      Node status = job["status"];
      bool gave_up = status["failed"].integer().value_or(0) > 0 && status["active"].integer().value_or(0) == 0 &&
                     status["succeeded"].integer().value_or(0) == 0;
      failed += condition_is(job, "Failed", "True") || gave_up ? 1 : 0;
    }
  }
  if (failed > 0) {
    say(root, catalogue, "live.context.failed_runs",
        {{"cronjob", std::string(name_of(owner))}, {"failed", std::to_string(failed)}, {"runs", std::to_string(runs)}});
  }
}

}  // namespace

void add_context(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, Node owner, Node pod,
                 Candidate& root) {
  if (!owner || !pod) {
    return;
  }
  std::string_view kind = owner["kind"].string();
  if (kind == "Deployment") {
    older_revision(cluster, catalogue, owner, pod, root);
  } else if (kind == "StatefulSet") {
    waiting_ordinals(cluster, catalogue, owner, pod, root);
  } else if (kind == "Job") {
    given_up(catalogue, owner, root);
  } else if (kind == "CronJob") {
    failed_runs(cluster, catalogue, owner, root);
  }
}

}  // namespace podcheck::live
