#include "lint/settings.hpp"

#include "lint/glob.hpp"

namespace podcheck::lint {

bool Settings::is_known_external(std::string_view kind, std::string_view name) const {
  for (const std::string_view entry : known_external) {
    const auto slash = entry.find('/');
    if (slash != std::string_view::npos && glob_match_name(entry.substr(0, slash), kind) &&
        glob_match_name(entry.substr(slash + 1), name)) {
      return true;
    }
  }
  return false;
}

}  // namespace podcheck::lint
