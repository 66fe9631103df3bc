// What events and ages tell of objects that nothing else describes, and when the text was pasted.
#include <algorithm>

#include "cluster/paste/assemble.hpp"
#include "cluster/paste/container_words.hpp"
#include "cluster/paste/drafts.hpp"
#include "cluster/paste/lines.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster::paste {

namespace {

// Where a text has moments and no ages, it was pasted some time after the last of them: whatever was to pass has
// passed.
constexpr std::chrono::minutes unknown_wait{15};

// What only happens to a pod that has its node.
bool is_of_placed(std::string_view reason) {
  constexpr std::string_view reasons[] = {"BackOff",
                                          "Created",
                                          "ErrImageNeverPull",
                                          "Failed",
                                          "FailedAttachVolume",
                                          "FailedCreatePodSandBox",
                                          "FailedMount",
                                          "InspectFailed",
                                          "Killing",
                                          "NetworkNotReady",
                                          "Pulled",
                                          "Pulling",
                                          "Started",
                                          "Unhealthy"};
  return std::find(std::begin(reasons), std::end(reasons), reason) != std::end(reasons);
}

}  // namespace

Time Assembly::time_of_paste(Time fallback) {
  ages_told_ = true;
  // When the pod was scheduled, its start time tells, and the event how long ago that was.
  for (const PendingEvent& event : events_) {
    if (event.about != none && event.text.reason == "Scheduled" && event.text.first) {
      std::optional<Time> start = parse_time(text_at(objects_[event.about], "status", "startTime"));
      if (start) {
        return *start + *event.text.first;
      }
    }
  }
  std::optional<Time> latest;
  bool aged = false;
  auto see = [&latest](const std::string& text, std::chrono::seconds later) {
    if (std::optional<Time> time = parse_time(text); time && (!latest || *time + later > *latest)) {
      latest = *time + later;
    }
  };
  for (const Draft& object : objects_) {
    std::string created = text_at(object, "metadata", "creationTimestamp");
    if (auto old = parse_age(note(object, age)); old && !created.empty()) {
      return *parse_time(created) + *old;
    }
    see(created, {});
    see(text_at(object, "status", "startTime"), {});
    const Draft* status = object.find("status");
    auto items_of = [status](const char* list) {
      const Draft* entries = status == nullptr ? nullptr : status->find(list);
      return entries == nullptr ? std::list<Draft>() : entries->items();
    };
    for (const char* list : {"containerStatuses", "initContainerStatuses"}) {
      for (const Draft& entry : items_of(list)) {
        see(text_at(entry, "state", "running", "startedAt"), {});
        see(text_at(entry, "state", "terminated", "finishedAt"), {});
        see(text_at(entry, "lastState", "terminated", "finishedAt"), {});
      }
    }
    for (const Draft& condition : items_of("conditions")) {
      const Draft* heartbeat = condition.find("lastHeartbeatTime");
      see(heartbeat == nullptr ? std::string() : heartbeat->text(), {});
      aged = aged || heartbeat != nullptr;
    }
  }
  for (const PendingEvent& event : events_) {
    if (event.about == none || (!event.text.first && !event.text.last)) {
      continue;
    }
    aged = true;
    // An event of a pod is not older than the pod.
    see(text_at(objects_[event.about], "status", "startTime"),
        std::max(event.text.first.value_or(std::chrono::seconds(0)),
                 event.text.last.value_or(std::chrono::seconds(0))));
  }
  if (latest && !aged) {
    ages_told_ = false;
    return *latest + unknown_wait;
  }
  return latest.value_or(fallback);
}

void Assembly::resolve_ages(Time now) {
  for (Draft& object : objects_) {
    Draft& metadata = object["metadata"];
    if (auto old = parse_age(note(object, age)); old && !metadata.has("creationTimestamp")) {
      metadata["creationTimestamp"].set(format_time(now - *old));
    }
    if (std::string since = note(object, terminating_for); !since.empty()) {
      auto old = parse_age(since);
      metadata["deletionTimestamp"].set(old ? format_time(now - *old) : "unknown");
    }
    // An age that nothing tells is not to be shown.
    if (!ages_told_ && kind_of(object) == "Pod") {
      metadata.erase("creationTimestamp");
    }
  }
}

