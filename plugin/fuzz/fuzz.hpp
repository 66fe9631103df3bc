// What the targets share.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "catalogue/catalogue.hpp"
#include "lint/lint.hpp"

namespace podcheck::fuzz {

// A property that has to hold; the fuzzer keeps the input where it does not.
inline void require(bool truth) {
  if (!truth) {
    std::abort();
  }
}

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Cards are unpacked once for all inputs.
inline catalogue::Catalogue& catalogue() {
  static catalogue::Catalogue cards(catalogue::Language::en);
  return cards;
}

// A run over one file with every rule there is, also those that have to be selected.
inline lint::Options every_rule(const std::string& path) {
  lint::Options options;
  options.paths = {path};
  options.no_config = true;
  options.threads = 1;
  options.closed_bundle = true;
  for (const auto& rule : catalogue().rules()) {
    options.extend_select.push_back(rule.id);
  }
  return options;
}

}  // namespace podcheck::fuzz
