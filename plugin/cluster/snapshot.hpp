// A cluster as podcheck sees it: objects and logs, read once, from kubectl, a bundle, a dump, files or pasted text.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "cluster/time.hpp"
#include "document/node.hpp"

namespace podcheck::cluster {

enum class FailureKind : std::uint8_t {
  none,
  not_found,
  forbidden,
  unauthorized,
  unreachable,
  timeout,
  kubectl_missing,
  garbage,
  unsupported,
  other
};

// Why something could not be read; `detail` is the original line.
struct Failure {
  FailureKind kind = FailureKind::none;
  std::string detail;
  explicit operator bool() const { return kind != FailureKind::none; }
};

// One read. `resource` is kubectl's plural name ("pods", "persistentvolumeclaims"); an empty namespace means all
// namespaces or cluster scope; a name asks for one object.
struct Query {
  std::string resource;
  std::string namespace_;
  std::string name;
  std::string label_selector;
  std::string field_selector;
  auto operator<=>(const Query&) const = default;
};

struct Listing {
  std::vector<document::Node> items;
  Failure failure;
};

struct LogQuery {
  std::string namespace_;
  std::string pod;
  std::string container;
  bool previous = false;
  auto operator<=>(const LogQuery&) const = default;
};

struct Log {
  std::string text;  // bounded tail
  bool truncated = false;
  Failure failure;
};

// Where a cluster comes from. Implementations: kubectl, bundle, cluster-info dump, files, pasted text.
class Source {
 public:
  virtual ~Source() = default;
  virtual Listing list(const Query& query) = 0;
  virtual Log log(const LogQuery& query) = 0;
  // 'now' for every age: the clock for a live cluster, recorded-at for a bundle.
  virtual Time now() const = 0;
  // How a user would reach this cluster again: "kubectl --context prod"; "kubectl" for recorded ones.
  virtual std::string kubectl_prefix() const { return "kubectl"; }
  // True when what is not there was not recorded, rather than absent from the cluster (a dump has no nodes' leases,
  // a paste has only what was pasted): absence proves nothing then.
  virtual bool partial(std::string_view resource) const = 0;
  // Whether the namespace (empty: all of them) was within reach of the recording; true for a live cluster.
  virtual bool covers(std::string_view namespace_) const;
  // Whether a list costs no more than one object of it: recorded clusters are in memory already. When false, a
  // Snapshot asks for single objects by name.
  virtual bool lists_are_cheap() const;
  // The registry hosts that a pull secret holds credentials for, "registry.example.com:5000", sorted; credentials never
  // leave the source. nullopt when there is no such secret, or its data was neither read nor allowed to be read.
  virtual std::optional<std::vector<std::string>> pull_secret_hosts(std::string_view namespace_, std::string_view name);
  // Reads several at once where the source can; the results are kept for list() and log().
  virtual void prefetch(const std::vector<Query>& queries, const std::vector<LogQuery>& logs);
};

// Caches a Source, keeps the failures for the report's notes, and answers look-ups by name. All Nodes live as long as
// the Snapshot. Not thread-safe.
class Snapshot {
 public:
  explicit Snapshot(std::unique_ptr<Source> source);
  ~Snapshot();

  Time now() const;
  const std::string& kubectl() const;

  const Listing& list(std::string_view resource, std::string_view namespace_ = {});
  // A missing node when it is not there; `failure` tells absent from not readable.
  document::Node get(std::string_view resource, std::string_view namespace_, std::string_view name,
                     Failure* failure = nullptr);
  // Whether a negative answer of get/list can be trusted: the list was readable and complete.
  bool knows(std::string_view resource, std::string_view namespace_);
  std::vector<document::Node> events_of(document::Node object);  // by uid where both have one, newest last
  const Log& log(std::string_view namespace_, std::string_view pod, std::string_view container, bool previous);
  // Any query; the answer is kept. list() and get() use what was prefetched.
  const Listing& query(const Query& query);
  std::optional<std::vector<std::string>> pull_secret_hosts(std::string_view namespace_, std::string_view name);
  void prefetch(const std::vector<Query>& queries, const std::vector<LogQuery>& logs = {});

  // Everything that could not be read, in order, for the notes.
  const std::vector<std::pair<Query, Failure>>& failures() const;
  Source& source();

  // What is worked out of the snapshot once and needed by many: made by the first call for its type, kept as long as
  // the Snapshot.
  template <typename T, typename Make>
  T& derived(Make make) {
    std::shared_ptr<void>& slot = derived_slot(typeid(T));
    if (!slot) {
      slot = std::make_shared<T>(make());
    }
    return *static_cast<T*>(slot.get());
  }

 private:
  std::shared_ptr<void>& derived_slot(std::type_index type);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace podcheck::cluster
