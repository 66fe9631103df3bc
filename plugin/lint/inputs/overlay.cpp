#include "lint/inputs/overlay.hpp"

namespace podcheck::lint {

FileSystem::Bytes OverlayFileSystem::read(const std::string& path, std::size_t limit) {
  const auto changed = texts.find(path);
  if (changed != texts.end()) {
    return {true, false, changed->second, {}};
  }
  if (path != "-") {
    return below_.read(path, limit);
  }
  const std::lock_guard lock(mutex_);
  if (!has_input_) {
    input_ = below_.read(path, limit);
    has_input_ = true;
  }
  return input_;
}

}  // namespace podcheck::lint
