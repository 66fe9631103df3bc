// `live --wait` through a real kubectl, against an API server whose cluster changes as a rollout goes on.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "cli/run.hpp"
#include "cluster/testing/test_server.hpp"

using namespace podcheck;
namespace fs = std::filesystem;

namespace {

constexpr const char* now = "2026-01-03T00:00:00Z";

// One pod of Deployment web as the API server has it at some moment.
struct Pod {
  int revision = 2;
  std::string status;  // JSON
  bool terminating = false;
};

std::string status_json(const std::string& phase, bool ready, const std::string& container) {
  std::string is_ready = ready ? "True" : "False";
  return R"({"phase":")" + phase +
         R"(","conditions":[{"type":"PodScheduled","status":"True"},{"type":"Ready","status":")" + is_ready +
         R"("}],"containerStatuses":[{"name":"app","image":"shop/web:2","imageID":"","ready":)" +
         (ready ? "true" : "false") + "," + container + "}]}";
}

std::string ready() {
  return status_json("Running", true, R"("restartCount":0,"state":{"running":{"startedAt":"2026-01-02T23:59:50Z"}})");
}
std::string running() {
  return status_json("Running", false, R"("restartCount":0,"state":{"running":{"startedAt":"2026-01-02T23:59:55Z"}})");
}
std::string waiting(const std::string& reason, const std::string& message = {}) {
  return status_json(
      "Pending", false,
      R"("restartCount":0,"state":{"waiting":{"reason":")" + reason + R"(","message":")" + message + R"("}})");
}
// Has ended with exit status 1 `restarts` times and runs again, or once more and waits for the next try.
std::string crashed(int restarts, bool runs) {
  std::string ended =
      R"({"terminated":{"exitCode":1,"reason":"Error","startedAt":"2026-01-02T23:59:40Z","finishedAt":"2026-01-02T23:59:42Z"}})";
  std::string state =
      runs ? R"({"running":{"startedAt":"2026-01-02T23:59:58Z"}})"
           : R"({"waiting":{"reason":"CrashLoopBackOff","message":"back-off 10s restarting failed container"}})";
  return status_json(
      "Running", false,
      R"("restartCount":)" + std::to_string(restarts) + R"(,"state":)" + state + R"(,"lastState":)" + ended);
}

// A moment of the rollout: Deployment web from revision 1 to 2.
struct Moment {
  std::vector<Pod> pods;
  std::string events;  // JSON objects, comma-separated
  int replicas = 1;
  bool refused = false;  // no pod could be created
};

std::string event(const std::string& kind, const std::string& name, const std::string& reason,
                  const std::string& message) {
  return R"({"apiVersion":"v1","kind":"Event","metadata":{"name":"e-)" + name + reason +
         R"(","namespace":"shop"},"involvedObject":{"kind":")" + kind + R"(","namespace":"shop","name":")" + name +
         R"("},"type":"Warning","reason":")" + reason + R"(","message":")" + message +
         R"(","count":3,"firstTimestamp":"2026-01-02T23:59:50Z","lastTimestamp":"2026-01-02T23:59:58Z"})";
}

std::string pod_name(int revision, std::size_t index) {
  return "web-r" + std::to_string(revision) + "-p" + std::to_string(index);
}

