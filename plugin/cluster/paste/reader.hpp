// Pasted text, in any mixture, to objects and logs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cluster/paste/draft.hpp"
#include "cluster/time.hpp"

namespace podcheck::cluster::paste {

struct PastedLog {
  std::string namespace_;  // each may be empty: not known
  std::string pod;
  std::string container;
  bool previous = false;
  bool from_command = false;  // a `kubectl logs` stood above it; else it only looks like a log
  std::string text;
};

struct Pasted {
  std::vector<Draft> objects;  // one for each object, events too; merged from all that the text says of it
  std::vector<PastedLog> logs;
  Time now{};
};

// `fallback_now` is the time of the paste when the text does not tell it.
Pasted read_paste(std::string_view text, Time fallback_now);

}  // namespace podcheck::cluster::paste
