// Finds what a reference names, in one of three worlds: the input is all there is (--closed-bundle), or the cluster
// may hold more, or the configuration says that it does.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kube/references.hpp"
#include "lint/check.hpp"

namespace podcheck::lint {

class Resolver {
 public:
  explicit Resolver(const Place& place);

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
  struct Entry {
    kube::Definition definition;
    const BundleObject* object;
  };
  struct Kind {
    std::map<std::string_view, std::vector<Entry>> by_name;
    std::vector<Entry> prefixes;
  };
  const Place& place_;
  std::map<std::string_view, Kind, std::less<>> kinds_;

  // Objects that something of the input refers to.
  std::set<const BundleObject*> used_;

  void find_used();
  const BundleObject* near(const Kind& kind, bool cluster_scoped, std::string_view namespace_,
                           std::string_view name) const;
};

// Message variant of an answer: "near", "elsewhere", or "" for simply absent.
std::string_view variant_of(const Resolver::Answer& answer);

}  // namespace podcheck::lint
