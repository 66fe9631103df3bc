#include "cluster/shard.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace podcheck::cluster;

TEST_CASE("shards are counted from 0, and anything else is refused") {
  CHECK(parse_shard("0/1"));
  CHECK(parse_shard("3/4")->index == 3);
  for (const char* text : {"", "4/4", "1", "/4", "1/", "1/0", "-1/4", "+1/4", "1/4x", "a/b", "1/2/3", " 1/4", "0/99999",
                           "0/99999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_shard(text));
  }
}

TEST_CASE("every namespace is in exactly one shard, and shards are about equally large") {
  for (std::uint32_t count : {1u, 2u, 3u, 7u, 16u}) {
    std::vector<int> sizes(count, 0);
    for (int i = 0; i < 4000; ++i) {
      std::string name = (i % 2 == 0 ? "team-" : "shop-production-") + std::to_string(i / 2);
      int holders = 0;
      for (std::uint32_t index = 0; index < count; ++index) {
        bool holds = Shard{index, count}.holds(name);
        holders += holds ? 1 : 0;
        sizes[index] += holds ? 1 : 0;
      }
      CHECK(holders == 1);
    }
    for (int size : sizes) {
      CHECK(size > 4000 / static_cast<int>(count) * 7 / 10);
      CHECK(size < 4000 / static_cast<int>(count) * 13 / 10 + 1);
    }
  }
}

TEST_CASE("the cut is the same everywhere and forever: what ran as shard 2 of 4 stays there") {
  struct Case {
    const char* name;
    std::uint32_t index;
  };
  for (const Case& c : {Case{"default", 0}, Case{"kube-system", 2}, Case{"shop", 1}, Case{"payments", 2}}) {
    CAPTURE(c.name);
    CHECK(Shard{c.index, 4}.holds(c.name));
  }
}
