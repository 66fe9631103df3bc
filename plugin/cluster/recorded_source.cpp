#include "cluster/recorded_source.hpp"

#include <algorithm>

#include "cluster/event.hpp"
#include "cluster/filter.hpp"
#include "cluster/pull_secret.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster {

using document::Node;

RecordedSource::Store RecordedSource::load(const std::string&) {
  return {};
}

RecordedSource::Store& RecordedSource::store(const std::string& resource) {
  auto found = stores_.find(resource);
  if (found == stores_.end()) {
    found = stores_.emplace(resource, load(resource)).first;
  }
  return found->second;
}

void RecordedSource::add(Node object) {
  if (const Resource* resource = resource_of_kind(object["kind"].string())) {
    stores_[std::string(resource->plural)].items.push_back(object);
  }
}

Listing RecordedSource::list(const Query& query) {
  const Resource* resource = find_resource(query.resource);
  const Store& known = store(resource == nullptr ? query.resource : std::string(resource->plural));
  Listing listing;
  listing.failure = known.failure;
  Filter filter(query);
  for (Node item : known.items) {
    if (filter.matches(item)) {
      listing.items.push_back(item);
    }
  }
  return listing;
}

bool RecordedSource::partial(std::string_view resource) const {
  return !records(resource);
}

std::optional<std::vector<std::string>> RecordedSource::pull_secret_hosts(std::string_view namespace_,
                                                                          std::string_view name) {
  Listing secrets = list({"secrets", std::string(namespace_), std::string(name), "", ""});
  return secrets.items.empty() ? std::nullopt : registry_hosts(secrets.items.front());
}

void RecordedSource::set_now_from_objects() {
  std::optional<Time> latest;
  auto see = [&latest](std::optional<Time> time) {
    if (time && (!latest || *time > *latest)) {
      latest = time;
    }
  };
  for (const auto& [resource, known] : stores_) {
    for (Node item : known.items) {
      if (resource == "events") {
        see(event_time(item));
        continue;
      }
      see(parse_time(item["metadata"]["creationTimestamp"].string()));
      for (Node condition : item["status"]["conditions"].items()) {
        for (const char* field : {"lastTransitionTime", "lastUpdateTime", "lastHeartbeatTime"}) {
          see(parse_time(condition[field].string()));
        }
      }
      for (const char* list : {"containerStatuses", "initContainerStatuses"}) {
        for (Node status : item["status"][list].items()) {
          see(parse_time(status["state"]["running"]["startedAt"].string()));
          see(parse_time(status["state"]["terminated"]["finishedAt"].string()));
          see(parse_time(status["lastState"]["terminated"]["finishedAt"].string()));
        }
      }
    }
  }
  now_ = latest.value_or(std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()));
}

}  // namespace podcheck::cluster
