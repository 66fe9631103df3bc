#include "cluster/paste/assemble.hpp"

#include <algorithm>
#include <utility>

#include "cluster/paste/container_words.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster::paste {

namespace {

constexpr const char* partial = "podcheck.dev/partial";
constexpr const char* age = "podcheck.dev/age";
constexpr const char* terminating_for = "podcheck.dev/terminating-for";

std::string text_at(const Draft& draft, std::string_view a, std::string_view b, std::string_view c = {}) {
  const Draft* at = draft.find(a);
  at = at == nullptr ? nullptr : at->find(b);
  at = at == nullptr || c.empty() ? at : at->find(c);
  return at == nullptr ? std::string() : at->text();
}

std::string note(const Draft& object, std::string_view name) {
  const Draft* metadata = object.find("metadata");
  const Draft* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  const Draft* value = annotations == nullptr ? nullptr : annotations->find(name);
  return value == nullptr ? std::string() : value->text();
}

std::string kind_of(const Draft& object) {
  const Draft* kind = object.find("kind");
  return kind == nullptr ? std::string() : kind->text();
}

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

// What stands for names that the text does not tell: capitals, as no name has, for a person to fill in.
constexpr const char* unnamed_pod = "POD";
std::string nameless_container(std::size_t number) {
  return number == 1 ? "CONTAINER" : "CONTAINER-" + std::to_string(number);
}

}  // namespace

std::size_t Assembly::find(std::string_view kind, std::string_view name, std::string_view namespace_) const {
  std::size_t first = none;
  auto [begin, end] = by_name_.equal_range(std::string(kind) + "/" + std::string(name));
  for (auto entry = begin; entry != end; ++entry) {
    std::string known = text_at(objects_[entry->second], "metadata", "namespace");
    if (known.empty() || namespace_.empty() || known == namespace_) {
      first = std::min(first, entry->second);
    }
  }
  return first;
}

std::size_t Assembly::add(Draft object) {
  std::string kind = kind_of(object);
  bool row = !note(object, partial).empty();
  std::size_t known = find(kind, text_at(object, "metadata", "name"), text_at(object, "metadata", "namespace"));
  if (known == none) {
    by_name_.emplace(kind + "/" + text_at(object, "metadata", "name"), objects_.size());
    objects_.push_back(std::move(object));
    known = objects_.size() - 1;
  } else {
    Draft& existing = objects_[known];
    bool existing_row = !note(existing, partial).empty();
    if (existing_row && !row) {
      // What a row tells of states is a guess beside what a description says; its age and node are not.
      Draft old = std::move(existing);
      existing = std::move(object);
      for (const char* name : {age, "podcheck.dev/status"}) {
        if (std::string value = note(old, name); !value.empty()) {
          existing["metadata"]["annotations"][name].set(value);
        }
      }
      if (!existing["metadata"].has("namespace")) {
        existing["metadata"]["namespace"].fill_from(old["metadata"]["namespace"]);
      }
    } else if (existing_row && row && note(object, partial) == "table" && !note(existing, age).empty()) {
      // Tables are pasted in the order in which they were seen; --watch prints a row for each change.
      Draft status = object["status"];
      object.fill_from(existing);
      object["status"] = std::move(status);
      existing = std::move(object);
    } else if (existing_row == row) {
      existing.fill_from(object);
    } else {
      for (const char* name : {age, "podcheck.dev/status"}) {
        if (std::string value = note(object, name); !value.empty() && note(existing, name).empty()) {
          existing["metadata"]["annotations"][name].set(value);
        }
      }
    }
  }
  if (!row) {
    subject_ = known;
  }
  return known;
}

bool Assembly::has_event(std::string_view reason) const {
  return std::any_of(events_.begin(), events_.end(),
                     [reason](const PendingEvent& event) { return event.text.reason == reason; });
}

void Assembly::add_event(const EventText& event, std::size_t about) {
  events_.push_back({event, about});
}

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

namespace {

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
    std::size_t unnamed = 0;
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
      for (Draft& status : entries->items()) {
        if (status["name"].text().empty()) {
          bool waits = status["ready"].number() == 0 && !words.name.empty();
          status["name"].set(waits ? std::exchange(words.name, {}) : nameless_container(++unnamed));
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

// Where a text has moments and no ages, it was pasted some time after the last of them: whatever was to pass has
// passed.
constexpr std::chrono::minutes unknown_wait{15};

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
      }
    }
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
      status["ready"].set(false);
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

Pasted Assembly::finish(Time fallback_now) {
  name_events();
  drop_untold_users();
  link_owners();
  events_of_.resize(objects_.size());
  for (const PendingEvent& event : events_) {
    if (event.about != none) {
      events_of_[event.about].push_back(&event.text);
    }
  }
  name_containers();
  Pasted pasted;
  pasted.now = time_of_paste(fallback_now);
  resolve_ages(pasted.now);
  infer_from_events();
  std::string common = default_namespace;
  for (const Draft& object : objects_) {
    if (common.empty()) {
      common = text_at(object, "metadata", "namespace");
    }
  }
  common = common.empty() ? "default" : common;
  for (Draft& object : objects_) {
    if (object.empty()) {
      continue;
    }
    const Resource* resource = resource_of_kind(kind_of(object));
    bool namespaced = resource == nullptr || resource->namespaced;
    if (namespaced && text_at(object, "metadata", "namespace").empty()) {
      object["metadata"]["namespace"].set(common);
    }
    if (object["metadata"]["name"].text().empty()) {
      object["metadata"]["name"].set(kind_of(object) == "Pod" ? unnamed_pod : "NAME");
    }
  }
  std::size_t number = 0;
  for (const PendingEvent& pending : events_) {
    if (pending.about == none) {
      continue;
    }
    const EventText& text = pending.text;
    const Draft& about = objects_[pending.about];
    Draft event;
    event["apiVersion"].set("v1");
    event["kind"].set("Event");
    const Resource* resource = resource_of_kind(kind_of(about));
    std::string scope =
        resource != nullptr && !resource->namespaced ? "default" : text_at(about, "metadata", "namespace");
    event["metadata"]["name"].set(text_at(about, "metadata", "name") + "." + std::to_string(++number));
    event["metadata"]["namespace"].set(scope);
    Draft& object = event["involvedObject"];
    object["kind"].set(kind_of(about));
    object["name"].set(text_at(about, "metadata", "name"));
    if (resource == nullptr || resource->namespaced) {
      object["namespace"].set(scope);
    }
    if (!text.field_path.empty()) {
      object["fieldPath"].set(text.field_path);
    }
    event["type"].set(text.type);
    event["reason"].set(text.reason);
    event["message"].set(text.message);
    event["count"].set(std::max<std::int64_t>(text.count, 1));
    event["source"]["component"].set(text.component);
    if (!text.host.empty()) {
      event["source"]["host"].set(text.host);
    }
    if (text.last) {
      event["lastTimestamp"].set(format_time(pasted.now - *text.last));
    }
    if (text.first) {
      event["firstTimestamp"].set(format_time(pasted.now - *text.first));
    }
    pasted.objects.push_back(std::move(event));
  }
  for (Draft& object : objects_) {
    if (!object.empty()) {
      pasted.objects.push_back(std::move(object));
    }
  }
  for (PastedLog& log : logs) {
    pasted.logs.push_back(std::move(log));
  }
  return pasted;
}

}  // namespace podcheck::cluster::paste
