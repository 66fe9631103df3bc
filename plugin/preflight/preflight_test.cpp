#include "preflight/preflight.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "cluster/kubectl_command.hpp"
#include "cluster/testing/recorded_runner.hpp"
#include "document/document.hpp"

using namespace podcheck;
using document::Node;

namespace {

// A cluster of JSON lists by resource. What is not named is an empty list; what is in `unreadable` is refused.
class JsonSource : public cluster::Source {
 public:
  std::map<std::string, std::string> lists;
  std::vector<std::string> unreadable;

  cluster::Listing list(const cluster::Query& query) override {
    cluster::Listing listing;
    if (std::find(unreadable.begin(), unreadable.end(), query.resource) != unreadable.end()) {
      listing.failure = {cluster::FailureKind::forbidden, "forbidden"};
      return listing;
    }
    auto found = lists.find(query.resource);
    std::string error;
    trees_.push_back(std::make_unique<document::Tree>());
    REQUIRE_MESSAGE(document::parse_json(found == lists.end() ? "[]" : found->second, *trees_.back(), error), error);
    for (Node item : trees_.back()->root().items()) {
      Node metadata = item["metadata"];
      bool other_space = !query.namespace_.empty() && metadata["namespace"].string() != query.namespace_;
      bool other_name = !query.name.empty() && metadata["name"].string() != query.name;
      if (!other_space && !other_name) {
        listing.items.push_back(item);
      }
    }
    return listing;
  }
  cluster::Log log(const cluster::LogQuery&) override { return {}; }
  cluster::Time now() const override { return {}; }
  bool partial(std::string_view) const override { return false; }
  bool lists_are_cheap() const override { return true; }

 private:
  std::deque<std::unique_ptr<document::Tree>> trees_;
};

struct Flight {
  std::unique_ptr<JsonSource> source = std::make_unique<JsonSource>();
  lint::MemoryFileSystem files;

  preflight::Result run() {
    catalogue::Catalogue catalogue(catalogue::Language::en);
    cluster::Snapshot snapshot(std::move(source));
    preflight::Options options;
    options.offline = true;
    options.lint.paths = {"app.yaml"};
    options.lint.default_namespace = "shop";
    options.lint.no_config = true;
    options.lint.select = {"duplicate-object"};  // rules have tests of their own
    return preflight::run(options, snapshot, nullptr, catalogue, files);
  }
};

std::string worker(const std::string& name, const std::string& cpu, const std::string& more = "{}") {
  return R"({"metadata":{"name":")" + name + R"("},"spec":)" + more + R"(,"status":{"allocatable":{"cpu":")" + cpu +
         R"(","memory":"8Gi","pods":"20"}}})";
}

std::string deployment(int replicas, const std::string& cpu, const std::string& more_spec = "") {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: " +
         std::to_string(replicas) + more_spec +
         "\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n"
         "      containers:\n        - name: app\n          image: registry.example.com/web:1.0\n"
         "          resources: {requests: {cpu: " +
         cpu + "}}\n";
}

const finding::Subject& subject(const preflight::Result& result, std::string_view name) {
  for (const finding::Subject& one : result.report.subjects) {
    if (one.name == name) {
      return one;
    }
  }
  FAIL("no subject");
  return result.report.subjects.front();
}

std::string ids(const finding::Subject& one) {
  std::string all;
  for (const finding::Finding& finding : one.findings) {
    all += (all.empty() ? "" : " ") + finding.id;
  }
  return all;
}

std::string old_pod(const std::string& name, const std::string& node, const std::string& cpu) {
  return R"({"metadata":{"name":")" + name +
         R"(","namespace":"shop","labels":{"app":"web"},"ownerReferences":[{"kind":"ReplicaSet","name":"web-5d8f","controller":true}]},)"
         R"("spec":{"nodeName":")" +
         node + R"(","containers":[{"name":"app","resources":{"requests":{"cpu":")" + cpu +
         R"("}}}]},"status":{"phase":"Running"}})";
}

}  // namespace

