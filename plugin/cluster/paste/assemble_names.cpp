// Which object an event is about, and what containers are called, where the text does not say so outright.
#include <algorithm>
#include <utility>

#include "cluster/paste/assemble.hpp"
#include "cluster/paste/container_words.hpp"
#include "cluster/paste/drafts.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster::paste {

namespace {

std::string kind_of_event(const EventText& event) {
  const Resource* resource = find_resource(event.kind);
  return resource == nullptr ? event.kind : std::string(resource->kind);
}

// The pod that an event's message names: "Successfully assigned shop/web-1 to node", "… pod=web-1_shop(uid)".
void pod_in_message(const std::string& message, std::string& name, std::string& namespace_) {
  constexpr std::string_view assigned = "Successfully assigned ";
  if (message.starts_with(assigned)) {
    std::string_view what = std::string_view(message).substr(assigned.size());
    what = what.substr(0, what.find(' '));
    std::size_t slash = what.find('/');
    if (slash != std::string_view::npos) {
      namespace_ = what.substr(0, slash);
    }
    name = slash == std::string_view::npos ? what : what.substr(slash + 1);
    return;
  }
  for (std::string_view marker : {"pod=", "pod \"", "(pod: \""}) {
    std::size_t at = message.find(marker);
    if (at == std::string::npos) {
      continue;
    }
    std::string_view what = std::string_view(message).substr(at + marker.size());
    std::size_t open = what.find('(');
    std::size_t low = what.substr(0, open).rfind('_');
    if (open != std::string_view::npos && low != std::string_view::npos && is_name(what.substr(0, low))) {
      name = what.substr(0, low);
      namespace_ = what.substr(low + 1, open - low - 1);
      return;
    }
  }
}

// The part of a pod's life that an event is of, as STATUS shows it.
enum class Phase : std::uint8_t { none, scheduling, creating, image, config, crash, probe, eviction };

Phase phase_of(const EventText& event) {
  const std::string& reason = event.reason;
  if (reason == "FailedScheduling") {
    return Phase::scheduling;
  }
  if (reason == "FailedMount" || reason == "FailedAttachVolume" || reason == "FailedCreatePodSandBox" ||
      reason == "NetworkNotReady") {
    return Phase::creating;
  }
  if (reason == "ErrImageNeverPull" || reason == "InspectFailed" ||
      event.message.find("ull image") != std::string::npos || event.message.find("ulling image") != std::string::npos ||
      event.message.starts_with("Error: ErrImage") || event.message.starts_with("Error: ImagePull")) {
    return Phase::image;
  }
  return reason == "Failed"                                                        ? Phase::config
         : reason == "BackOff"                                                     ? Phase::crash
         : reason == "Unhealthy"                                                   ? Phase::probe
         : reason == "Evicted" || reason == "Preempting"                           ? Phase::eviction
         : reason == "Killing" && event.message.find("probe") != std::string::npos ? Phase::probe
                                                                                   : Phase::none;
}

bool shows(std::string_view status, Phase phase) {
  if (status.starts_with("Init:")) {
    status.remove_prefix(5);
  }
  auto has = [status](std::string_view part) { return status.find(part) != std::string_view::npos; };
  bool ended = status == "CrashLoopBackOff" || status == "Error" || status == "RunContainerError";
  switch (phase) {
    case Phase::scheduling:
      return status == "Pending";
    case Phase::creating:
      return status == "ContainerCreating" || status == "PodInitializing" || has("/");
    case Phase::image:
      return has("Image") || status == "ContainerCreating";
    case Phase::config:
      return has("Create") || has("Cannot") || status == "StartError" || ended;
    case Phase::crash:
      return ended || status == "OOMKilled" || status == "Completed";
    case Phase::probe:
      return ended || status == "Running";
    case Phase::eviction:
      return status == "Evicted" || status == "Error" || status == "ContainerStatusUnknown";
    case Phase::none:
      break;
  }
  return false;
}

bool row_is_well(const Draft& pod, std::string_view status) {
  if (status == "Completed") {
    return true;
  }
  const Draft* statuses = pod.find("status");
  statuses = statuses == nullptr ? nullptr : statuses->find("containerStatuses");
  return status == "Running" && statuses != nullptr &&
         std::all_of(statuses->items().begin(), statuses->items().end(), [](const Draft& one) {
           const Draft* ready = one.find("ready");
           return ready != nullptr && ready->number() != 0;
         });
}

}  // namespace

