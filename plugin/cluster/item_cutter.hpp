// Where the items of a list begin and end, in JSON that arrives in pieces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace podcheck::cluster {

// Follows the text only as far as strings and brackets go: what is in an item is for a JSON reader to judge.
class ItemCutter {
 public:
  struct Item {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  // Goes on at `from`, through `text`. Items (objects or lists in the root object's "items") that end in it are added;
  // places count from the text's begin. An item that has only begun has to be there again at the next call, at the
  // place that moved() tells.
  void feed(std::string_view text, std::size_t from, std::vector<Item>& items);
  bool in_item() const { return open_ && depth_ > 2; }
  std::size_t item_begin() const { return begin_; }
  void moved(std::size_t item_begin) { begin_ = item_begin; }

  // The root object was closed, and it had items.
  bool complete() const { return !broken_ && seen_items_ && depth_ == 0 && !in_string_; }
  bool broken() const { return broken_; }

 private:
  std::size_t end_of_string(std::string_view text, std::size_t at);
  void open(char bracket, std::size_t at);
  void close(std::size_t at, std::vector<Item>& items);

  std::string key_;  // the last string in the root object, as far as it matters
  std::size_t begin_ = 0;
  int depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool in_items_ = false;
  bool seen_items_ = false;
  bool open_ = false;
  bool broken_ = false;
};

}  // namespace podcheck::cluster