TEST_CASE("a deployment that fits has a table and no findings") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "4") + "]";
  flight.files.files["app.yaml"] = deployment(2, "500m");
  preflight::Result result = flight.run();
  const finding::Subject& web = subject(result, "web");
  CHECK(ids(web).empty());
  CHECK(web.healthy);
  REQUIRE(web.nodes.size() == 1);
  CHECK(web.nodes[0].fits);
  CHECK(web.nodes[0].resources[0] == std::pair<std::string, std::string>("cpu", "4 / 4"));
}

TEST_CASE("replicas are placed one by one") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "1") + "," + worker("b", "2") + "]";
  flight.files.files["app.yaml"] = deployment(4, "800m");
  const preflight::Result result = flight.run();
  const finding::Subject& web = subject(result, "web");
  REQUIRE(web.findings.size() == 1);
  CHECK(web.findings[0].message ==
        "3 of 4 replicas fit; for the next one, no node has 800m CPU free; the most is 400m on b, where shop/web (new "
        "pod) "
        "requests 800m");
  CHECK(web.findings[0].role == finding::Role::cause);
  CHECK(web.status == "Pending");
  REQUIRE_FALSE(web.findings[0].fixes.empty());
  CHECK(web.findings[0].fixes[0].patch ==
        R"([{"op":"replace","path":"/spec/template/spec/containers/0/resources/requests/cpu","value":"400m"}])");
}

TEST_CASE("workloads of the input make room for nobody behind them") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "2") + "]";
  std::string second = deployment(1, "1500m");
  second.replace(second.find("name: web"), 9, "name: api");
  flight.files.files["app.yaml"] = deployment(1, "1") + "---\n" + second;
  preflight::Result result = flight.run();
  CHECK(ids(subject(result, "web")).empty());
  CHECK(ids(subject(result, "api")) == "insufficient-cpu");
}

TEST_CASE("old pods leave, but not before the first new one is there") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "2") + "]";
  flight.source->lists["pods"] = "[" + old_pod("web-5d8f-a", "a", "1") + "," + old_pod("web-5d8f-b", "a", "1") + "]";
  SUBCASE("no surge fits beside them") {
    flight.files.files["app.yaml"] =
        deployment(2, "1", "\n  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}");
    preflight::Result result = flight.run();
    const finding::Subject& web = subject(result, "web");
    CHECK(ids(web) == "insufficient-cpu");
    CHECK(web.findings[0].message.starts_with("the rolling update cannot begin while 2 old pods run"));
  }
  SUBCASE("one may go first") {
    flight.files.files["app.yaml"] =
        deployment(2, "1", "\n  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}");
    CHECK(ids(subject(flight.run(), "web")).empty());
  }
  SUBCASE("all go first") {
    flight.files.files["app.yaml"] = deployment(2, "1", "\n  strategy: {type: Recreate}");
    CHECK(ids(subject(flight.run(), "web")).empty());
  }
}

TEST_CASE("what the pods name has to be in the input or in the cluster") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "4") + "]";
  flight.source->lists["configmaps"] =
      R"([{"metadata":{"name":"web-settings","namespace":"shop"},"data":{"PORT":"1"}}])";
  std::string env = "          envFrom: [{configMapRef: {name: web-setting}}]\n";
  flight.files.files["app.yaml"] = deployment(1, "1") + env;
  SUBCASE("missing, with the name that was meant") {
    preflight::Result result = flight.run();
    CHECK(subject(result, "web").findings[0].message ==
          "container app needs ConfigMap web-setting, which does not exist; web-settings does");
  }
  SUBCASE("in the input") {
    flight.files.files["app.yaml"] +=
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-setting}\ndata: {A: b}\n";
    CHECK(ids(subject(flight.run(), "web")).empty());
  }
  SUBCASE("not known") {
    flight.source->unreadable = {"configmaps"};
    preflight::Result result = flight.run();
    CHECK(ids(subject(result, "web")).empty());
    CHECK(std::any_of(result.report.notes.begin(), result.report.notes.end(),
                      [](const finding::Note& note) { return note.about == "configmaps"; }));
  }
}

