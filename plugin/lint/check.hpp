// What a check is: a pure function from a place in the input to findings. No files, no clock, no environment.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "kube/object.hpp"
#include "lint/bundle.hpp"
#include "lint/settings.hpp"

namespace podcheck::lint {

// Where a check is standing. Which pointers are set depends on the card's applies-to; all wider ones are set too:
// a container check has container, pod, workload object and bundle.
struct Place {
  const Bundle& bundle;
  const Settings& settings;
  const catalogue::Rule& rule;
  const BundleObject* object = nullptr;
  const kube::PodTemplate* pod = nullptr;
  const kube::Container* container = nullptr;
  document::Node params() const { return rule.params; }
};

// One hit. `at` is what is underlined: a value, or with `on_key` its key; for an absent field the parent mapping,
// with the missing part in `absent` ("resources.limits.memory").
struct Hit {
  document::Node at;
  bool on_key = false;
  std::string absent;
  std::string variant;                        // messages.<variant> of the card
  finding::Values values;                     // placeholders of the card's sentences
  std::optional<finding::Severity> severity;  // when this hit is milder or harsher than the card
  struct Pointer {
    document::Node at;
    std::string label;                     // key of the card's `related` texts
    const BundleObject* object = nullptr;  // when it is in another document
    finding::Values values = {};
  };
  std::vector<Pointer> related;
  // Replaces the bytes of a node (or of its key), removes a member, or inserts after a node; turned into byte edits by
  // lint/fix.
  struct Change {
    enum class Kind : std::uint8_t { replace_value, replace_key, remove_member, insert_member, append_item } kind;
    document::Node at;  // the node to replace or remove; the mapping or sequence to insert into
    std::string key;    // insert_member: the new key; replace_key: the new text
    std::string value;  // YAML flow or scalar text, written as given
  };
  std::vector<Change> changes;
  std::optional<finding::Safety> safety;  // of the changes, when it differs from the card's
  // The object the hit belongs to when a bundle check reports on several; else the Place's.
  const BundleObject* object = nullptr;
  // The card the hit belongs to when its check serves many cards; else the Place's.
  std::string_view rule;
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual void report(Hit hit) = 0;
};

using CheckFunction = void (*)(const Place&, Reporter&);

struct Check {
  std::string_view name;  // what a card's `check:` says
  CheckFunction run;
  // Several cards name it: it runs once an object, whichever of them is enabled, and its hits say their rule.
  bool many_cards = false;
};

}  // namespace podcheck::lint