// Pods that a claim says it is used by, and that nothing else speaks of.
void Assembly::drop_untold_users() {
  for (Draft& object : objects_) {
    if (note(object, partial) != "user") {
      continue;
    }
    std::size_t index = static_cast<std::size_t>(&object - objects_.data());
    bool told = std::any_of(events_.begin(), events_.end(),
                            [index](const PendingEvent& event) { return event.about == index; });
    if (told) {
      object["metadata"]["annotations"][partial].set("events");
    } else {
      object = Draft();
    }
  }
}

// What the events of a pod say of its state, for pods of which nothing else does; and the scheduler's words, which
// describe does not print with the condition.
void Assembly::infer_from_events() {
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    Draft& pod = objects_[i];
    if (kind_of(pod) == "PersistentVolumeClaim" && note(pod, partial) == "events") {
      pod["status"]["phase"].set("Pending");
    }
    if (kind_of(pod) != "Pod") {
      continue;
    }
    bool untold = text_at(pod, "status", "phase").empty() && !pod["status"].has("containerStatuses") &&
                  !pod["metadata"].has("deletionTimestamp");
    bool stub = note(pod, partial) == "events" || untold;
    if (stub && events_of_[i].empty()) {
      continue;  // a manifest: nothing is told of its state
    }
    const EventText* evicted = nullptr;
    std::string unschedulable;
    std::string waiting;
    bool placed = false;
    std::string node;
    std::optional<std::chrono::seconds> started;  // ago
    std::optional<std::chrono::seconds> held_up;
    bool unhealthy = false;
    for (const EventText* event : events_of_[i]) {
      const EventText& text = *event;
      if (text.reason == "FailedScheduling") {
        unschedulable = text.message;
      } else if (text.reason == "Scheduled") {
        placed = true;
        std::size_t to = text.message.rfind(" to ");
        node = to == std::string::npos ? node : text.message.substr(to + 4);
      } else if (text.component == "kubelet" || is_of_placed(text.reason)) {
        placed = true;
        node = node.empty() ? text.host : node;
      }
      evicted = text.reason == "Evicted" ? event : evicted;
      if (text.reason == "BackOff" || text.reason == "Backoff") {
        bool pulls = text.message.find("pulling") != std::string::npos;
        waiting = !pulls ? "CrashLoopBackOff" : "ImagePullBackOff";
      } else if (text.reason == "FailedMount" || text.reason == "FailedAttachVolume" ||
                 text.reason == "FailedCreatePodSandBox") {
        waiting = waiting.empty() ? "ContainerCreating" : waiting;
        held_up = text.last && held_up ? std::min(*held_up, *text.last) : text.last;
      } else if (text.reason == "Started" || text.reason == "started") {
        started = text.last && started ? std::min(*started, *text.last) : text.last;
      }
      unhealthy = unhealthy || text.reason == "Unhealthy";
    }
    bool got_over = waiting == "ContainerCreating" && started && held_up && *started < *held_up && !unhealthy;
    if (!unschedulable.empty() && !placed) {
      Draft& conditions = pod["status"]["conditions"];
      Draft* scheduled = nullptr;
      for (Draft& condition : conditions.items()) {
        scheduled = condition["type"].text() == "PodScheduled" ? &condition : scheduled;
      }
      if (scheduled == nullptr) {
        scheduled = &conditions.append();
        (*scheduled)["type"].set("PodScheduled");
        (*scheduled)["status"].set("False");
      }
      if ((*scheduled)["status"].text() == "False" && !scheduled->has("message")) {
        (*scheduled)["reason"].set("Unschedulable");
        (*scheduled)["message"].set(unschedulable);
      }
    }
    if (evicted != nullptr && (stub || note(pod, partial) == "table")) {
      pod["status"]["phase"].set("Failed");
      pod["status"]["reason"].set("Evicted");
      pod["status"]["message"].set(evicted->message);
      continue;
    }
    if (!stub) {
      continue;
    }
    if (placed) {
      Draft& scheduled = pod["status"]["conditions"].append();
      scheduled["type"].set("PodScheduled");
      scheduled["status"].set("True");
    }
    if (!node.empty() && is_name(node)) {
      pod["spec"]["nodeName"].set(node);
    }
    ContainerWords words = container_words(events_of_[i]);
    bool crashing = waiting == "CrashLoopBackOff";
    if (got_over && words.reason.empty()) {
      waiting.clear();
    }
    if (!words.reason.empty() && !crashing) {
      waiting = words.reason;
      placed = true;
    }
    pod["status"]["phase"].set(crashing || (placed && waiting.empty()) ? "Running" : "Pending");
    if (placed) {
      std::string container = words.name.empty() ? nameless_container(1) : words.name;
      if (Draft* known = pod["spec"].find("containers"); known != nullptr && !known->items().empty()) {
        container = words.name.empty() ? known->items().front()["name"].text() : words.name;
      } else {
        Draft& spec = pod["spec"]["containers"].append();
        spec["name"].set(container);
        if (!words.image.empty()) {
          spec["image"].set(words.image);
        }
      }
      Draft& status = pod["status"]["containerStatuses"].append();
      status["name"].set(container);
      status["ready"].set(got_over && waiting.empty());
      status["restartCount"].set(crashing ? 1 : 0);
      if (!waiting.empty()) {
        status["state"]["waiting"]["reason"].set(waiting);
        if (waiting == words.reason && !words.message.empty()) {
          status["state"]["waiting"]["message"].set(words.message);
        }
        if (crashing && words.reason == "RunContainerError") {
          // The runtime could not start it, which is all that has ever ended it.
          Draft& ended = status["lastState"]["terminated"];
          ended["reason"].set("StartError");
          ended["message"].set(words.message);
          ended["exitCode"].set(128);
        }
      } else {
        status["state"]["running"].make_mapping();
      }
    }
  }
}

