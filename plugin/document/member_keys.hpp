// The keys of the mappings that are being read, so that the second of two equal ones is noticed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/document.hpp"

namespace podcheck::document {

// One stack for all mappings that are open: nothing is allocated for a mapping of usual size.
class MemberKeys {
 public:
  void open() { levels_.push_back({keys_.size(), text_.size(), {}}); }
  void close() {
    keys_.resize(levels_.back().first);
    text_.resize(levels_.back().text);
    levels_.pop_back();
  }

  // The place of the first one when the innermost mapping has the key already.
  std::optional<Range> add(std::string_view key, Range range) {
    Level& level = levels_.back();
    if (keys_.size() - level.first >= indexed_size) {
      return add_to_index(level, key, range);
    }
    for (std::size_t i = level.first; i < keys_.size(); ++i) {
      if (text_of(keys_[i]) == key) {
        return keys_[i].range;
      }
    }
    keys_.push_back({text_.size(), key.size(), range});
    text_ += key;
    return std::nullopt;
  }

 private:
  static constexpr std::size_t indexed_size = 32;
  struct Key {
    std::size_t begin = 0;
    std::size_t size = 0;
    Range range;
  };
  struct Level {
    std::size_t first;
    std::size_t text;
    std::unordered_map<std::string, Range> index;  // of large mappings
  };
  std::vector<Key> keys_;
  std::string text_;
  std::vector<Level> levels_;

  std::string_view text_of(const Key& key) const { return std::string_view(text_).substr(key.begin, key.size); }

  std::optional<Range> add_to_index(Level& level, std::string_view key, Range range) {
    if (level.index.empty()) {
      for (std::size_t i = level.first; i < keys_.size(); ++i) {
        level.index.emplace(text_of(keys_[i]), keys_[i].range);
      }
    }
    const auto [first, fresh] = level.index.try_emplace(std::string(key), range);
    return fresh ? std::nullopt : std::optional<Range>(first->second);
  }
};

// Says that a key stands there again; a thousand times a document is enough.
inline void note_duplicate(std::vector<Problem>& problems, std::string_view key, Range range, Range first) {
  constexpr std::size_t most = 1000;
  if (problems.size() < most) {
    problems.push_back({"yaml-duplicate-key", "", range, {{"key", std::string(key)}}, false, first});
  }
}

}  // namespace podcheck::document
