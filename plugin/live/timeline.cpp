#include "live/timeline.hpp"

#include <algorithm>

#include "cluster/redact.hpp"
#include "cluster/time.hpp"
#include "live/facts.hpp"

namespace podcheck::live {

using document::Node;
using finding::Moment;

namespace {

const char* kind_of(const EventFacts& event) {
  if (event.reason == "Unhealthy") {
    return "probe-failed";
  }
  if (event.reason == "Killing") {
    return "killed";
  }
  if (event.reason == "BackOff") {
    return "back-off";
  }
  if (event.reason == "Started") {
    return "started";
  }
  if (event.reason == "Scheduled") {
    return "scheduled";
  }
  return event.warning ? "warning" : "event";
}

void add(std::vector<Moment>& moments, std::optional<cluster::Time> time, const char* what, std::string text) {
  if (time) {
    moments.push_back({cluster::format_time(*time), what, cluster::redact(text)});
  }
}

}  // namespace

std::vector<Moment> timeline_of(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, Node pod) {
  std::vector<Moment> moments;
  add(moments, time_at(pod["metadata"]["creationTimestamp"]), "created", catalogue.say("live.timeline.created"));
  for (const ContainerFacts& container : containers_of(pod)) {
    finding::Values name = {{"container", std::string(container.name)}};
    for (const auto* end : {container.last ? &*container.last : nullptr, container.now ? &*container.now : nullptr}) {
      if (end == nullptr) {
        continue;
      }
      add(moments, end->started, "started", catalogue.say("live.timeline.started", name));
      finding::Values values = name;
      values.emplace_back("code", end->exit_code < 0 ? "?" : std::to_string(end->exit_code));
      values.emplace_back("reason", std::string(end->reason));
      add(moments, end->finished, "exited", catalogue.say("live.timeline.exited", values));
    }
    add(moments, container.running_since, "started", catalogue.say("live.timeline.started", name));
  }
  for (const EventFacts& event : events_of(cluster, pod)) {
    if (event.warning || event.reason == "Killing" || event.reason == "Scheduled" || event.reason == "BackOff") {
      std::string count =
          event.count > 1 ? " (" + catalogue.say("render.times", {{"count", std::to_string(event.count)}}) + ")" : "";
      add(moments, event.time, kind_of(event), std::string(event.reason) + ": " + event.message + count);
    }
  }
  std::stable_sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) { return a.time < b.time; });
  return moments;
}

}  // namespace podcheck::live
