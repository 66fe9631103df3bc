// One reference in three worlds: the cluster may hold more, the input is all there is, somebody is known to provide it.
#include <doctest/doctest.h>

#include "lint/lint.hpp"

using namespace podcheck;

namespace {

std::string pod(const std::string& namespace_, const std::string& config_map) {
  return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n" +
         (namespace_.empty() ? std::string() : "  namespace: " + namespace_ + "\n") +
         "spec:\n  containers:\n    - name: web\n      image: registry.example.com/web:1.0.0\n      envFrom:\n"
         "        - configMapRef:\n            name: " +
         config_map + "\n";
}

std::string config_map(const std::string& namespace_, const std::string& name) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n" +
         (namespace_.empty() ? std::string() : "  namespace: " + namespace_ + "\n") + "data: {A: b}\n";
}

// "warning", "error", or nothing when the reference is not reported.
std::string verdict(const std::string& workload, const std::string& other, bool closed,
                    const std::string& config = "") {
  lint::MemoryFileSystem files;
  files.files["workload.yaml"] = workload;
  files.files["other.yaml"] = other;
  lint::Options options;
  options.paths = {"workload.yaml", "other.yaml"};
  options.select = {"config-map-unresolved"};
  options.closed_bundle = closed;
  if (!config.empty()) {
    files.files[".podcheck.yaml"] = config;
    options.config = ".podcheck.yaml";
  }
  catalogue::Catalogue catalogue(catalogue::Language::en);
  const lint::Result result = lint::run(options, catalogue, files);
  for (const auto& subject : result.report.subjects)
    for (const auto& found : subject.findings)
      if (found.id == "config-map-unresolved")
        return finding::to_string(found.severity);
  return {};
}

}  // namespace

TEST_CASE("a ConfigMap of another file, in each world") {
  struct Case {
    const char* what;
    std::string workload, other;
    const char* open;
    const char* closed;
  };
  for (const Case& c : {
           Case{"found", pod("shop", "settings"), config_map("shop", "settings"), "", ""},
           Case{"found, neither has a namespace", pod("", "settings"), config_map("", "settings"), "", ""},
           Case{"the pod goes where -n says", pod("", "settings"), config_map("shop", "settings"), "", ""},
           Case{"the map goes where -n says", pod("shop", "settings"), config_map("", "settings"), "", ""},
           Case{"another namespace", pod("shop", "settings"), config_map("staging", "settings"), "warning", "error"},
           Case{"a typing error", pod("shop", "setings"), config_map("shop", "settings"), "warning", "error"},
           Case{"unused and related", pod("shop", "web-settings"), config_map("shop", "web-api-settings"), "warning",
                "error"},
           Case{"nothing like it", pod("shop", "settings"), config_map("shop", "branding"), "", "error"},
           Case{"a variant", pod("shop", "settings-1"), config_map("shop", "settings-2"), "", "error"},
           Case{"made by kustomize", pod("shop", "settings"), config_map("shop", "settings-7k2h5tbf9d"), "", ""},
           Case{"in every cluster", pod("shop", "kube-root-ca.crt"), config_map("shop", "branding"), "", ""},
       }) {
    CAPTURE(std::string(c.what));
    CHECK(verdict(c.workload, c.other, false) == c.open);
    CHECK(verdict(c.workload, c.other, true) == c.closed);
  }
}

TEST_CASE("what the configuration knows to exist is not missing") {
  const std::string config = "knownExternal: [\"ConfigMap/settings\"]\n";
  CHECK(verdict(pod("shop", "settings"), config_map("shop", "branding"), true, config).empty());
  CHECK(verdict(pod("shop", "other"), config_map("shop", "branding"), true, config) == "error");
}