TEST_CASE("quota counts all replicas, and the old pods' share is given back") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "8") + "]";
  flight.source->lists["pods"] = "[" + old_pod("web-5d8f-a", "a", "1") + "]";
  flight.source->lists["resourcequotas"] =
      R"([{"metadata":{"name":"team","namespace":"shop"},"spec":{"hard":{"requests.cpu":"2"}},"status":{"used":{"requests.cpu":"1500m"}}}])";
  flight.files.files["app.yaml"] = deployment(3, "700m");
  preflight::Result result = flight.run();
  CHECK(subject(result, "web").findings[0].message ==
        "ResourceQuota team has room for 2 of 3 pods: each needs 700m of requests.cpu, 500m of 2 is used");
}

TEST_CASE("a pod that names its node meets the kubelet, not the scheduler") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "2", R"({"unschedulable":true})") + "]";
  auto pod = [](const std::string& node, const std::string& cpu) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  nodeName: " + node +
           "\n  containers: [{name: app, image: 'registry.example.com/web:1', resources: {requests: {cpu: " + cpu +
           "}}}]\n";
  };
  SUBCASE("past a cordon") {
    flight.files.files["app.yaml"] = pod("a", "1");
    CHECK(ids(subject(flight.run(), "web")).empty());
  }
  SUBCASE("not past its size") {
    flight.files.files["app.yaml"] = pod("a", "3");
    CHECK(ids(subject(flight.run(), "web")) == "kubelet-admission-resources");
  }
  SUBCASE("not to a node that is gone") {
    flight.files.files["app.yaml"] = pod("b", "1");
    CHECK(ids(subject(flight.run(), "web")) == "node-name-mismatch");
  }
}

TEST_CASE("nothing is said to fit without having looked") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "4") + "]";
  flight.files.files["app.yaml"] = deployment(1, "1");
  SUBCASE("pods forbidden") {
    flight.source->unreadable = {"pods"};
    preflight::Result result = flight.run();
    REQUIRE(subject(result, "web").nodes.size() == 1);
    CHECK_FALSE(subject(result, "web").nodes[0].fits);
    CHECK_FALSE(subject(result, "web").node_notes.empty());
    CHECK(result.unreadable);
  }
  SUBCASE("nodes forbidden") {
    flight.source->unreadable = {"nodes"};
    preflight::Result result = flight.run();
    CHECK(subject(result, "web").nodes.empty());
    CHECK_FALSE(subject(result, "web").node_notes.empty());
    CHECK(result.unreadable);
  }
  SUBCASE("no nodes") {
    flight.source->lists["nodes"] = "[]";
    CHECK_FALSE(subject(flight.run(), "web").node_notes.empty());
  }
}

TEST_CASE("a claim of the input is bound as the controller would bind it") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "4") + "]";
  std::string volumes =
      "      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n"
      "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n"
      "spec: {accessModes: [ReadWriteOnce], storageClassName: CLASS, resources: {requests: {storage: 5Gi}}}\n";
  auto with_class = [&](const std::string& name) {
    std::string text = volumes;
    text.replace(text.find("CLASS"), 5, name);
    return deployment(1, "1") + text;
  };
  flight.source->lists["storageclasses"] =
      R"([{"metadata":{"name":"fast"},"provisioner":"disk.example.com","volumeBindingMode":"Immediate"},)"
      R"({"metadata":{"name":"gone"},"provisioner":"disk.csi.example.com","volumeBindingMode":"WaitForFirstConsumer"}])";
  SUBCASE("a provisioner makes the volume") {
    flight.files.files["app.yaml"] = with_class("fast");
    CHECK(ids(subject(flight.run(), "web")).empty());
  }
  SUBCASE("no such class") {
    flight.files.files["app.yaml"] = with_class("slow");
    CHECK(ids(subject(flight.run(), "web")) == "storageclass-not-found");
  }
  SUBCASE("a driver that is not installed") {
    flight.files.files["app.yaml"] = with_class("gone");
    CHECK(ids(subject(flight.run(), "web")) == "provisioner-not-responding");
  }
  SUBCASE("a volume elsewhere") {
    flight.source->lists["persistentvolumes"] =
        R"([{"metadata":{"name":"v"},"spec":{"capacity":{"storage":"9Gi"},"accessModes":["ReadWriteOnce"],"storageClassName":"slow",)"
        R"("nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/hostname","operator":"In","values":["z"]}]}]}}},"status":{"phase":"Available"}}])";
    flight.files.files["app.yaml"] = with_class("slow");
    CHECK(ids(subject(flight.run(), "web")) == "volume-node-affinity-conflict");
  }
}

