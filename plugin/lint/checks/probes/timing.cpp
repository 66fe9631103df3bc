#include <algorithm>

#include "lint/checks/container/argv.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/probes/checks.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

std::string seconds(std::int64_t value) {
  return std::to_string(value);
}

// Seconds from the last good answer until the kubelet acts.
std::int64_t steady_budget(const kube::Probe& probe) {
  return probe.budget() - std::max<std::int64_t>(0, probe.initial_delay);
}

Node field_or_probe(const kube::Probe& probe, const char* field) {
  return probe.node[field] ? probe.node[field] : probe.node;
}

bool same_question(const kube::Container& container, const kube::Probe& a, const kube::Probe& b) {
  if (a.type != b.type || a.type.empty()) {
    return false;
  }
  if (a.type == "exec") {
    return document::equal(a.handler["command"], b.handler["command"]);
  }
  if (!document::equal(a.handler["httpHeaders"], b.handler["httpHeaders"])) {
    return false;
  }
  bool port = kube::resolve_port(container, a.handler["port"]) == kube::resolve_port(container, b.handler["port"]);
  auto same = [&](const char* field, const char* fallback) {
    return a.handler[field].string(fallback) == b.handler[field].string(fallback);
  };
  return port && same("path", "/") && same("scheme", "HTTP") && same("service", "") && same("host", "");
}

// Why a container is expected to start slowly: its image, or options for the Java machine.
struct Slow {
  std::int64_t seconds = 0;
  std::string because;
};
Slow slow_start(const Place& place) {
  std::optional<kube::ImageReference> image = image_of(*place.container);
  if (Node hint = image ? image_hint(place.params()["hints"], *image) : Node()) {
    return {hint["seconds"].integer().value_or(60),
            hint.has("match") ? hint["match"].text() : hint["repository"].text()};
  }
  return {};
}

}  // namespace

// params: {seconds, alarming, hints}
void check_liveness_budget(const Place& place, Reporter& reporter) {
  std::optional<kube::Probe> live = kube::probe(*place.container, "livenessProbe");
  if (!live || live->type.empty() || kube::probe(*place.container, "startupProbe") || !is_long_running(place)) {
    return;
  }
  std::int64_t wanted = place.params()["seconds"].integer().value_or(30);
  std::int64_t alarming = place.params()["alarming"].integer().value_or(15);
  Slow slow = slow_start(place);
  std::int64_t budget = live->budget();
  if (budget >= std::max(wanted, slow.seconds)) {
    return;
  }
  Hit hit;
  hit.at = live->node;
  hit.on_key = true;
  bool known_slow = slow.seconds > budget;
  hit.variant = known_slow ? "known-slow" : "";
  hit.severity = known_slow || budget < alarming ? finding::Severity::warning : finding::Severity::info;
  hit.values = {{"container", std::string(place.container->name)},
                {"budget", seconds(budget)},
                {"delay", seconds(live->initial_delay)},
                {"failures", seconds(live->failure_threshold)},
                {"period", seconds(live->period)},
                {"timeout", seconds(live->timeout)},
                {"wanted", seconds(known_slow ? slow.seconds : wanted)},
                {"hint", slow.because}};
  // The same question, asked for twice the time a start takes before liveness counts.
  std::int64_t period = std::max<std::int64_t>(1, live->period);
  std::int64_t tries = (2 * std::max(wanted, slow.seconds) + period - 1) / period;
  hit.changes.push_back({Hit::Change::Kind::insert_member, place.container->node, "startupProbe",
                         "{" + std::string(live->type) + ": " + document::to_json(live->handler) +
                             ", periodSeconds: " + seconds(period) + ", failureThreshold: " + seconds(tries) + "}"});
  reporter.report(std::move(hit));
}

// Restarting before, or as soon as, traffic is taken away turns load into a restart storm.
void check_liveness_equals_readiness(const Place& place, Reporter& reporter) {
  std::optional<kube::Probe> live = kube::probe(*place.container, "livenessProbe");
  std::optional<kube::Probe> ready = kube::probe(*place.container, "readinessProbe");
  if (!live || !ready || !same_question(*place.container, *live, *ready) ||
      steady_budget(*live) > steady_budget(*ready)) {
    return;
  }
  Hit hit;
  hit.at = live->node;
  hit.on_key = true;
  bool first = steady_budget(*live) < steady_budget(*ready);
  hit.variant = first ? "first" : "";
  hit.severity = first ? finding::Severity::warning : finding::Severity::info;
  hit.related.push_back({ready->node, "readiness"});
  hit.values = {{"container", std::string(place.container->name)},
                {"live", seconds(steady_budget(*live))},
                {"ready", seconds(steady_budget(*ready))}};
  reporter.report(std::move(hit));
}

