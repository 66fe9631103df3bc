#include "preflight/problem.hpp"

#include <algorithm>
#include <array>

#include "lint/engine/convert.hpp"

namespace podcheck::preflight {

namespace {

struct Class {
  std::string_view prefix;  // of the cause's id
  std::string_view category;
  std::string_view outcome;
};

// For causes without a card; the first prefix that matches decides.
constexpr std::array<Class, 22> classes = {{
    {"volume-configmap", "volume", "ContainerCreating"},
    {"volume-secret", "volume", "ContainerCreating"},
    {"volume-key", "volume", "ContainerCreating"},
    {"csi-driver", "volume", "ContainerCreating"},
    {"rollout-", "controller", "ContainerCreating"},
    {"volume-", "volume", "Pending"},
    {"pvc-", "volume", "Pending"},
    {"pv-", "volume", "Pending"},
    {"rwop-", "volume", "Pending"},
    {"storageclass-", "volume", "Pending"},
    {"no-default-storageclass", "volume", "Pending"},
    {"provisioner-", "volume", "Pending"},
    {"env-", "config", "CreateContainerConfigError"},
    {"image-never", "image", "ErrImageNeverPull"},
    {"image-", "image", "ImagePullBackOff"},
    {"quota-", "controller", "FailedCreate"},
    {"limitrange-", "controller", "FailedCreate"},
    {"podsecurity-", "security", "FailedCreate"},
    {"serviceaccount-", "controller", "FailedCreate"},
    {"priorityclass-", "controller", "FailedCreate"},
    {"runtimeclass-", "controller", "FailedCreate"},
    {"admission-", "controller", "FailedCreate"},
}};

const Class* class_of(std::string_view cause) {
  if (cause == "runtimeclass-overhead") {
    return nullptr;
  }
  auto found =
      std::find_if(classes.begin(), classes.end(), [&](const Class& entry) { return cause.starts_with(entry.prefix); });
  return found == classes.end() ? nullptr : &*found;
}

std::string message_of(const Problem& problem, const catalogue::Catalogue& catalogue) {
  if (!problem.message.empty()) {
    return problem.message;
  }
  std::string key = "preflight.cause." + problem.cause + ".";
  std::string text = problem.variant.empty() ? "" : catalogue.say(key + problem.variant, problem.values);
  if (text.empty()) {
    text = catalogue.say(key + "plain", problem.values);
  }
  return text.empty() ? problem.cause : text;
}

// What the card of the cause advises, where its sentence can be filled.
std::vector<finding::Fix> fixes_of_card(const Problem& problem, const catalogue::Catalogue& catalogue) {
  if (catalogue.cause(problem.cause) == nullptr) {
    return {};
  }
  finding::Values values = problem.values;
  values.emplace_back("hint", "");
  std::vector<finding::Fix> fixes = catalogue.cause_finding(problem.cause, values).fixes;
  std::erase_if(fixes, [](const finding::Fix& fix) {
    return fix.summary.empty() || fix.summary.find('{') != std::string::npos || !fix.command.empty();
  });
  return fixes;
}

}  // namespace

std::string category_of(const std::string& cause, const catalogue::Catalogue& catalogue) {
  if (const catalogue::Cause* card = catalogue.cause(cause)) {
    return card->category;
  }
  const Class* entry = class_of(cause);
  return entry == nullptr ? "scheduling" : std::string(entry->category);
}

std::string outcome_of(const std::string& cause, const catalogue::Catalogue& catalogue) {
  if (const catalogue::Cause* card = catalogue.cause(cause)) {
    return card->outcome;
  }
  const Class* entry = class_of(cause);
  return entry == nullptr ? "Pending" : std::string(entry->outcome);
}

finding::Finding to_finding(const Problem& problem, const Workload& workload, bool first,
                            const catalogue::Catalogue& catalogue) {
  finding::Finding finding;
  finding.id = problem.cause;
  finding.role = first ? finding::Role::cause : finding::Role::contributing;
  finding.severity = problem.severity;
  finding.confidence = problem.confidence;
  finding.category = category_of(problem.cause, catalogue);
  finding.outcome = outcome_of(problem.cause, catalogue);
  finding.container = problem.container;
  finding.message = message_of(problem, catalogue);
  finding.evidence = problem.evidence;
  finding.fixes = problem.fixes.empty() ? fixes_of_card(problem, catalogue) : problem.fixes;
  document::Node root = workload.object->object.root;
  document::Node at = problem.at && problem.at.tree() == root.tree() ? problem.at : root;
  if (workload.object->file != nullptr) {
    finding.location = lint::locate(workload.object->file->text, lint::span_of(at));
  }
  finding.path = document::path_of(root, at);
  return finding;
}

}  // namespace podcheck::preflight
