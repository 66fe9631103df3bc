#include <algorithm>
#include <array>

#include "preflight/admission.hpp"
#include "scheduling/value.hpp"

namespace podcheck::preflight {

using document::Node;

std::string cause_of_refusal(std::string_view message) {
  struct Text {
    std::string_view part;
    std::string_view cause;
  };
  static constexpr std::array<Text, 15> texts = {{
      {"failed quota", "quota-requires-limits"},
      {"exceeded quota", "quota-exceeded"},
      {"violates PodSecurity", "podsecurity-violation"},
      {"no PriorityClass with name", "priorityclass-missing"},
      {"RuntimeClass", "runtimeclass-missing"},
      {"error looking up service account", "serviceaccount-missing"},
      {"usage per Container", "limitrange-violation"},
      {"usage per Pod", "limitrange-violation"},
      {"limit to request ratio", "limitrange-violation"},
      {"failed calling webhook", "admission-webhook-unreachable"},
      {"denied the request", "admission-webhook-denied"},
      {"because it is being terminated", "admission-namespace-terminating"},
      {"denied request", "admission-policy-denied"},
      {"namespaces \"", "admission-namespace-missing"},
      {"is invalid", "admission-invalid"},
  }};
  for (const Text& text : texts) {
    if (message.find(text.part) != std::string_view::npos) {
      return std::string(text.cause);
    }
  }
  return "admission-refused";
}

namespace {

struct Named {
  const char* field;
  const char* kind;
  const char* plural;
};
constexpr std::array<Named, 3> admitted_by_name = {{{"serviceAccountName", "ServiceAccount", "serviceaccounts"},
                                                    {"priorityClassName", "PriorityClass", "priorityclasses"},
                                                    {"runtimeClassName", "RuntimeClass", "runtimeclasses"}}};

// Objects that the pod names and that only the input has: the server cannot know them yet, and would refuse the pod.
std::vector<Named> only_in_input(World& world, const Workload& workload) {
  std::vector<Named> found;
  for (const Named& named : admitted_by_name) {
    std::string_view name = workload.pod->spec[named.field].string();
    if (!name.empty() && world.in_input(named.kind, workload.namespace_, name) &&
        !world.snapshot().get(named.plural, workload.namespace_, name)) {
      found.push_back(named);
    }
  }
  return found;
}

std::string pod_json(const Workload& workload, const std::vector<Named>& without) {
  scheduling::Value pod = scheduling::Value::mapping();
  pod.member("apiVersion") = scheduling::Value::string("v1");
  pod.member("kind") = scheduling::Value::string("Pod");
  Node metadata = workload.pod->metadata;
  pod.member("metadata") = metadata.is_mapping() ? scheduling::Value::from(metadata) : scheduling::Value::mapping();
  scheduling::Value& target = pod.member("metadata");
  if (workload.kind() != "Pod") {
    target.member("name") = scheduling::Value::string(std::string(workload.name()) + "-podcheck");
  }
  target.member("namespace") = scheduling::Value::string(workload.namespace_);
  target.erase("creationTimestamp");
  scheduling::Value& spec = pod.member("spec");
  spec = scheduling::Value::from(workload.pod->spec);
  for (const Named& named : without) {
    spec.erase(named.field);
  }
  return pod.json();
}

void take(const Answer& answer, const Workload& workload, std::string_view what, ServerVerdict& verdict,
          const catalogue::Catalogue& catalogue) {
  std::string subject = std::string(what) + " " + std::string(workload.name());
  switch (answer.kind) {
    case Answer::Kind::accepted:
    case Answer::Kind::exists:
      verdict.answered = true;
      break;
    case Answer::Kind::refused: {
      verdict.answered = true;
      Problem problem;
      problem.cause = cause_of_refusal(answer.message);
      problem.message = catalogue.say("preflight.refused", {{"object", subject}, {"message", answer.message}});
      problem.evidence.push_back({"computed", "kubectl create --dry-run=server", "", 0, answer.message});
      verdict.problems.push_back(std::move(problem));
      break;
    }
    case Answer::Kind::no_dry_run:
      verdict.notes.push_back({"admission", catalogue.say("preflight.note.no_dry_run",
                                                          {{"object", subject}, {"message", answer.message}})});
      break;
    case Answer::Kind::unknown:
      verdict.notes.push_back(
          {"admission", catalogue.say("preflight.note.no_answer", {{"object", subject}, {"message", answer.message}})});
      break;
  }
}

// A namespace that comes with the input is not there yet: nothing is wrong, and nothing was judged.
void excuse_namespace(const World& world, const Workload& workload, Answer& answer) {
  if (answer.kind == Answer::Kind::refused && cause_of_refusal(answer.message) == "admission-namespace-missing" &&
      world.in_input("Namespace", {}, workload.namespace_)) {
    answer.kind = Answer::Kind::unknown;
  }
}

}  // namespace

ServerVerdict ask_server(World& world, Server& server, const Workload& workload,
                         const catalogue::Catalogue& catalogue) {
  ServerVerdict verdict;
  if (workload.kind() != "Pod") {
    scheduling::Value object = scheduling::Value::from(workload.object->object.root);
    object.member("metadata").member("namespace") = scheduling::Value::string(workload.namespace_);
    Answer answer = server.create(object.json(), workload.namespace_);
    excuse_namespace(world, workload, answer);
    take(answer, workload, workload.kind(), verdict, catalogue);
  }
  std::vector<Named> without = only_in_input(world, workload);
  Answer pod = server.create(pod_json(workload, without), workload.namespace_);
  excuse_namespace(world, workload, pod);
  take(pod, workload, "Pod", verdict, catalogue);
  for (const Named& named : without) {
    verdict.notes.push_back(
        {"admission", catalogue.say("preflight.note.asked_without",
                                    {{"object", std::string(named.kind) + " " +
                                                    std::string(workload.pod->spec[named.field].string())}})});
  }
  // Without its classes the server's pod has another priority or overhead.
  bool whole = std::all_of(without.begin(), without.end(),
                           [](const Named& named) { return std::string_view(named.kind) == "ServiceAccount"; });
  if (pod.tree && whole) {
    verdict.pod = world.keep(std::move(pod.tree));
  }
  return verdict;
}

}  // namespace podcheck::preflight
