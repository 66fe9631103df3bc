// Manifests of recorded incidents against the cluster as it was, their own pods taken away: does preflight predict what
// went wrong? Asked are the incidents whose fault lies in the manifest or in the cluster; what a program does once it
// runs cannot be told before.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "document/document.hpp"
#include "score/score.hpp"

namespace podcheck::score {

namespace {

using document::Node;

const std::set<std::string_view> foreseeable = {"insufficient-cpu",
                                                "insufficient-memory",
                                                "insufficient-ephemeral-storage",
                                                "insufficient-hugepages",
                                                "fragmented-capacity",
                                                "request-exceeds-node-capacity",
                                                "mixed-shortage",
                                                "extended-resource-missing",
                                                "too-many-pods",
                                                "untolerated-taint",
                                                "node-not-ready",
                                                "node-cordoned",
                                                "node-disk-pressure",
                                                "node-selector-mismatch",
                                                "node-affinity-mismatch",
                                                "pod-anti-affinity",
                                                "topology-spread",
                                                "host-port-conflict",
                                                "unknown-scheduler",
                                                "scheduling-gate",
                                                "rwop-claim-in-use",
                                                "runtimeclass-overhead",
                                                "pvc-not-found",
                                                "storageclass-not-found",
                                                "no-default-storageclass",
                                                "provisioner-not-responding",
                                                "pvc-access-mode-mismatch",
                                                "pv-too-small",
                                                "pvc-lost",
                                                "volume-node-affinity-conflict",
                                                "csi-driver-missing",
                                                "volume-configmap-missing",
                                                "volume-secret-missing",
                                                "volume-key-missing",
                                                "invalid-image-name",
                                                "image-never-pull",
                                                "image-pull-secret-missing",
                                                "image-pull-secret-other-registry",
                                                "env-configmap-missing",
                                                "env-secret-missing",
                                                "env-key-missing",
                                                "serviceaccount-missing",
                                                "quota-exceeded",
                                                "quota-requires-limits",
                                                "limitrange-violation",
                                                "podsecurity-violation",
                                                "priorityclass-missing",
                                                "runtimeclass-missing",
                                                "daemonset-node-excluded",
                                                "kubelet-admission-resources",
                                                "kubelet-admission-affinity",
                                                "waiting-for-preempted-pods",
                                                "run-as-nonroot-contradiction",
                                                "memory-unit-mistake",
                                                "probe-named-port-missing",
                                                "service-selector-mismatch",
                                                "service-target-port-mismatch",
                                                "env-reference-unexpanded",
                                                "secret-trailing-newline"};

bool is_own(Node pod, const std::set<std::string>& workloads) {
  for (Node owner : pod["metadata"]["ownerReferences"].items()) {
    std::string name(owner["name"].string());
    std::string stem = name.substr(0, name.rfind('-'));
    if (workloads.count(name) != 0 || workloads.count(stem) != 0) {
      return true;
    }
  }
  return workloads.count(std::string(pod["metadata"]["name"].string())) != 0;
}

// A copy of the bundle without the pods that the manifest's workloads made.
void copy_without_own_pods(const std::filesystem::path& incident, const std::filesystem::path& to) {
  std::filesystem::remove_all(to);
  std::filesystem::create_directories(to);
  std::filesystem::copy(incident / "objects", to / "objects", std::filesystem::copy_options::recursive);
  std::filesystem::copy(incident / "recorded-at", to / "recorded-at");
  std::set<std::string> workloads;
  document::File manifest = document::parse("manifest.yaml", read(incident / "manifest.yaml"));
  for (const document::Document& document : manifest.documents) {
    workloads.insert(std::string(document.root["metadata"]["name"].string()));
  }
  document::Tree pods;
  std::string error;
  if (!document::parse_json(read(incident / "objects" / "pods.json"), pods, error)) {
    return;
  }
  std::string kept;
  for (Node pod : pods.root()["items"].items()) {
    if (!is_own(pod, workloads)) {
      kept += (kept.empty() ? "" : ",") + document::to_json(pod);
    }
  }
  std::ofstream(to / "objects" / "pods.json", std::ios::binary)
      << R"({"apiVersion":"v1","kind":"List","items":[)" << kept << "]}";
}

struct Prediction {
  std::string id;
  std::vector<std::string> causes;  // what the id stands for
};

// The cause that is named for the target, else for any other workload; else what the first rule says it prevents.
Prediction prediction(Node report, std::string_view target_name) {
  Prediction by_rule;
  Prediction by_other;
  for (Node subject : report["subjects"].items()) {
    for (Node found : subject["findings"].items()) {
      std::string id(found["id"].string());
      bool is_target = subject["name"].string() == target_name;
      if (found["role"].string() == "cause" || id == "daemonset-node-excluded") {
        Prediction named{id, {id}};
        for (Node cause : found["prevents"].items()) {
          named.causes.emplace_back(cause.string());
        }
        if (is_target) {
          return named;
        }
        by_other = by_other.id.empty() ? named : by_other;
      } else if (found["severity"].string() != "info" && !found["prevents"].empty()) {
        if (by_rule.id.empty()) {
          by_rule.id = id;
        }
        for (Node cause : found["prevents"].items()) {
          by_rule.causes.emplace_back(cause.string());
        }
      }
    }
  }
  return by_other.id.empty() ? by_rule : by_other;
}

}  // namespace

Figures preflight(const std::string& incidents) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(incidents)) {
    if (std::filesystem::exists(entry.path() / "truth.yaml")) {
      folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  Figures figures{"preflight", {}, {}};
  std::filesystem::path copy = std::filesystem::temp_directory_path() /
                               ("podcheck-score-" + std::to_string(std::hash<std::string>()(incidents)));
  int asked = 0;
  int predicted = 0;
  for (const std::filesystem::path& folder : folders) {
    document::File file = document::parse("truth.yaml", read(folder / "truth.yaml"));
    Node truth = file.documents.empty() ? Node() : file.documents.front().root;
    if (foreseeable.count(truth["cause"].string()) == 0) {
      continue;
    }
    copy_without_own_pods(folder, copy);
    std::string space = read(folder / "namespace");
    space.erase(space.find_last_not_of(" \n") + 1);
    Answer answer = ask({"preflight", (folder / "manifest.yaml").string(), "--from", copy.string(), "-n", space});
    std::string target(truth["target"].string());
    Prediction found =
        answer.report ? prediction(answer.report->root(), target.substr(target.find('/') + 1)) : Prediction{"", {}};
    auto says = [&](std::string_view cause) {
      return std::find(found.causes.begin(), found.causes.end(), cause) != found.causes.end();
    };
    bool right = says(truth["cause"].string());
    for (Node also : truth["also"].items()) {
      right = right || says(also.string());
    }
    ++asked;
    predicted += right ? 1 : 0;
    figures.misses.push_back(std::string(right ? "  " : "! ") + folder.filename().string() + ": " +
                             std::string(truth["cause"].string()) + ", predicted " +
                             (found.id.empty() ? "-" : found.id));
  }
  std::filesystem::remove_all(copy);
  figures.values = {
      {"incidents", asked}, {"predicted", predicted}, {"percent", asked == 0 ? 0 : 100.0 * predicted / asked}};
  return figures;
}

}  // namespace podcheck::score