// What a message says of the object that it is about: pods "web-6d4cf56db6-" is forbidden, for "web-1_shop(uid)".
void Assembly::name_event(EventText& event) const {
  constexpr std::string_view pods_named = "pods \"";
  std::size_t at = event.message.find(pods_named);
  std::size_t end = at == std::string::npos ? at : event.message.find('"', at + pods_named.size());
  if (event.reason == "FailedCreate" && end != std::string::npos) {
    std::string named = event.message.substr(at + pods_named.size(), end - at - pods_named.size());
    for (const auto& [component, kind] :
         {std::pair{"replicaset-controller", "ReplicaSet"}, std::pair{"job-controller", "Job"},
          std::pair{"daemonset-controller", "DaemonSet"},
          std::pair{"replication-controller", "ReplicationController"}}) {
      // With the dash at its end it is the controller's own name; a name that was generated has five characters more.
      std::size_t dash = named.rfind('-');
      bool generated = dash != std::string::npos && (dash + 1 == named.size() || named.size() - dash == 6);
      if (event.component == component && generated) {
        event.kind = kind;
        event.name = named.substr(0, dash);
        return;
      }
    }
    event.kind = "Pod";
    event.name = named;
    return;
  }
  if (event.kind.empty() || event.kind == "Pod") {
    return;
  }
  std::size_t only = none;
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    bool waits = text_at(objects_[i], "status", "phase") != "Bound";
    if (kind_of(objects_[i]) == event.kind && waits) {
      only = only == none ? i : only;
    }
  }
  event.name = only == none ? "NAME" : text_at(objects_[only], "metadata", "name");
  event.namespace_ = only == none ? std::string() : text_at(objects_[only], "metadata", "namespace");
}

// The pod that events without a name are about, by what they tell and by what STATUS shows of each.
std::size_t Assembly::pod_meant(const std::string& name) const {
  std::size_t only = none;
  std::size_t unwell = none;
  std::size_t fitting = none;
  std::size_t pods = 0;
  std::size_t unwell_pods = 0;
  Phase phase = Phase::none;
  for (const PendingEvent& event : events_) {
    Phase told = event.about == none && event.text.name.empty() ? phase_of(event.text) : Phase::none;
    phase = told != Phase::none && (phase == Phase::none || event.text.type == "Warning") ? told : phase;
  }
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    if (kind_of(objects_[i]) != "Pod" || note(objects_[i], partial) == "node") {
      continue;
    }
    std::string status = note(objects_[i], "podcheck.dev/status");
    bool well = row_is_well(objects_[i], status);
    only = i;
    ++pods;
    unwell = well ? unwell : i;
    unwell_pods += well ? 0 : 1;
    fitting = fitting == none && !well && shows(status, phase) ? i : fitting;
  }
  if (!name.empty()) {
    std::size_t named = find("Pod", name, {});
    bool cut = pods == 1 && text_at(objects_[only], "metadata", "name").empty();
    return named != none ? named : cut ? only : none;
  }
  return pods == 1 ? only : fitting != none ? fitting : unwell_pods == 1 ? unwell : none;
}

