#include "catalogue/cards/codec.hpp"

#include <doctest/doctest.h>

using namespace podcheck;

TEST_CASE("numbers and strings come back as they were packed") {
  catalogue::Packer packer;
  for (std::uint64_t value : {0ull, 127ull, 128ull, 300ull, 0xffffffffffffffffull}) {
    packer.number(value);
  }
  packer.string("");
  packer.strings({"a", "日本語"});
  catalogue::Unpacker unpacker(packer.bytes());
  for (std::uint64_t value : {0ull, 127ull, 128ull, 300ull, 0xffffffffffffffffull}) {
    CHECK(unpacker.number() == value);
  }
  CHECK(unpacker.string().empty());
  CHECK(unpacker.strings() == std::vector<std::string>{"a", "日本語"});
  CHECK(unpacker.at_end());
}

TEST_CASE("nodes of every type come back as they were packed") {
  document::Tree source;
  document::TreeBuilder builder(source);
  builder.begin_mapping();
  builder.key("list");
  builder.begin_sequence();
  builder.null();
  builder.boolean(true);
  builder.integer(-5);
  builder.real(0.25);
  builder.end();
  builder.key("text");
  builder.string("x\ny");
  builder.end();

  catalogue::Packer packer;
  packer.node(source.root());
  packer.node({});
  catalogue::Unpacker unpacker(packer.bytes());
  document::Tree copy;
  REQUIRE(unpacker.node(copy));
  CHECK(document::equal(source.root(), copy.root()));
  document::Tree none;
  CHECK_FALSE(unpacker.node(none));
  CHECK(unpacker.at_end());
}
