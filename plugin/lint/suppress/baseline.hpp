// Findings that are accepted for now: a file that survives moved lines, for it names objects and fields.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "finding/finding.hpp"

namespace podcheck::lint {

class Baseline {
 public:
  // The text of a baseline file; false when it is none.
  bool read(std::string_view json);
  // Whether the finding is accepted; each acceptance is used up once.
  bool accepts(const finding::Subject& subject, const finding::Finding& finding);

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>;  // file, object, rule, path
  std::map<Key, int> counts_;
};

}  // namespace podcheck::lint
