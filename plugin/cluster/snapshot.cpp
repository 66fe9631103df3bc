#include "cluster/snapshot.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "cluster/event_index.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster {

using document::Node;

void Source::prefetch(const std::vector<Query>&, const std::vector<LogQuery>&) {}
bool Source::covers(std::string_view) const {
  return true;
}
bool Source::lists_are_cheap() const {
  return true;
}
std::optional<std::vector<std::string>> Source::pull_secret_hosts(std::string_view, std::string_view) {
  return std::nullopt;
}

namespace {

using NameIndex = std::map<std::pair<std::string_view, std::string_view>, Node>;

bool is_namespaced(std::string_view resource) {
  const Resource* known = find_resource(resource);
  return known == nullptr || known->namespaced;
}

std::string plural(std::string_view resource) {
  const Resource* known = find_resource(resource);
  return std::string(known == nullptr ? resource : known->plural);
}

}  // namespace

struct Snapshot::Impl {
  std::unique_ptr<Source> source;
  std::string kubectl;
  std::map<Query, Listing> listings;
  std::map<LogQuery, Log> logs;
  std::map<const Listing*, NameIndex> names;
  std::map<const Listing*, EventIndex> events;
  std::set<std::string> partitioned;  // resources whose list of all namespaces was dealt out to each of them
  std::vector<std::pair<Query, Failure>> failures;
  std::map<std::type_index, std::shared_ptr<void>> derived;

  const Listing& keep(const Query& query, Listing listing) {
    if (listing.failure && listing.failure.kind != FailureKind::not_found) {
      failures.emplace_back(query, listing.failure);
    }
    return listings.insert_or_assign(query, std::move(listing)).first->second;
  }

  const Listing& query(const Query& query) {
    auto found = listings.find(query);
    return found != listings.end() ? found->second : keep(query, source->list(query));
  }

  // The list as it is kept, or nullptr; a namespace's part of a list of all namespaces is made when it is first needed.
  const Listing* cached(const std::string& resource, const std::string& namespace_) {
    auto found = listings.find({resource, namespace_, "", "", ""});
    if (found != listings.end()) {
      return &found->second;
    }
    auto all = listings.find({resource, "", "", "", ""});
    if (all == listings.end() || all->second.failure) {
      return nullptr;
    }
    if (partitioned.insert(resource).second) {
      std::map<std::string_view, Listing> parts;
      for (Node item : all->second.items) {
        parts[item["metadata"]["namespace"].string()].items.push_back(item);
      }
      for (auto& [name, part] : parts) {
        if (!name.empty()) {
          listings.try_emplace({resource, std::string(name), "", "", ""}, std::move(part));
        }
      }
    }
    return &listings[{resource, namespace_, "", "", ""}];
  }

  const Listing& list(std::string_view resource, std::string_view namespace_) {
    std::string plural_name = plural(resource);
    std::string scope(is_namespaced(plural_name) ? namespace_ : std::string_view());
    const Listing* kept = cached(plural_name, scope);
    return kept != nullptr ? *kept : query({plural_name, scope, "", "", ""});
  }

  Node find(const Listing& listing, std::string_view namespace_, std::string_view name) {
    auto [found, fresh] = names.try_emplace(&listing);
    NameIndex& index = found->second;
    if (fresh) {
      for (Node item : listing.items) {
        Node metadata = item["metadata"];
        index.try_emplace({metadata["namespace"].string(), metadata["name"].string()}, item);
      }
    }
    auto hit = index.find({namespace_, name});
    return hit == index.end() ? Node() : hit->second;
  }
};

Snapshot::Snapshot(std::unique_ptr<Source> source) : impl_(std::make_unique<Impl>()) {
  impl_->source = std::move(source);
  impl_->kubectl = impl_->source->kubectl_prefix();
}

Snapshot::~Snapshot() = default;

Time Snapshot::now() const {
  return impl_->source->now();
}

const std::string& Snapshot::kubectl() const {
  return impl_->kubectl;
}

const Listing& Snapshot::list(std::string_view resource, std::string_view namespace_) {
  return impl_->list(resource, namespace_);
}

const Listing& Snapshot::query(const Query& query) {
  Query wanted = query;
  wanted.resource = plural(query.resource);
  if (!is_namespaced(wanted.resource)) {
    wanted.namespace_.clear();
  }
  return impl_->query(wanted);
}

Node Snapshot::get(std::string_view resource, std::string_view namespace_, std::string_view name, Failure* failure) {
  std::string plural_name = plural(resource);
  std::string scope(is_namespaced(plural_name) ? namespace_ : std::string_view());
  const Listing* listing = nullptr;
  Query by_name{plural_name, scope, std::string(name), "", ""};
  auto prefetched = impl_->listings.find(by_name);
  if (prefetched != impl_->listings.end()) {
    listing = &prefetched->second;
  } else if (const Listing* kept = impl_->cached(plural_name, scope); kept != nullptr && !kept->failure) {
    listing = kept;
  } else if (impl_->source->lists_are_cheap()) {
    listing = &impl_->list(plural_name, scope);
  } else {
    listing = &impl_->query(by_name);
  }
  Node object = impl_->find(*listing, scope, name);
  if (failure != nullptr) {
    *failure = object ? Failure{} : listing->failure ? listing->failure : Failure{FailureKind::not_found, ""};
  }
  return object;
}

