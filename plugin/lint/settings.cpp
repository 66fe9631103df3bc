#include "lint/settings.hpp"

#include <charconv>

#include "lint/glob.hpp"

namespace podcheck::lint {

std::optional<int> kubernetes_minor_from(std::string_view text) {
  if (!text.empty() && text.front() == 'v') {
    text.remove_prefix(1);
  }
  if (text.substr(0, 2) != "1.") {
    return std::nullopt;
  }
  int minor = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 2, end, minor);
  if (error != std::errc() || (stop != end && *stop != '.') || minor < oldest_kubernetes_minor ||
      minor > newest_kubernetes_minor) {
    return std::nullopt;
  }
  return minor;
}

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
