// What a word of Kubernetes means that is neither a rule nor a cause: a pod status, an event reason, an exit code.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace podcheck::cli {

struct GlossaryEntry {
  std::string title;                    // the word as Kubernetes writes it
  std::vector<std::string> paragraphs;  // in the catalogue's language
  std::string outcome;                  // the pod status whose causes belong to it; empty for exit codes
};

// Words are found in any case. Besides the words of the catalogue it knows those that are made of others:
// "Init:CrashLoopBackOff", "Init:1/3", "OutOfmemory", and every number that can be an exit code.
std::optional<GlossaryEntry> look_up(const catalogue::Catalogue& catalogue, std::string_view word);

// Every word that has an entry of its own, for suggestions and completion.
std::vector<std::string> glossary_words(const catalogue::Catalogue& catalogue);

}  // namespace podcheck::cli
