// What linters of manifests are known to get wrong, one case each.
#include <doctest/doctest.h>

#include <algorithm>

#include "lint/lint.hpp"

using namespace podcheck;
using Strings = std::vector<std::string>;

namespace {

lint::Result run(const std::string& text, bool closed = false) {
  static catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::MemoryFileSystem files;
  files.files["a.yaml"] = text;
  lint::Options options;
  options.paths = {"a.yaml"};
  options.closed_bundle = closed;
  return lint::run(options, catalogue, files);
}

// "rule line:column" of the findings of the rules.
Strings found(const lint::Result& result, const Strings& rules) {
  Strings out;
  for (const auto& subject : result.report.subjects) {
    for (const auto& finding : subject.findings) {
      if (std::find(rules.begin(), rules.end(), finding.id) != rules.end()) {
        out.push_back(finding.id + " " + std::to_string(finding.location->line) + ":" +
                      std::to_string(finding.location->column));
      }
    }
  }
  return out;
}

std::string deployment(const std::string& name, const std::string& containers, const std::string& more = {}) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
         "}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: "
         "web}}\n    spec:\n" +
         more + "      containers:\n" + containers;
}

}  // namespace

TEST_CASE("the port of a registry is no tag") {
  const auto result = run(deployment("web",
                                     "        - {name: a, image: \"registry:5000/app\"}\n"
                                     "        - {name: b, image: \"registry:5000/app:latest\"}\n"
                                     "        - {name: c, image: \"registry:5000/app:1.2\"}\n"));
  CHECK(found(result, {"image-tag-missing", "image-tag-latest"}) ==
        Strings{"image-tag-missing 11:28", "image-tag-latest 12:28"});
}

TEST_CASE("memory in thousandths of a byte is found, and a quantity that cannot be read is told, not dropped") {
  const auto result = run(deployment("web",
                                     "        - {name: a, image: \"a:1\", resources: {limits: {memory: 3500m}}}\n"
                                     "        - {name: b, image: \"a:1\", resources: {limits: {memory: 16mi}}}\n"));
  CHECK(found(result, {"memory-unit-milli", "quantity-invalid"}) ==
        Strings{"memory-unit-milli 11:64", "quantity-invalid 12:64"});
}

TEST_CASE("a large file is linted") {
  const std::string line = "# " + std::string(1000, '-') + "\n";
  std::string text;
  while (text.size() < (11u << 20)) {
    text += line;
  }
  text += deployment("web", "        - {name: a, image: app}\n");
  CHECK(found(run(text), {"image-tag-missing"}).size() == 1);
}

TEST_CASE("references from envFrom and volumes count as well as those from env") {
  const auto result = run(deployment("web",
                                     "        - name: a\n"
                                     "          image: a:1\n"
                                     "          envFrom: [{configMapRef: {name: one}}]\n"
                                     "          env: [{name: A, valueFrom: {configMapKeyRef: {name: two, key: a}}}]\n",
                                     "      volumes: [{name: v, configMap: {name: three}}]\n"),
                          true);
  CHECK(found(result, {"config-map-unresolved"}).size() == 3);
}

TEST_CASE("a Deployment's pods restart always, and runAsNonRoot alone proves nothing") {
  const auto result =
      run(deployment("web", "        - {name: a, image: \"a:1\", securityContext: {runAsNonRoot: true}}\n",
                     "      restartPolicy: OnFailure\n"));
  CHECK(found(result, {"restart-policy-invalid", "run-as-nonroot-unverifiable"}).size() == 2);
}

TEST_CASE("documents end at any of the lines that YAML ends them with") {
  const std::string object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n";
  const auto result = run("---\n" + object + "--- # next\n" + object + "---   \n" + object + "---\n");
  CHECK(result.report.summary.subjects == 3);
  CHECK(result.report.summary.error == 0);
}

TEST_CASE("probes are the same only if what they ask and how is the same") {
  const std::string begin = "        - name: a\n          image: a:1\n          ports: [{containerPort: 8080}]\n";
  const std::string ready = "          readinessProbe: {httpGet: {path: /, port: 8080}}\n";
  const auto equal = [&](const std::string& live) {
    return !found(run(deployment("web", begin + ready + "          livenessProbe: " + live + "\n")),
                  {"liveness-equals-readiness"})
                .empty();
  };
  CHECK(equal("{httpGet: {path: /, port: 8080}}"));
  CHECK_FALSE(equal("{httpGet: {path: /, port: 8080, scheme: HTTPS}}"));
  CHECK_FALSE(equal("{httpGet: {path: /, port: 8080, httpHeaders: [{name: X, value: live}]}}"));
  CHECK_FALSE(equal("{httpGet: {path: /, port: 8080}, failureThreshold: 12}"));
}

TEST_CASE("fields are checked strictly, for the newest version, in words of one's own") {
  const auto result =
      run("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
          "    - {name: a, image: \"a:1\", imagePullPolcy: Always}\n");
  CHECK(found(result, {"unknown-field"}) == Strings{"unknown-field 6:31"});
  for (const auto& finding : result.report.subjects[0].findings) {
    CHECK(finding.message.find("http") == std::string::npos);
    CHECK(finding.message.find("additional propert") == std::string::npos);
  }
  const auto removed = run("apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n");
  CHECK(found(removed, {"api-version-removed"}) == Strings{"api-version-removed 1:13"});
}

TEST_CASE("a privileged port is found where it stands") {
  const auto result = run(deployment("web",
                                     "        - {name: a, image: \"a:1\", ports: [{containerPort: 80}], "
                                     "securityContext: {runAsUser: 1000, capabilities: {drop: [ALL]}}}\n"));
  CHECK(found(result, {"port-privileged-non-root"}) == Strings{"port-privileged-non-root 11:59"});
}

TEST_CASE("requests and limits are compared as amounts, and only where both are given") {
  const auto exceeds = [](const std::string& resources) {
    return !found(run(deployment("web", "        - {name: a, image: \"a:1\", resources: " + resources + "}\n")),
                  {"request-exceeds-limit", "quantity-invalid"})
                .empty();
  };
  CHECK(exceeds("{requests: {cpu: 500m}, limits: {cpu: \"0.4\"}}"));
  CHECK(exceeds("{requests: {memory: 129Mi}, limits: {memory: \"134217728\"}}"));
  CHECK_FALSE(exceeds("{requests: {memory: 128Mi}, limits: {memory: \"134217728\"}}"));
  CHECK_FALSE(exceeds("{requests: {cpu: 500m}}"));
}

TEST_CASE("a claim for one node is no merit for several replicas") {
  const auto result = run(deployment("web", "        - {name: a, image: \"a:1\"}\n",
                                     "      volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]\n") +
                          "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n"
                          "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n");
  CHECK(found(result, {"pvc-rwo-replicas"}).size() == 1);
}

TEST_CASE("every workload that a Service selects is looked at, and every container of it") {
  const std::string probe = ", ports: [{containerPort: 8080}], readinessProbe: {tcpSocket: {port: 8080}}}\n";
  const auto result = run(deployment("one", "        - {name: a, image: \"a:1\"" + probe) + "---\n" +
                          deployment("two",
                                     "        - {name: a, image: \"a:1\", ports: [{containerPort: 8080}]}\n"
                                     "        - {name: b, image: \"a:1\", readinessProbe: {tcpSocket: {port: 1}}}\n") +
                          "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
                          "spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n");
  CHECK(found(result, {"readiness-missing"}) == Strings{"readiness-missing 23:18"});
}