TEST_CASE("against a server only reads and dry runs are asked for, and nothing is left behind") {
  std::vector<std::vector<std::string>> asked;
  std::string file;
  auto answer = [&](const std::vector<std::string>& argv) {
    if (argv[1] == "create") {
      auto at = std::find(argv.begin(), argv.end(), "-f");
      file = *(at + 1);
      CHECK(std::filesystem::exists(file));
      return cluster::testing::failed("Error from server (Forbidden): error when creating \"" + file +
                                      "\": pods \"web-podcheck\" is forbidden: exceeded quota: team, requested: cpu=1, "
                                      "used: cpu=2, limited: cpu=2");
    }
    return cluster::testing::printed(R"({"kind":"List","apiVersion":"v1","metadata":{},"items":[]})");
  };
  catalogue::Catalogue catalogue(catalogue::Language::en);
  cluster::KubectlOptions kubectl;
  kubectl.flags = {"--context=test"};
  cluster::Snapshot snapshot(
      cluster::open_kubectl(kubectl, std::make_unique<cluster::testing::RecordedRunner>(asked, answer)));
  cluster::testing::RecordedRunner runner(asked, answer);
  preflight::KubectlServer server(kubectl, runner);
  preflight::Options options;
  options.lint.paths = {"app.yaml"};
  options.lint.default_namespace = "shop";
  options.lint.no_config = true;
  options.lint.select = {"duplicate-object"};
  lint::MemoryFileSystem files;
  files.files["app.yaml"] = deployment(1, "1");
  preflight::Result result = preflight::run(options, snapshot, &server, catalogue, files);
  int creates = 0;
  for (const std::vector<std::string>& argv : asked) {
    std::string line = cluster::shell_line(argv);
    CAPTURE(line);
    CHECK(cluster::only_reads(argv));
    bool is_get = argv[1] == "get";
    bool is_dry = argv[1] == "create" && std::find(argv.begin(), argv.end(), "--dry-run=server") != argv.end();
    CHECK((is_get || is_dry));
    creates += is_dry ? 1 : 0;
  }
  CHECK(creates == 2);  // the Deployment, and a pod of its template
  CHECK_FALSE(std::filesystem::exists(file));
  const finding::Subject& web = subject(result, "web");
  CHECK(web.findings[0].id == "quota-exceeded");
  CHECK(web.findings[0].message.find("exceeded quota: team") != std::string::npos);
  CHECK(web.findings[0].message.find(file) == std::string::npos);
}

TEST_CASE("a LimitRange's defaults count where the pod asks for nothing") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "2") + "]";
  flight.source->lists["limitranges"] =
      R"([{"metadata":{"name":"d","namespace":"shop"},"spec":{"limits":[{"type":"Container","defaultRequest":{"cpu":"1500m"},"default":{"cpu":"2"}}]}}])";
  std::string text = deployment(2, "1");
  text.replace(text.find("          resources:"), std::string::npos, "");
  flight.files.files["app.yaml"] = text;
  preflight::Result result = flight.run();
  CHECK(subject(result, "web").findings[0].message ==
        "1 of 2 replicas fit; for the next one, no node has 1500m CPU free; the most is 500m on a, where shop/web (new "
        "pod) "
        "requests 1500m");
}

