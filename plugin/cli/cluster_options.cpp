#include "cli/cluster_options.hpp"

#include <istream>
#include <iterator>
#include <ostream>
#include <set>

#include "cluster/bundle_source.hpp"
#include "cluster/dump_source.hpp"
#include "cluster/kubectl_command.hpp"
#include "cluster/open.hpp"
#include "cluster/time.hpp"
#include "kube/duration.hpp"

namespace podcheck::cli {

namespace {

constexpr const char* passed_on[] = {"context",        "kubeconfig", "cluster",
                                     "user",           "as",         "request-timeout",
                                     "server",         "token",      "certificate-authority",
                                     "tls-server-name"};

// The namespace that kubectl would use: its configuration is kubectl's to read.
std::string default_namespace(const cluster::KubectlOptions& options) {
  cluster::Command command;
  command.argv = {options.program, "config", "view", "--minify", "-o", "jsonpath={..namespace}"};
  command.argv.insert(command.argv.end(), options.flags.begin(), options.flags.end());
  command.deadline = std::chrono::seconds(5);
  auto outcome = cluster::ProcessRunner().run({command});
  bool good = !outcome.empty() && outcome.front().succeeded() && !outcome.front().output.empty();
  return good ? outcome.front().output : "default";
}

// A recording of one namespace needs no -n.
std::string recorded_namespace(cluster::Source& source) {
  std::set<std::string> seen;
  for (const char* resource : {"pods", "deployments", "statefulsets", "daemonsets", "jobs", "cronjobs", "services"}) {
    for (document::Node object : source.list({resource, "", "", "", ""}).items) {
      seen.insert(std::string(object["metadata"]["namespace"].string("default")));
    }
  }
  return seen.size() == 1 ? *seen.begin() : "";
}

}  // namespace

cluster::KubectlOptions kubectl_options(const Session& session) {
  const Arguments& arguments = session.arguments;
  cluster::KubectlOptions options;
  options.program = arguments.get("kubectl");
  if (options.program.empty()) {
    options.program = session.io.environment("KUBECTL_PATH");
  }
  if (options.program.empty()) {
    options.program = "kubectl";
  }
  for (const char* name : passed_on) {
    if (arguments.has(name)) {
      options.flags.push_back(std::string("--") + name + "=" + arguments.get(name));
    }
  }
  for (const std::string& group : arguments.all("as-group")) {
    options.flags.push_back("--as-group=" + group);
  }
  if (arguments.has("insecure-skip-tls-verify")) {
    options.flags.emplace_back("--insecure-skip-tls-verify");
  }
  if (arguments.has("now")) {
    options.now = cluster::parse_time(arguments.get("now"));
  }
  // A kubectl that does not come back at its own time limit has lost its way.
  if (auto limit = kube::parse_duration(arguments.get("request-timeout")); limit && limit->count() > 0) {
    options.deadline = std::chrono::duration_cast<std::chrono::milliseconds>(*limit) + std::chrono::seconds(2);
  }
  options.shard = cluster::parse_shard(arguments.get("shard"));
  options.inspect_pull_secrets = arguments.has("inspect-pull-secrets");
  if (session.io.err_is_terminal) {
    std::ostream& err = session.io.err;
    options.progress = [&err](const std::string& resource, std::size_t count) {
      err << "\r\x1b[K";
      if (!resource.empty()) {
        err << resource << ": " << count;
      }
      err << std::flush;
    };
  }
  return options;
}

OpenedCluster open_cluster(const Session& session) {
  const Arguments& arguments = session.arguments;
  if (arguments.has("namespace") && arguments.has("all-namespaces")) {
    throw UsageError{session.say("cli.error.conflict", {{"a", "--namespace"}, {"b", "--all-namespaces"}})};
  }
  OpenedCluster opened;
  opened.namespace_ = arguments.get("namespace");
  if (arguments.has("from")) {
    std::string error;
    std::string pasted;
    if (arguments.get("from") == "-") {
      pasted.assign(std::istreambuf_iterator<char>(session.io.in), {});
    }
    opened.source = cluster::open_recorded(arguments.get("from"), std::move(pasted), error);
    if (!opened.source) {
      throw Unreadable{session.say("cli.error.from_unreadable", {{"path", arguments.get("from")}, {"detail", error}})};
    }
    if (opened.namespace_.empty() && !arguments.has("all-namespaces")) {
      opened.namespace_ = recorded_namespace(*opened.source);
    }
    return opened;
  }
  cluster::KubectlOptions options = kubectl_options(session);
  std::unique_ptr<cluster::Runner> runner;
  if (arguments.has("print-commands")) {
    opened.commands = std::make_shared<std::vector<std::string>>();
    runner = std::make_unique<cluster::PrintingRunner>(*opened.commands);
  } else {
    runner = std::make_unique<cluster::ProcessRunner>();
  }
  if (opened.namespace_.empty() && !arguments.has("all-namespaces")) {
    opened.namespace_ = opened.commands ? "default" : default_namespace(options);
  }
  opened.source = cluster::open_kubectl(std::move(options), std::move(runner));
  return opened;
}

}  // namespace podcheck::cli