class Bundle {
 public:
  explicit Bundle(const Moment& moment) {
    char name[] = "/tmp/podcheck-wait-XXXXXX";
    path_ = mkdtemp(name);
    fs::create_directories(path_ / "objects");
    std::ofstream(path_ / "recorded-at") << now << "\n";
    write("pods", pods(moment));
    write("replicasets", set(1) + "," + set(2));
    write("deployments", deployment(moment));
    write("events", moment.events);
    write(
        "nodes",
        R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"worker-1"},"status":{"conditions":[{"type":"Ready","status":"True"}]}})");
    for (const char* resource :
         {"configmaps", "secrets", "services", "endpointslices", "resourcequotas", "serviceaccounts", "limitranges"}) {
      write(resource, "");
    }
  }
  ~Bundle() { fs::remove_all(path_); }
  Bundle(const Bundle&) = delete;
  Bundle& operator=(const Bundle&) = delete;
  std::string path() const { return path_.string(); }

 private:
  void write(const std::string& resource, const std::string& items) {
    std::ofstream(path_ / "objects" / (resource + ".json"))
        << R"({"apiVersion":"v1","kind":"List","items":[)" << items << "]}";
  }
  static std::string spec(int revision) {
    return R"({"nodeName":"worker-1","restartPolicy":"Always","containers":[{"name":"app","image":"shop/web:)" +
           std::to_string(revision) + R"(","envFrom":[{"configMapRef":{"name":"web-settings"}}]}]})";
  }
  static std::string set(int revision) {
    std::string r = std::to_string(revision);
    return R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web-r)" + r +
           R"(","namespace":"shop","uid":"rs)" + r + R"(","labels":{"app":"web","pod-template-hash":"r)" + r +
           R"("},"annotations":{"deployment.kubernetes.io/revision":")" + r +
           R"("},"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"d","controller":true}]},"spec":{"replicas":1,"template":{"spec":)" +
           spec(revision) + R"(}},"status":{"replicas":1}})";
  }
  static std::string pods(const Moment& moment) {
    std::string all;
    for (std::size_t i = 0; i < moment.pods.size(); ++i) {
      const Pod& pod = moment.pods[i];
      std::string r = std::to_string(pod.revision);
      all += (i > 0 ? "," : "") + std::string(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")") +
             pod_name(pod.revision, i) + R"(","namespace":"shop","uid":"p)" + std::to_string(i) +
             R"(","creationTimestamp":"2026-01-02T23:59:52Z","labels":{"app":"web","pod-template-hash":"r)" + r +
             R"("},)" +
             (pod.terminating ? R"("deletionTimestamp":"2026-01-03T00:00:20Z","deletionGracePeriodSeconds":30,)" : "") +
             R"("ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-r)" + r + R"(","uid":"rs)" +
             r + R"(","controller":true}]},"spec":)" + spec(pod.revision) + R"(,"status":)" + pod.status + "}";
    }
    return all;
  }
  static std::string deployment(const Moment& moment) {
    int updated = 0;
    int available = 0;
    int replicas = 0;
    for (const Pod& pod : moment.pods) {
      replicas += pod.terminating ? 0 : 1;
      updated += pod.revision == 2 && !pod.terminating ? 1 : 0;
      available += pod.status == ready() && !pod.terminating ? 1 : 0;
    }
    std::string refusal =
        R"({"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods \"web-r2-x\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=5, limited: pods=5"},)";
    return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop","uid":"d","generation":2,"annotations":{"deployment.kubernetes.io/revision":"2"}},"spec":{"replicas":)" +
           std::to_string(moment.replicas) + R"(,"selector":{"matchLabels":{"app":"web"}},"template":{"spec":)" +
           spec(2) + R"(}},"status":{"observedGeneration":2,"replicas":)" + std::to_string(replicas) +
           R"(,"updatedReplicas":)" + std::to_string(updated) + R"(,"readyReplicas":)" + std::to_string(available) +
           R"(,"availableReplicas":)" + std::to_string(available) + R"(,"conditions":[)" +
           (moment.refused ? refusal : "") +
           R"({"type":"Progressing","status":"True","reason":"ReplicaSetUpdated"}]}})";
  }

  fs::path path_;
};

// Standard error that calls back whenever a line of it is flushed: once for each look that saw something new.
class Watched : public std::stringbuf {
 public:
  explicit Watched(std::function<void()> flushed) : flushed_(std::move(flushed)) {}
  int sync() override {
    flushed_();
    return 0;
  }

 private:
  std::function<void()> flushed_;
};

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
  std::size_t seen = 0;  // moments that were looked at
};

// Follows deploy/web through the moments; each is shown until podcheck has told what it saw.
Answer follow(const std::string& kubectl, const std::vector<Moment>& moments, const std::string& limit) {
  std::vector<std::unique_ptr<Bundle>> bundles;
  for (const Moment& moment : moments) {
    bundles.push_back(std::make_unique<Bundle>(moment));
  }
  cluster::testing::TestServer server(bundles.front()->path());
  fs::path kubeconfig = fs::path(bundles.front()->path()) / "kubeconfig";
  std::ofstream(kubeconfig) << server.kubeconfig("shop");
  Answer answer;
  Watched watched([&] {
    ++answer.seen;
    server.show(bundles[std::min(answer.seen, bundles.size() - 1)]->path());
  });
  std::istringstream in;
  std::ostringstream out;
  std::ostream err(&watched);
  cli::Streams io{in, out, err, [](const char*) { return std::string(); }};
  std::string config = kubeconfig.string();
  std::string wait = "--wait=" + limit;
  std::vector<const char*> argv = {
      "kubectl-podcheck", "live",         "deploy/web",   wait.c_str(), "-n", "shop", "--kubectl",
      kubectl.c_str(),    "--kubeconfig", config.c_str(), "--now",      now,  "-o",   "json"};
  answer.code = cli::run(argv, io);
  answer.out = out.str();
  answer.err = watched.str();
  return answer;
}

std::string any_kubectl() {
  auto found = cluster::testing::fetched_kubectls();
  return found.empty() ? "" : found[found.size() / 2].second;
}

struct Case {
  const char* name;
  std::vector<Moment> moments;
  int code;
  const char* cause;     // id that the report must have; empty: none
  std::size_t last = 0;  // the moment, counted from 1, at which it must end
};

