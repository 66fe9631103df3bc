// Finds what a reference names, in one of three worlds: the input is all there is (--closed-bundle), or the cluster
// may hold more, or the configuration says that it does.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "kube/references.hpp"
#include "lint/check.hpp"

namespace podcheck::lint {

// The names that the objects of the input bring about, and which of the objects are in use.
class ReferenceIndex {
 public:
  explicit ReferenceIndex(const Bundle& bundle);

  struct Entry {
    kube::Definition definition;
    const BundleObject* object;
  };
  struct Kind {
    std::map<std::string_view, std::vector<Entry>> by_name;
    std::vector<Entry> prefixes;
  };
  const Kind* kind(std::string_view name) const;
  // Something of the input refers to the object.
  bool is_used(const BundleObject* object) const { return used_.contains(object); }

 private:
  std::map<std::string_view, Kind, std::less<>> kinds_;
  std::unordered_set<const BundleObject*> used_;

  void find_used(const Bundle& bundle);
};

class Resolver {
 public:
  explicit Resolver(const Place& place) : place_(place), index_(place.bundle.index<ReferenceIndex>()) {}

  struct Answer {
    enum class State : std::uint8_t {
      found,      // in the input
      known,      // not in the input, but somebody provides it
      near,       // not in the input; `candidate` of the same namespace has nearly that name, or a name like it and no
                  // other use
      elsewhere,  // not in this namespace; `candidate` has that name in another one
      absent,     // not in the input, and nothing like it
    } state = State::absent;
    const BundleObject* object = nullptr;     // found: the object itself; null when a controller derives it
    const BundleObject* candidate = nullptr;  // near, elsewhere
  };
  Answer resolve(const kube::Reference& reference, const BundleObject& from) const;
  Answer resolve(std::string_view kind, std::string_view namespace_, std::string_view name,
                 const BundleObject& from) const;

  // Whether an answer is worth a finding: everything unresolved in a closed bundle, else only with positive proof.
  bool is_reportable(const Answer& answer) const;
  bool closed() const { return place_.settings.closed_bundle; }

 private:
  using Entry = ReferenceIndex::Entry;
  using Kind = ReferenceIndex::Kind;
  const Place& place_;
  const ReferenceIndex& index_;

  const BundleObject* near(const Kind& kind, bool cluster_scoped, std::string_view namespace_,
                           std::string_view name) const;
};

// Message variant of an answer: "near", "elsewhere", or "" for simply absent.
std::string_view variant_of(const Resolver::Answer& answer);

}  // namespace podcheck::lint
