#pragma once

#include <string>

namespace podcheck::render {

// Cards begin their sentences in lower case, for lint's one-line form; a verdict stands by itself. A first word that is
// a name (digits, hyphens, dots in it) keeps its letters.
inline std::string sentence(const std::string& message) {
  std::size_t end = message.find(' ');
  std::string out = message;
  bool word = end != std::string::npos && end > 1;
  for (std::size_t i = 0; word && i < end; ++i) {
    word = message[i] >= 'a' && message[i] <= 'z';
  }
  if (word) {
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  }
  return out;
}

}  // namespace podcheck::render