std::vector<Case> cases() {
  std::string new_pod = pod_name(2, 0);
  std::string missing = waiting("CreateContainerConfigError", R"(configmap \"web-settings\" not found)");
  std::string missing_event = event("Pod", new_pod, "Failed", R"(Error: configmap \"web-settings\" not found)");
  std::string slow_event = event(
      "Pod", new_pod, "Failed",
      R"(Failed to pull image \"shop/web:2\": failed to do request: Head \"https://registry-1.docker.io/v2/shop/web/manifests/2\": dial tcp 1.2.3.4:443: i/o timeout)");
  std::string absent_event = event(
      "Pod", new_pod, "Failed",
      R"(Failed to pull image \"shop/web:2\": rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/shop/web:2\": failed to resolve reference \"docker.io/shop/web:2\": docker.io/shop/web:2: not found)");
  std::string quota_event = event(
      "ReplicaSet", "web-r2", "FailedCreate",
      R"(Error creating: pods \"web-r2-x\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=5, limited: pods=5)");
  Moment creating{{{2, waiting("ContainerCreating")}, {1, ready()}}, "", 1, false};
  Moment done{{{2, ready()}}, "", 1, false};
  return {
      {"a rollout that goes well ends at once when it is done",
       {creating, {{{2, running()}, {1, ready()}}, "", 1, false}, {{{2, ready()}, {1, ready(), true}}, "", 1, false}},
       0,
       "",
       3},
      {"a missing ConfigMap is certain at once",
       {creating, {{{2, missing}, {1, ready()}}, missing_event, 1, false}, done},
       1,
       "env-configmap-missing",
       2},
      {"a crash is waited out, the second one is certain",
       {creating,
        {{{2, crashed(1, true)}, {1, ready()}}, "", 1, false},
        {{{2, crashed(1, false)}}, "", 1, false},
        done},
       1,
       "CrashLoopBackOff",
       3},
      {"a crash that does not come again is no failure",
       {creating, {{{2, crashed(1, true)}, {1, ready()}}, "", 1, false}, done},
       0,
       "",
       3},
      {"a registry that does not answer may answer again",
       {creating,
        {{{2, waiting("ImagePullBackOff", R"(Back-off pulling image \"shop/web:2\")")}}, slow_event, 1, false},
        done},
       0,
       "",
       3},
      {"an image that the registry does not have is certain at once",
       {creating,
        {{{2, waiting("ErrImagePull", R"(failed to pull and unpack image \"docker.io/shop/web:2\": not found)")}},
         absent_event,
         1,
         false},
        done},
       1,
       "image-tag-not-found",
       2},
      {"a quota that nothing will free is certain", {{{}, quota_event, 1, true}, done}, 1, "quota-exceeded", 1},
      {"a quota that pods on their way out will free is waited for",
       {{{{1, ready(), true}}, quota_event, 1, true}, done},
       0,
       "",
       2},
      {"pods of the older revision do not count, crashing or terminating",
       {{{{2, waiting("ContainerCreating")}, {1, crashed(9, false)}}, "", 1, false},
        {{{2, running()}, {1, crashed(9, false), true}}, "", 1, false},
        {{{2, ready()}, {1, crashed(9, false), true}}, "", 1, false}},
       0,
       "",
       3},
  };
}

}  // namespace

TEST_CASE("--wait ends when it is sure, and not before") {
  std::string program = any_kubectl();
  if (program.empty()) {
    MESSAGE("skipped: no kubectl was fetched (plugin/cluster/testing/fetch-kubectls.sh)");
    return;
  }
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    Answer answer = follow(program, c.moments, "60s");
    CAPTURE(answer.out);
    CAPTURE(answer.err);
    CHECK(answer.code == c.code);
    CHECK(answer.seen == c.last);
    CHECK(answer.err.find("time is up") == std::string::npos);
    if (*c.cause != '\0') {
      CHECK(answer.out.find(c.cause) != std::string::npos);
    } else {
      CHECK(answer.out.find("\"role\"") == std::string::npos);
    }
  }
}

TEST_CASE("--wait tells each change on a line, and says when time is up") {
  std::string program = any_kubectl();
  if (program.empty()) {
    MESSAGE("skipped: no kubectl was fetched (plugin/cluster/testing/fetch-kubectls.sh)");
    return;
  }
  Moment creating{{{2, waiting("ContainerCreating")}, {1, ready()}}, "", 1, false};
  Moment never{{{2, running()}, {1, ready()}}, "", 1, false};
  Answer answer = follow(program, {creating, never}, "6s");
  CAPTURE(answer.err);
  CHECK(answer.code == 1);
  CHECK(answer.err.find("Deployment/web: 0 of 1 ready, 1 of the newest revision · ContainerCreating\n") !=
        std::string::npos);
  CHECK(answer.err.find("time is up after 6s") != std::string::npos);
}
