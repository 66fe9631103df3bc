// What the files of Assembly share: how a Draft is looked into, and the notes that drafts carry from reader to reader.
#pragma once

#include <string>
#include <string_view>

#include "cluster/paste/draft.hpp"

namespace podcheck::cluster::paste {

// Annotations of drafts.
constexpr const char* partial = "podcheck.dev/partial";  // what told of it: table, events, node, user, …
constexpr const char* age = "podcheck.dev/age";          // "5m", as a table shows it
constexpr const char* terminating_for = "podcheck.dev/terminating-for";  // an age, or "?"
// What stands for names that the text does not tell: capitals, as no name has, for a person to fill in.
constexpr const char* unnamed_pod = "POD";

inline std::string text_at(const Draft& draft, std::string_view a, std::string_view b, std::string_view c = {}) {
  const Draft* at = draft.find(a);
  at = at == nullptr ? nullptr : at->find(b);
  at = at == nullptr || c.empty() ? at : at->find(c);
  return at == nullptr ? std::string() : at->text();
}

inline std::string note(const Draft& object, std::string_view name) {
  const Draft* metadata = object.find("metadata");
  const Draft* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  const Draft* value = annotations == nullptr ? nullptr : annotations->find(name);
  return value == nullptr ? std::string() : value->text();
}

inline std::string kind_of(const Draft& object) {
  const Draft* kind = object.find("kind");
  return kind == nullptr ? std::string() : kind->text();
}

inline std::string nameless_container(std::size_t number) {
  return number == 1 ? "CONTAINER" : "CONTAINER-" + std::to_string(number);
}

}  // namespace podcheck::cluster::paste