// Between a pod and its Deployment stands a ReplicaSet that nobody pastes, between a pod and its CronJob a Job: both
// are named for what made them, with one more part (the template's hash, the scheduled minute).
void Assembly::link_owners() {
  constexpr std::pair<const char*, const char*> chains[] = {{"ReplicaSet", "Deployment"}, {"Job", "CronJob"}};
  std::size_t described = objects_.size();
  for (std::size_t i = 0; i < described; ++i) {
    const Draft* metadata = objects_[i].find("metadata");
    const Draft* owners = metadata == nullptr ? nullptr : metadata->find("ownerReferences");
    if (kind_of(objects_[i]) != "Pod" || owners == nullptr || owners->items().empty()) {
      continue;
    }
    const Draft& owner = owners->items().front();
    const Draft* name_field = owner.find("name");
    std::string name = name_field == nullptr ? std::string() : name_field->text();
    std::string namespace_ = text_at(objects_[i], "metadata", "namespace");
    for (const auto& [middle, top] : chains) {
      std::size_t dash = name.rfind('-');
      if (kind_of(owner) != middle || dash == std::string::npos ||
          find(top, name.substr(0, dash), namespace_) == none || find(middle, name, namespace_) != none) {
        continue;
      }
      const Resource* resource = resource_of_kind(middle);
      Draft stub;
      stub["apiVersion"].set(resource->api_version);
      stub["kind"].set(middle);
      stub["metadata"]["name"].set(name);
      if (!namespace_.empty()) {
        stub["metadata"]["namespace"].set(namespace_);
      }
      stub["metadata"]["annotations"][partial].set("owner");
      Draft& reference = stub["metadata"]["ownerReferences"].append();
      reference["apiVersion"].set(resource->api_version);
      reference["kind"].set(top);
      reference["name"].set(name.substr(0, dash));
      reference["controller"].set(true);
      add(std::move(stub));
    }
  }
}

}  // namespace podcheck::cluster::paste