// Events without an object's name, of a table that stands alone: of the pod in one of their messages, else of the pod
// whose status they explain, else of a pod that has no name.
void Assembly::name_events() {
  std::string pod;
  std::string namespace_;
  bool nameless = false;
  for (PendingEvent& event : events_) {
    if (event.about != none || !event.text.name.empty()) {
      continue;
    }
    name_event(event.text);
    if (event.text.name.empty()) {
      nameless = true;
      if (pod.empty()) {
        pod_in_message(event.text.message, pod, namespace_);
      }
    }
  }
  if (nameless) {
    std::size_t subject = pod_meant(pod);
    if (subject == none) {
      Draft stub;
      stub["apiVersion"].set("v1");
      stub["kind"].set("Pod");
      stub["metadata"]["name"].set(pod.empty() ? unnamed_pod : pod.c_str());
      if (!namespace_.empty()) {
        stub["metadata"]["namespace"].set(namespace_);
      }
      stub["metadata"]["annotations"][partial].set("events");
      subject = add(std::move(stub));
    }
    for (PendingEvent& event : events_) {
      if (event.about == none && event.text.name.empty()) {
        event.about = subject;
      }
    }
  }
  for (PendingEvent& event : events_) {
    if (event.about != none) {
      continue;
    }
    std::string kind = kind_of_event(event.text);
    event.about = find(kind, event.text.name, event.text.namespace_);
    const Resource* resource = resource_of_kind(kind);
    if (event.about == none && resource != nullptr && !event.text.name.empty()) {
      Draft stub;
      stub["apiVersion"].set(resource->api_version);
      stub["kind"].set(kind);
      stub["metadata"]["name"].set(event.text.name);
      if (!event.text.namespace_.empty()) {
        stub["metadata"]["namespace"].set(event.text.namespace_);
      }
      stub["metadata"]["annotations"][partial].set("events");
      event.about = add(std::move(stub));
    }
  }
}

// A row of `get pods` names no containers; events and the command that printed a log do, when there is only one. Two
// that nobody names must not be taken for one.
void Assembly::name_containers() {
  std::size_t pods = 0;
  for (const Draft& object : objects_) {
    pods += kind_of(object) == "Pod" ? 1 : 0;
  }
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    Draft& object = objects_[i];
    if (kind_of(object) != "Pod") {
      continue;
    }
    ContainerWords words = container_words(events_of_[i]);
    std::string pod = text_at(object, "metadata", "name");
    for (const PastedLog& log : logs) {
      if (words.name.empty() && (log.pod == pod || (log.pod.empty() && pods == 1))) {
        words.name = log.container;
      }
    }
    std::size_t unready = 0;
    std::size_t ready = 0;
    for (const auto& [list, spec_list] :
         {std::pair{"initContainerStatuses", "initContainers"}, std::pair{"containerStatuses", "containers"}}) {
      Draft* entries = object["status"].find(list);
      if (entries == nullptr) {
        continue;
      }
      if (Draft* known = object["spec"].find(spec_list)) {
        // A part of a description that was cut off above its name.
        bool alone = entries->items().size() == 1 && known->items().size() == 1;
        if (alone && entries->items().front()["name"].text().empty() && known->items().front()["name"].text().empty()) {
          std::string name = words.name.empty() ? nameless_container(1) : words.name;
          entries->items().front()["name"].set(name);
          known->items().front()["name"].set(name);
        }
        continue;
      }
      ready = static_cast<std::size_t>(std::count_if(entries->items().begin(), entries->items().end(),
                                                     [](Draft& one) { return one["ready"].number() == 0; }));
      for (Draft& status : entries->items()) {
        if (status["name"].text().empty()) {
          bool waits = status["ready"].number() == 0;
          status["name"].set(waits && !words.name.empty() ? std::exchange(words.name, {})
                             : waits                      ? nameless_container(++unready)
                                                          : nameless_container(++ready));
        }
        Draft& container = object["spec"][spec_list].append();
        container["name"].set(status["name"].text());
        const Draft* told = status.find("image");
        std::string image = told != nullptr ? told->text() : entries->items().size() == 1 ? words.image : std::string();
        if (!image.empty()) {
          container["image"].set(image);
        }
        Draft* state = status.find("state");
        Draft* waiting = state == nullptr ? nullptr : state->find("waiting");
        if (waiting != nullptr && !words.message.empty() && !waiting->has("message") &&
            (*waiting)["reason"].text() == words.reason) {
          (*waiting)["message"].set(words.message);
        }
        // The runtime could not start it, which is all that has ever ended it.
        if (waiting != nullptr && words.reason == "RunContainerError" && !status.has("lastState") &&
            (*waiting)["reason"].text() == "CrashLoopBackOff") {
          Draft& ended = status["lastState"]["terminated"];
          ended["reason"].set("StartError");
          ended["message"].set(words.message);
          ended["exitCode"].set(128);
        }
      }
    }
  }
}

}  // namespace podcheck::cluster::paste
