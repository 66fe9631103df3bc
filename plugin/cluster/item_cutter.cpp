#include "cluster/item_cutter.hpp"

#include <algorithm>
#include <cstring>

namespace podcheck::cluster {

void ItemCutter::feed(std::string_view text, std::size_t from, std::vector<Item>& items) {
  std::size_t at = from;
  while (at < text.size() && !broken_) {
    if (in_string_) {
      at = end_of_string(text, at);
      continue;
    }
    switch (text[at]) {
      case '"':
        in_string_ = true;
        key_.clear();
        break;
      case '{':
      case '[':
        open(text[at], at);
        break;
      case '}':
      case ']':
        close(at, items);
        break;
      default:
        break;
    }
    ++at;
  }
}

void ItemCutter::open(char bracket, std::size_t at) {
  if (depth_ == 1) {
    in_items_ = bracket == '[' && key_ == "items";
    seen_items_ = seen_items_ || in_items_;
  } else if (depth_ == 2 && in_items_) {
    begin_ = at;
    open_ = true;
  }
  ++depth_;
}

void ItemCutter::close(std::size_t at, std::vector<Item>& items) {
  if (--depth_ < 0) {
    broken_ = true;
  } else if (depth_ == 2 && open_) {
    items.push_back({begin_, at + 1});
    open_ = false;
  } else if (depth_ == 1) {
    in_items_ = false;
  }
}

// Behind the closing quote, or the text's end.
std::size_t ItemCutter::end_of_string(std::string_view text, std::size_t at) {
  std::size_t start = at;
  if (escaped_) {
    escaped_ = false;
    ++at;
  }
  while (at < text.size()) {
    const void* quote = std::memchr(text.data() + at, '"', text.size() - at);
    std::size_t end =
        quote == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(quote) - text.data());
    std::size_t backslashes = 0;
    while (end - backslashes > at && text[end - backslashes - 1] == '\\') {
      ++backslashes;
    }
    if (quote == nullptr) {
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
  constexpr std::size_t most = 8;
  if (depth_ == 1 && key_.size() < most) {
    key_ += text.substr(start, std::min(at - start, most));
  }
  return in_string_ ? at : at + 1;
}

}  // namespace podcheck::cluster