TEST_CASE("a rolling update needs quota for the first new pod") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "8") + "]";
  flight.source->lists["pods"] = "[" + old_pod("web-5d8f-a", "a", "1") + "]";
  flight.source->lists["resourcequotas"] =
      R"([{"metadata":{"name":"team","namespace":"shop"},"spec":{"hard":{"requests.cpu":"1500m"}},"status":{"used":{"requests.cpu":"1"}}}])";
  auto updated = [](const std::string& surge, const std::string& unavailable) {
    return deployment(1, "1",
                      "\n  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: " + surge +
                          ", maxUnavailable: " + unavailable + "}}");
  };
  SUBCASE("none without letting an old pod go") {
    flight.files.files["app.yaml"] = updated("1", "0");
    preflight::Result result = flight.run();
    CHECK(subject(result, "web").findings[0].message ==
          "ResourceQuota team has no room for one pod more, so the rolling update cannot begin: a new pod needs 1 of "
          "requests.cpu, 1 of 1500m is used");
  }
  SUBCASE("enough when one may go") {
    flight.files.files["app.yaml"] = updated("0", "1");
    CHECK(ids(subject(flight.run(), "web")).empty());
  }
}

TEST_CASE("autoscalers and the running workload say how many replicas there are") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "2") + "]";
  std::string scaler =
      "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: scale}\n"
      "spec: {minReplicas: 3, maxReplicas: 5, scaleTargetRef: {kind: Deployment, name: web, apiVersion: apps/v1}}\n";
  std::string silent = deployment(1, "1");
  silent.erase(silent.find("  replicas: 1\n"), 14);
  auto placed = [&]() {
    preflight::Result result = flight.run();
    const finding::Subject& web = subject(result, "web");
    return web.headline + (web.node_notes.empty() ? "" : "; " + web.node_notes.front());
  };
  SUBCASE("the autoscaler of the input raises it") {
    flight.files.files["app.yaml"] = deployment(1, "1") + scaler;
    CHECK(placed() == "nodes for only 2 of 3; 3 replicas, as HorizontalPodAutoscaler scale has it");
  }
  SUBCASE("the running deployment keeps its own") {
    flight.source->lists["deployments"] = R"([{"metadata":{"name":"web","namespace":"shop"},"spec":{"replicas":4}}])";
    flight.files.files["app.yaml"] = silent;
    CHECK(placed() == "nodes for only 2 of 4; 4 replicas, as Deployment web has it");
  }
  SUBCASE("nobody says anything") {
    flight.files.files["app.yaml"] = silent;
    CHECK(placed() == "nodes for 1 of 1");
  }
}

TEST_CASE("what is not judged is said with the table") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "4") + "]";
  flight.files.files["app.yaml"] = deployment(1, "1") + "      schedulingGroup: {podGroupName: train}\n";
  preflight::Result result = flight.run();
  REQUIRE(subject(result, "web").node_notes.size() == 1);
  CHECK(subject(result, "web").node_notes[0] ==
        "pod group train is scheduled together: whether all of its pods find a place at once is not judged");
}