void check_liveness_hair_trigger(const Place& place, Reporter& reporter) {
  std::optional<kube::Probe> live = kube::probe(*place.container, "livenessProbe");
  if (!live || live->type.empty()) {
    return;
  }
  bool once = live->failure_threshold == 1;
  bool hasty = live->timeout == 1 && live->period <= 2 && live->failure_threshold <= 3 && live->type == "httpGet";
  if (!once && !hasty) {
    return;
  }
  Hit hit;
  hit.at = once ? field_or_probe(*live, "failureThreshold") : field_or_probe(*live, "periodSeconds");
  hit.variant = once ? "" : "hasty";
  hit.values = {{"container", std::string(place.container->name)},
                {"budget", seconds(steady_budget(*live))},
                {"failures", seconds(live->failure_threshold)},
                {"period", seconds(live->period)},
                {"timeout", seconds(live->timeout)}};
  reporter.report(std::move(hit));
}

// The kubelet asks one question at a time, so the timeout stretches the period.
void check_probe_timeout(const Place& place, Reporter& reporter) {
  for (const char* name : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    std::optional<kube::Probe> probe = kube::probe(*place.container, name);
    if (!probe || probe->timeout <= probe->period) {
      continue;
    }
    Hit hit;
    hit.at = field_or_probe(*probe, "timeoutSeconds");
    hit.values = {{"container", std::string(place.container->name)},
                  {"probe", name},
                  {"timeout", seconds(probe->timeout)},
                  {"period", seconds(probe->period)}};
    if (Node period = probe->node["periodSeconds"]) {
      hit.related.push_back({period, "period"});
    }
    reporter.report(std::move(hit));
  }
}

void check_startup_suggested(const Place& place, Reporter& reporter) {
  std::optional<kube::Probe> live = kube::probe(*place.container, "livenessProbe");
  std::int64_t from = place.params()["seconds"].integer().value_or(60);
  if (!live || live->initial_delay < from || kube::probe(*place.container, "startupProbe")) {
    return;
  }
  Hit hit;
  hit.at = live->node["initialDelaySeconds"];
  hit.values = {{"container", std::string(place.container->name)}, {"delay", seconds(live->initial_delay)}};
  reporter.report(std::move(hit));
}

// A start that is still within its probe counts as a failed rollout.
void check_startup_deadline(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (object.kind != "Deployment") {
    return;
  }
  std::int64_t deadline = kube::rollout(object).progress_deadline;
  if (deadline <= 0) {
    return;  // refused by the API server
  }
  std::optional<kube::Probe> startup = kube::probe(*place.container, "startupProbe");
  std::optional<kube::Probe> ready = kube::probe(*place.container, "readinessProbe");
  std::int64_t budget = startup ? startup->budget() : 0;
  // Proxies come with a budget of just the default deadline; only what is clearly longer was overlooked.
  std::int64_t clearly = deadline + deadline / 10;
  bool by_startup = startup && budget >= clearly;
  if (!by_startup && (!ready || ready->initial_delay < clearly)) {
    return;
  }
  Hit hit;
  const kube::Probe& probe = by_startup ? *startup : *ready;
  hit.at = probe.node;
  hit.on_key = true;
  hit.values = {{"container", std::string(place.container->name)},
                {"probe", by_startup ? "startupProbe" : "readinessProbe"},
                {"budget", seconds(by_startup ? budget : ready->initial_delay)},
                {"deadline", seconds(deadline)}};
  if (Node written = object.root["spec"]["progressDeadlineSeconds"]) {
    hit.related.push_back({written, "deadline"});
  }
  reporter.report(std::move(hit));
}

// params: {slow: [java, kubectl, …]}: programs that take about a second to start, under the timeout of one second.
void check_probe_exec_timeout(const Place& place, Reporter& reporter) {
  for (const char* name : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    std::optional<kube::Probe> probe = kube::probe(*place.container, name);
    if (!probe || probe->type != "exec" || probe->node["timeoutSeconds"].integer().value_or(0) != 0) {
      continue;
    }
    Words words = items_of(probe->handler["command"]);
    std::vector<std::string> programs;
    if (std::optional<std::size_t> script = script_index(words)) {
      for (const ScriptCommand& command : read_script(words[*script].string()).commands) {
        for (const std::string& word : command.words) {
          programs.emplace_back(program_name(word));
        }
      }
    } else if (!words.empty()) {
      programs.emplace_back(program_name(words[0].string()));
    }
    for (Node slow : place.params()["slow"].items()) {
      if (std::find(programs.begin(), programs.end(), slow.string()) == programs.end()) {
        continue;
      }
      Hit hit;
      set_absent(hit, probe->node, "timeoutSeconds");
      hit.values = {
          {"container", std::string(place.container->name)}, {"probe", name}, {"program", std::string(slow.string())}};
      hit.changes.push_back({Hit::Change::Kind::insert_member, probe->node, "timeoutSeconds", "5"});
      reporter.report(std::move(hit));
      break;
    }
  }
}

// Endpoints are withdrawn by failing readiness later than the pod is gone.
void check_readiness_vs_shutdown(const Place& place, Reporter& reporter) {
  std::optional<kube::Probe> ready = kube::probe(*place.container, "readinessProbe");
  std::int64_t grace = kube::grace_seconds(place.pod->spec);
  if (!ready || services_of(place).empty() || steady_budget(*ready) <= grace) {
    return;
  }
  Hit hit;
  hit.at = ready->node;
  hit.on_key = true;
  hit.values = {{"container", std::string(place.container->name)},
                {"budget", seconds(steady_budget(*ready))},
                {"grace", seconds(grace)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
