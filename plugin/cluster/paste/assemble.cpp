#include "cluster/paste/assemble.hpp"

#include <algorithm>
#include <utility>

#include "cluster/paste/drafts.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster::paste {

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