TEST_CASE("resource claims of templates come with the pod, named ones have to be there") {
  Flight flight;
  flight.source->lists["nodes"] = "[" + worker("a", "4") + "]";
  std::string claims = "      resourceClaims: [{name: gpu, ";
  SUBCASE("no such template") {
    flight.files.files["app.yaml"] = deployment(1, "1") + claims + "resourceClaimTemplateName: t}]\n";
    CHECK(ids(subject(flight.run(), "web")) == "resource-claim-missing");
  }
  SUBCASE("a template without its class") {
    flight.source->lists["resourceclaimtemplates"] =
        R"([{"metadata":{"name":"t","namespace":"shop"},"spec":{"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"gpu"}}]}}}}])";
    flight.files.files["app.yaml"] = deployment(1, "1") + claims + "resourceClaimTemplateName: t}]\n";
    CHECK(ids(subject(flight.run(), "web")) == "device-class-missing");
  }
  SUBCASE("no such claim") {
    flight.files.files["app.yaml"] = deployment(1, "1") + claims + "resourceClaimName: shared}]\n";
    CHECK(ids(subject(flight.run(), "web")) == "resource-claim-missing");
  }
  SUBCASE("nobody may look") {
    flight.source->unreadable = {"resourceclaims", "deviceclasses"};
    flight.files.files["app.yaml"] = deployment(1, "1") + claims + "resourceClaimName: shared}]\n";
    preflight::Result result = flight.run();
    CHECK(ids(subject(result, "web")).empty());
    CHECK(subject(result, "web").node_notes[0] == "whether devices for ResourceClaim shared are free is not judged");
  }
}

TEST_CASE("jobs, cron jobs, sets and daemons are placed by their own numbers") {
  Flight flight;
  flight.source->lists["nodes"] =
      "[" + worker("a", "2") + "," + worker("b", "2") + "," +
      worker("c", "2", R"({"taints":[{"key":"dedicated","value":"gpu","effect":"NoSchedule"}]})") + "]";
  std::string pod =
      "{metadata: {labels: {app: web}}, spec: {restartPolicy: POLICY, containers: [{name: app, image: "
      "'registry.example.com/web:1', resources: {requests: {cpu: 1500m}}}]}}";
  auto headline = [&](const std::string& head, const std::string& policy) {
    std::string text = head + "template: " + pod;
    text.replace(text.find("POLICY"), 6, policy);
    while (std::count(text.begin(), text.end(), '{') > std::count(text.begin(), text.end(), '}')) {
      text += "}";
    }
    flight.files.files["app.yaml"] = text + "\n";
    preflight::Result result = flight.run();
    return subject(result, "web").headline + " " + ids(subject(result, "web"));
  };
  SUBCASE("Job: parallelism, no more than completions") {
    CHECK(headline("apiVersion: batch/v1\nkind: Job\nmetadata: {name: web}\nspec: {parallelism: 5, completions: 3, ",
                   "Never") == "nodes for only 2 of 3 insufficient-cpu");
  }
  SUBCASE("CronJob: one run") {
    CHECK(headline("apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec: {schedule: '0 * * * *', "
                   "jobTemplate: {spec: {parallelism: 2, ",
                   "Never") == "nodes for 2 of 2 ");
  }
  SUBCASE("DaemonSet: one a node that it tolerates") {
    CHECK(headline("apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: "
                   "web}}, ",
                   "Always") == "nodes for 2 of 2 daemonset-node-excluded");
  }
}

namespace {

// What comes of an input when the server answers every dry run of a Pod like this, and takes everything else.
struct Served {
  std::string ids;
  std::vector<std::string> notes;
  std::string pod;  // what it was asked about
};

Served serve(const std::string& input, const cluster::Outcome& about_pod) {
  std::vector<std::vector<std::string>> asked;
  Served served;
  auto answer = [&](const std::vector<std::string>& argv) {
    if (argv[1] != "create") {
      return cluster::testing::printed(R"({"kind":"List","apiVersion":"v1","metadata":{},"items":[]})");
    }
    std::ifstream in(*(std::find(argv.begin(), argv.end(), "-f") + 1));
    std::string text((std::istreambuf_iterator<char>(in)), {});
    if (text.find(R"("kind":"Pod")") == std::string::npos) {
      return cluster::testing::printed(text);
    }
    served.pod = text;
    return about_pod;
  };
  catalogue::Catalogue catalogue(catalogue::Language::en);
  cluster::KubectlOptions kubectl;
  cluster::Snapshot snapshot(
      cluster::open_kubectl(kubectl, std::make_unique<cluster::testing::RecordedRunner>(asked, answer)));
  cluster::testing::RecordedRunner runner(asked, answer);
  preflight::KubectlServer server(kubectl, runner);
  preflight::Options options;
  options.lint.paths = {"app.yaml"};
  options.lint.default_namespace = "default";
  options.lint.no_config = true;
  options.lint.select = {"duplicate-object"};
  lint::MemoryFileSystem files;
  files.files["app.yaml"] = input;
  preflight::Result result = preflight::run(options, snapshot, &server, catalogue, files);
  served.ids = ids(subject(result, "web"));
  for (const finding::Note& note : result.report.notes) {
    served.notes.push_back(note.message);
  }
  return served;
}

}  // namespace

