#include "live/shared.hpp"

#include <algorithm>
#include <vector>

#include "live/causes/parts.hpp"
#include "live/text.hpp"

namespace podcheck::live {

namespace {

struct Shared {
  std::string_view cause;  // a prefix
  std::string_view value;  // names the thing; empty: there is only one of it
};
constexpr Shared shared_causes[] = {
    {"node-lost", "node"},
    {"node-disk-full", "node"},
    {"node-out-of-", "node"},
    {"node-restarted", "node"},
    {"pod-node-not-ready", "node"},
    {"network-", "node"},
    {"sandbox-image-failed", "node"},
    {"container-runtime-unavailable", "node"},
    {"cgroup-driver-mismatch", "node"},
    {"registry-", "registry"},
    {"provisioner-not-responding", "provisioner"},
    {"csi-driver-missing", "driver"},
    {"admission-webhook-unreachable", "webhook"},
    {"unknown-scheduler", "scheduler"},
    {"scheduler-not-running", ""},
    {"cluster-dns-down", ""},
    {"controller-silent", ""},
    {"no-nodes", ""},
    {"namespace-terminating", "namespace"},
    {"quota-exceeded", "quota"},
};

}  // namespace

std::string shared_fault(const Candidate& root) {
  for (const Shared& shared : shared_causes) {
    if (!root.cause.starts_with(shared.cause)) {
      continue;
    }
    std::string name = value_of(root, shared.value);
    if (!shared.value.empty() && name.empty()) {
      return {};
    }
    // Quotas of the same name are of different namespaces.
    std::string space = shared.value == "quota" ? " " + value_of(root, "namespace") : "";
    return root.cause + " " + name + space;
  }
  return {};
}

std::string place_of(const finding::Subject& subject) {
  return subject.namespace_ + "/" + subject.kind + "/" + subject.name;
}

void tell_once(finding::Report& report, const std::map<std::string, std::string>& faults,
               const catalogue::Catalogue& catalogue) {
  std::map<std::string, std::vector<finding::Subject*>> alike;
  for (finding::Subject& subject : report.subjects) {
    auto fault = faults.find(place_of(subject));
    if (fault != faults.end() && !fault->second.empty() && !subject.findings.empty()) {
      alike[fault->second].push_back(&subject);
    }
  }
  constexpr std::size_t most_names = 8;
  for (auto& [fault, subjects] : alike) {
    if (subjects.size() < 2) {
      continue;
    }
    finding::Finding& first = subjects.front()->findings.front();
    std::string first_name = subjects.front()->kind + " " + subjects.front()->namespace_ + "/" + subjects.front()->name;
    std::vector<std::string> names;
    for (std::size_t i = 1; i < subjects.size() && names.size() < most_names; ++i) {
      names.push_back(subjects[i]->namespace_ + "/" + subjects[i]->name);
    }
    finding::Evidence others;
    others.kind = "computed";
    others.text = catalogue.say("live.shared.others",
                                {{"count", std::to_string(subjects.size() - 1)}, {"names", join(names, ", ")}});
    first.evidence.insert(first.evidence.begin(), std::move(others));
    for (std::size_t i = 1; i < subjects.size(); ++i) {
      finding::Finding& finding = subjects[i]->findings.front();
      finding::Evidence pointer;
      pointer.kind = "computed";
      pointer.text = catalogue.say("live.shared.see", {{"first", first_name}});
      finding.evidence.assign(1, pointer);
      finding.fixes.resize(std::min<std::size_t>(finding.fixes.size(), 1));
      subjects[i]->nodes.clear();
    }
  }
}

}  // namespace podcheck::live
