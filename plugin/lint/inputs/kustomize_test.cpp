#include <doctest/doctest.h>

#include "lint/lint.hpp"

using namespace podcheck;
using Strings = std::vector<std::string>;

namespace {

const std::string manager = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: manager}
spec:
  template:
    spec:
      containers:
        - {name: manager, image: "controller:latest", resources: {requests: {cpu: 1, memory: 1Gi}}}
)";

Strings found(lint::MemoryFileSystem& files, const Strings& paths) {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::Options options;
  options.paths = paths;
  Strings out;
  for (const auto& subject : lint::run(options, catalogue, files).report.subjects) {
    for (const auto& finding : subject.findings) {
      if (finding.severity != finding::Severity::info) {
        out.push_back(finding.location->file + " " + finding.id);
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("what a kustomization adds is not missing in the files that it builds from") {
  lint::MemoryFileSystem files;
  files.files["config/manager/manager.yaml"] = manager;
  CHECK(found(files, {"config"}) ==
        Strings{"config/manager/manager.yaml selector-missing", "config/manager/manager.yaml image-tag-latest"});

  files.files["config/manager/kustomization.yaml"] =
      "resources: [manager.yaml]\nimages: [{name: controller, newName: example.com/manager, newTag: v1}]\n";
  CHECK(found(files, {"config"}) == Strings{"config/manager/manager.yaml selector-missing"});

  // Through a folder of another kustomization.
  files.files["config/default/kustomization.yaml"] =
      "resources: [../manager]\nlabels: [{pairs: {app: manager}, includeSelectors: true}]\n";
  CHECK(found(files, {"config"}).empty());
  files.files["config/default/kustomization.yaml"] = "bases: [../manager]\ncommonLabels: {app: manager}\n";
  CHECK(found(files, {"config"}).empty());

  // Labels that do not reach the selector, and a kustomization that builds from something else.
  files.files["config/default/kustomization.yaml"] = "resources: [../manager]\nlabels: [{pairs: {app: manager}}]\n";
  CHECK(found(files, {"config"}) == Strings{"config/manager/manager.yaml selector-missing"});
  files.files["config/default/kustomization.yaml"] = "resources: [../other]\ncommonLabels: {app: manager}\n";
  CHECK(found(files, {"config"}) == Strings{"config/manager/manager.yaml selector-missing"});
}

TEST_CASE("what patches of the same kind may add is not missing") {
  const std::string kustomizations[] = {
      "resources: [manager.yaml]\npatches: [{path: add.yaml}]\n",
      "resources: [manager.yaml]\npatches: [{target: {kind: Deployment}, patch: '[]'}]\n",
      "resources: [manager.yaml]\npatches:\n  - patch: |-\n      kind: Deployment\n      metadata: {name: manager}\n",
  };
  for (const auto& kustomization : kustomizations) {
    CAPTURE(kustomization);
    lint::MemoryFileSystem files;
    files.files["k/manager.yaml"] = manager;
    files.files["k/add.yaml"] = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: manager}\n";
    files.files["k/kustomization.yaml"] = kustomization + "images: [{name: controller, newTag: v1}]\n";
    CHECK(found(files, {"k"}).empty());
  }
  lint::MemoryFileSystem files;
  files.files["k/manager.yaml"] = manager;
  files.files["k/kustomization.yaml"] =
      "resources: [manager.yaml]\npatches: [{target: {kind: Service}, patch: '[]'}]\nimages: [{name: controller, "
      "digest: sha256:0}]\n";
  CHECK(found(files, {"k"}) == Strings{"k/manager.yaml selector-missing"});
}

TEST_CASE("a partial workload is a patch where its name or a kustomization says that it is no resource") {
  struct Case {
    const char* path;
    const char* kustomization;
    bool patch;
  };
  const Case cases[] = {
      {"k/manager_auth_proxy_patch.yaml", "", true},
      {"k/patches/web.yaml", "", true},
      {"k/web.yaml", "resources: [other.yaml]\n", true},
      {"k/web.yaml", "resources: [web.yaml]\n", false},
      {"k/web.yaml", "", false},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.path));
    CAPTURE(std::string(c.kustomization));
    lint::MemoryFileSystem files;
    files.files[c.path] = manager;
    files.files["k/complete_patch.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    if (c.kustomization[0] != '\0') {
      files.files["k/kustomization.yaml"] = c.kustomization;
    }
    CHECK(found(files, {"k"}).empty() == c.patch);
  }
}

TEST_CASE("variables that Flux fills in are no wrong values") {
  lint::MemoryFileSystem files;
  files.files["apps/ingress.yaml"] =
      "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"
      "spec: {rules: [{host: 'web.${DOMAIN}'}]}\n";
  CHECK(found(files, {"apps"}) ==
        Strings{"apps/ingress.yaml ingress-invalid", "apps/ingress.yaml template-unrendered"});
  files.files["apps/ks.yaml"] =
      "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n"
      "spec: {interval: 1h, path: ./apps, prune: true, postBuild: {substituteFrom: [{kind: Secret, name: vars}]}}\n";
  CHECK(found(files, {"apps"}).empty());
}