bool Snapshot::knows(std::string_view resource, std::string_view namespace_) {
  std::string plural_name = plural(resource);
  if (impl_->source->partial(plural_name)) {
    return false;
  }
  if (is_namespaced(plural_name) && !impl_->source->covers(namespace_)) {
    return false;
  }
  if (!impl_->source->lists_are_cheap()) {
    // Without a list, a look-up by name was answered by the API server itself: only a refusal makes it unknown.
    std::string scope(is_namespaced(plural_name) ? namespace_ : std::string_view());
    const Listing* kept = impl_->cached(plural_name, scope);
    if (kept == nullptr) {
      return std::none_of(impl_->failures.begin(), impl_->failures.end(), [&](const auto& entry) {
        return entry.first.resource == plural_name &&
               (entry.first.namespace_.empty() || entry.first.namespace_ == scope);
      });
    }
    return !kept->failure;
  }
  return !impl_->list(plural_name, namespace_).failure;
}

std::vector<Node> Snapshot::events_of(Node object) {
  std::string_view kind = object["kind"].string();
  std::string_view name = object["metadata"]["name"].string();
  const Resource* resource = resource_of_kind(kind);
  bool cluster_scoped = resource != nullptr && !resource->namespaced;
  // Events about objects without a namespace are kept in "default" (client-go tools/record/event.go).
  std::string scope(cluster_scoped ? "default" : object["metadata"]["namespace"].string());
  const Listing* listing = impl_->cached("events", scope);
  for (const std::string& selector :
       {"involvedObject.name=" + std::string(name), "involvedObject.uid=" + object["metadata"]["uid"].text()}) {
    auto narrow = impl_->listings.find({"events", scope, "", "", selector});
    if (listing == nullptr && narrow != impl_->listings.end()) {
      listing = &narrow->second;
    }
  }
  if (listing == nullptr) {
    listing = &impl_->list("events", scope);
  }
  auto [found, fresh] = impl_->events.try_emplace(listing);
  if (fresh) {
    found->second = EventIndex(listing->items);
  }
  return found->second.of(object);
}

const Log& Snapshot::log(std::string_view namespace_, std::string_view pod, std::string_view container, bool previous) {
  LogQuery query{std::string(namespace_), std::string(pod), std::string(container), previous};
  auto found = impl_->logs.find(query);
  if (found == impl_->logs.end()) {
    found = impl_->logs.emplace(query, impl_->source->log(query)).first;
    const Failure& failure = found->second.failure;
    if (failure && failure.kind != FailureKind::not_found) {
      impl_->failures.emplace_back(Query{"pods/log", query.namespace_, query.pod, "", ""}, failure);
    }
  }
  return found->second;
}

std::optional<std::vector<std::string>> Snapshot::pull_secret_hosts(std::string_view namespace_,
                                                                    std::string_view name) {
  return impl_->source->pull_secret_hosts(namespace_, name);
}

void Snapshot::prefetch(const std::vector<Query>& queries, const std::vector<LogQuery>& logs) {
  std::vector<Query> missing;
  for (Query query : queries) {
    query.resource = plural(query.resource);
    if (!is_namespaced(query.resource)) {
      query.namespace_.clear();
    }
    // An object is part of a list that is here already; a list of Secrets has not all of it.
    bool listed = query.label_selector.empty() && query.field_selector.empty() &&
                  (query.name.empty() || query.resource != "secrets");
    const Listing* kept = listed ? impl_->cached(query.resource, query.namespace_) : nullptr;
    bool there = kept != nullptr && (query.name.empty() || !kept->failure);
    if (!impl_->listings.contains(query) && !there) {
      missing.push_back(std::move(query));
    }
  }
  std::vector<LogQuery> missing_logs;
  std::copy_if(logs.begin(), logs.end(), std::back_inserter(missing_logs),
               [this](const LogQuery& query) { return !impl_->logs.contains(query); });
  if (missing.empty() && missing_logs.empty()) {
    return;
  }
  impl_->source->prefetch(missing, missing_logs);
  for (const Query& query : missing) {
    impl_->query(query);
  }
  for (const LogQuery& query : missing_logs) {
    log(query.namespace_, query.pod, query.container, query.previous);
  }
}

const std::vector<std::pair<Query, Failure>>& Snapshot::failures() const {
  return impl_->failures;
}

std::shared_ptr<void>& Snapshot::derived_slot(std::type_index type) {
  return impl_->derived[type];
}

Source& Snapshot::source() {
  return *impl_->source;
}

}  // namespace podcheck::cluster
