#include "cluster/item_cutter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace podcheck::cluster;

namespace {

// The items of a text that arrives in pieces of `size` bytes, each with what was kept of the item before it.
std::vector<std::string> cut(const std::string& text, std::size_t size, bool& complete) {
  ItemCutter cutter;
  std::vector<std::string> found;
  std::string rest;
  for (std::size_t at = 0; at < text.size(); at += size) {
    std::string piece = rest + text.substr(at, size);
    cutter.moved(0);
    std::vector<ItemCutter::Item> items;
    cutter.feed(piece, rest.size(), items);
    for (const ItemCutter::Item& item : items) {
      found.push_back(piece.substr(item.begin, item.end - item.begin));
    }
    rest = cutter.in_item() ? piece.substr(cutter.item_begin()) : "";
  }
  complete = cutter.complete();
  return found;
}

}  // namespace

TEST_CASE("items are cut alike wherever the text is broken") {
  struct Example {
    std::string text;
    std::vector<std::string> items;
    bool complete;
  };
  const std::vector<Example> examples = {
      {R"({"items":[{"a":1},{"b":[2,{}]}]})", {R"({"a":1})", R"({"b":[2,{}]})"}, true},
      {R"( {"kind" : "List", "items" : [ {"a":"}],\"{" } ,null, [1], 7 ], "x":[{"no":1}]} )",
       {R"({"a":"}],\"{" })", "[1]"},
       true},
      {R"({"metadata":{"items":[{"no":1}]},"items":[{"yes":"\\"}]})", {R"({"yes":"\\"})"}, true},
      {R"({"it\"ems":[{"no":1}],"items":[]})", {}, true},
      {R"({"item":[{"no":1}]})", {}, false},
      {R"({"items":[{"a":1},{"b")", {R"({"a":1})"}, false},
      {R"({"items":[{"a":1}]}]})", {R"({"a":1})"}, false},
      {"", {}, false},
  };
  for (const Example& example : examples) {
    for (std::size_t size = 1; size <= example.text.size() + 1; ++size) {
      CAPTURE(example.text);
      CAPTURE(size);
      bool complete = false;
      CHECK(cut(example.text, size, complete) == example.items);
      CHECK(complete == example.complete);
    }
  }
}
