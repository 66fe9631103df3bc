#include <algorithm>
#include <cstring>
#include <fstream>

#include "cluster/list_reader.hpp"

namespace podcheck::cluster {

using document::Node;

namespace {

constexpr std::size_t chunk_bytes = 4u << 20;
constexpr std::size_t max_item_bytes = 64u << 20;

// Cuts the elements of the root object's "items" out of JSON that arrives in chunks, and gathers them.
class ItemCutter {
 public:
  void feed(std::string_view chunk) {
    std::size_t begin = depth_ > 2 ? 0 : std::string_view::npos;  // of the item's part in this chunk
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      if (in_string_) {
        i = end_of_string(chunk, i);
        continue;
      }
      switch (chunk[i]) {
        case '"':
          in_string_ = true;
          key_.clear();
          break;
        case '{':
        case '[':
          if (depth_ == 1) {
            in_items_ = chunk[i] == '[' && key_ == "items";
            seen_items_ = seen_items_ || in_items_;
          }
          if (depth_ == 2 && in_items_) {
            begin = i;
          }
          ++depth_;
          break;
        case '}':
        case ']':
          if (depth_ == 0) {
            broken_ = true;
            return;
          }
          --depth_;
          if (depth_ == 2 && in_items_ && begin != std::string_view::npos) {
            gathered_.append(gathered_.empty() || open_ ? "" : ",");
            gathered_ += chunk.substr(begin, i + 1 - begin);
            begin = std::string_view::npos;
            open_ = false;
            whole_ = gathered_.size();
          } else if (depth_ == 1) {
            in_items_ = false;
          }
          break;
        default:
          break;
      }
    }
    if (begin != std::string_view::npos && in_items_) {
      gathered_.append(gathered_.empty() || open_ ? "" : ",");
      gathered_ += chunk.substr(begin);
      open_ = true;
    }
  }

  // The items that are complete, as a list; what has only begun stays here.
  std::string take() {
    std::string list = "{\"items\":[" + gathered_.substr(0, whole_) + "]}";
    std::size_t rest = open_ && whole_ > 0 ? whole_ + 1 : whole_;
    gathered_.erase(0, std::min(rest, gathered_.size()));
    whole_ = 0;
    return list;
  }

  bool has_items() const { return whole_ > 0; }
  std::size_t waiting() const { return gathered_.size() - whole_; }
  bool complete() const { return !broken_ && seen_items_ && depth_ == 0 && !in_string_; }

 private:
  // Moves to the closing quote, or to the chunk's end.
  std::size_t end_of_string(std::string_view chunk, std::size_t at) {
    std::size_t start = at;
    if (escaped_) {
      escaped_ = false;
      ++at;
    }
    while (at < chunk.size()) {
      const void* quote = std::memchr(chunk.data() + at, '"', chunk.size() - at);
      std::size_t end =
          quote == nullptr ? chunk.size() : static_cast<std::size_t>(static_cast<const char*>(quote) - chunk.data());
      std::size_t backslashes = 0;
      while (end - backslashes > at && chunk[end - backslashes - 1] == '\\') {
        ++backslashes;
      }
      if (end == chunk.size()) {
        escaped_ = backslashes % 2 == 1;
        at = end;
      } else if (backslashes % 2 == 0) {
        in_string_ = false;
        at = end;
        break;
      } else {
        at = end + 1;
      }
    }
    if (depth_ == 1 && key_.size() < 8) {
      key_ += chunk.substr(start, std::min<std::size_t>(at - start, 8));
    }
    return at;
  }

  std::string gathered_;
  std::string key_;
  std::size_t whole_ = 0;
  int depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool in_items_ = false;
  bool seen_items_ = false;
  bool open_ = false;
  bool broken_ = false;
};

}  // namespace

bool read_large_list(const std::string& path, std::string_view resource,
                     std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<Node>& items, std::string& error) {
  std::ifstream in(path, std::ios::binary);
  std::string chunk(chunk_bytes, '\0');
  ItemCutter cutter;
  std::size_t full = 2000;
  while (in) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    cutter.feed(std::string_view(chunk).substr(0, static_cast<std::size_t>(in.gcount())));
    if (cutter.waiting() > max_item_bytes) {
      error = "one object is larger than 64 MiB";
      return false;
    }
    if (!cutter.has_items()) {
      continue;
    }
    std::deque<std::unique_ptr<document::Tree>> piece_trees;
    std::vector<Node> piece;
    bool pods = resource == "pods";
    std::string text = cutter.take();
    if (!read_list(text, resource, large_list_projection(resource), piece_trees, piece, error)) {
      return false;
    }
    if (pods && full > 0 && !std::all_of(piece.begin(), piece.end(), runs_well)) {
      // Some are worth reading whole.
      piece.clear();
      if (!read_list(text, resource, &full_projection(), piece_trees, piece, error)) {
        return false;
      }
    }
    if (pods) {
      keep_pods(piece, full, trees, items);
    } else {
      items.insert(items.end(), piece.begin(), piece.end());
      std::move(piece_trees.begin(), piece_trees.end(), std::back_inserter(trees));
    }
  }
  if (!cutter.complete()) {
    error = "the list ends too early";
    return false;
  }
  return true;
}

}  // namespace podcheck::cluster