TEST_CASE("what the server says of a pod is a finding, a note, or nothing") {
  struct Example {
    const char* words;
    const char* id;
    bool noted;
  };
  const Example examples[] = {
      {"Error from server (AlreadyExists): error when creating \"f\": pods \"web-podcheck\" already exists", "", false},
      {"Error from server (BadRequest): error when creating \"f\": admission webhook \"mutate.example.com\" does not "
       "support dry run",
       "", true},
      {"Error from server (Forbidden): error when creating \"f\": pods is forbidden: User \"dev\" cannot create "
       "resource \"pods\" in API group \"\" in the namespace \"default\"",
       "", true},
      {"Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout", "", true},
      {"Error from server (InternalError): error when creating \"f\": Internal error occurred: failed calling webhook "
       "\"v.example.com\": failed to call webhook: Post \"https://v.svc:443/\": dial tcp: lookup v.svc: no such host",
       "admission-webhook-unreachable", false},
      {"Error from server: error when creating \"f\": admission webhook \"v.example.com\" denied the request: no team "
       "label",
       "admission-webhook-denied", false},
      {"Error from server (Forbidden): error when creating \"f\": pods \"web-podcheck\" is forbidden: violates "
       "PodSecurity \"restricted:latest\": runAsNonRoot != true",
       "podsecurity-violation", false},
      {"Error from server (NotFound): error when creating \"f\": namespaces \"default\" not found",
       "admission-namespace-missing", false},
      {"Error from server (Forbidden): error when creating \"f\": pods \"web-podcheck\" is forbidden: error looking up "
       "service account default/app: serviceaccount \"app\" not found",
       "serviceaccount-missing", false},
  };
  for (const Example& example : examples) {
    CAPTURE(example.words);
    Served served = serve(deployment(1, "1"), cluster::testing::failed(example.words));
    CHECK(served.ids == example.id);
    CHECK(served.notes.empty() != example.noted);
  }
}

TEST_CASE("the server is asked about a pod without what only the input has") {
  std::string account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app}\n";
  std::string priority =
      "---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1000\n";
  std::string pod = "      serviceAccountName: app\n      priorityClassName: high\n";
  cluster::Outcome taken = cluster::testing::printed(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-podcheck","namespace":"default"},"spec":{"containers":[]}})");
  Served served = serve(deployment(1, "1") + pod + account + priority, taken);
  CHECK(served.ids.empty());
  CHECK(served.pod.find("serviceAccountName") == std::string::npos);
  CHECK(served.pod.find("priorityClassName") == std::string::npos);
  CHECK(served.notes.size() == 2);
  CHECK(served.notes[0] == "ServiceAccount app comes with the input, so the server was asked about the pod without it");

  Served missing = serve(deployment(1, "1") + pod, taken);
  CHECK(missing.pod.find("serviceAccountName") != std::string::npos);
  CHECK(missing.notes.empty());
}

TEST_CASE("a namespace that comes with the input is no reason to refuse") {
  std::string space = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n";
  Served served = serve(deployment(1, "1") + space,
                        cluster::testing::failed("Error from server (NotFound): error when creating \"f\": namespaces "
                                                 "\"default\" not found"));
  CHECK(served.ids.empty());
  CHECK_FALSE(served.notes.empty());
}
