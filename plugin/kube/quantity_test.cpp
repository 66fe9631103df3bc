#include "kube/quantity.hpp"

#include <doctest/doctest.h>

#include "document/node.hpp"

using namespace podcheck::kube;

TEST_CASE("quantities are read as the API server reads them") {
  struct Row {
    const char* text;
    std::int64_t milli;
  };
  for (const Row& row : {Row{"100m", 100},
                         Row{"1e3", 1'000'000},
                         Row{"0.5Gi", 536'870'912'000},
                         Row{".5", 500},
                         Row{"+1", 1000},
                         Row{"1e-3", 1},
                         Row{"1.", 1000},
                         Row{".", 0},
                         Row{" 512Mi ", 536'870'912'000},
                         Row{"1E3", 1'000'000},
                         Row{"0", 0},
                         Row{"-3", -3000},
                         Row{"1k", 1'000'000},
                         Row{"2Ki", 2'048'000},
                         Row{"1.5Mi", 1'572'864'000},
                         Row{"1u", 1},
                         Row{"1n", 1},
                         Row{"0.0000000001", 1},
                         Row{"007", 7000},
                         Row{"1e+2", 100'000},
                         Row{"0.1Ki", 102'400},
                         Row{"100000000n", 100},
                         Row{"1M", 1'000'000'000},
                         Row{"-0.5", -500},
                         Row{"1e-40", 1},
                         Row{"0.00000000000000000000000000000000000000000001Ki", 1}}) {
    CAPTURE(row.text);
    auto quantity = parse_quantity(row.text);
    REQUIRE(quantity);
    CHECK(quantity->milli() == row.milli);
  }
  CHECK(parse_quantity("12E")->approximate() == doctest::Approx(12e18));
  CHECK(parse_quantity("1E")->approximate() == doctest::Approx(1e18));
  CHECK(*parse_quantity("99999999999999999999999999999999999999999999") == *parse_quantity("1e40"));
  CHECK(*parse_quantity("999999999999999999999999999999999999Ei") > *parse_quantity("1E"));
  CHECK(parse_quantity("0e999999999999999999")->is_zero());
}

TEST_CASE("what is no quantity is refused at the byte where it stops being one") {
  struct Row {
    const char* text;
    QuantityError::Kind kind;
    std::size_t at;
  };
  using Kind = QuantityError::Kind;
  for (const Row& row : {Row{"", Kind::empty, 0}, Row{"   ", Kind::empty, 0}, Row{"1K", Kind::suffix, 1},
                         Row{"1ki", Kind::suffix, 1}, Row{"1GB", Kind::suffix, 1}, Row{"1e", Kind::suffix, 1},
                         Row{"1 Gi", Kind::suffix, 1}, Row{"1Zi", Kind::suffix, 1}, Row{"abc", Kind::number, 0},
                         Row{"0,5", Kind::suffix, 1}, Row{"100mcpu", Kind::suffix, 3}, Row{"16mi", Kind::suffix, 2},
                         Row{"1e3.5", Kind::suffix, 1}, Row{"--1", Kind::number, 1}, Row{"1.2.3", Kind::suffix, 3},
                         Row{" 5g", Kind::suffix, 2}, Row{"1e5m", Kind::suffix, 1}, Row{"1e+", Kind::suffix, 1}}) {
    CAPTURE(row.text);
    QuantityError error;
    CHECK_FALSE(parse_quantity(row.text, &error));
    CHECK(static_cast<int>(error.kind) == static_cast<int>(row.kind));
    CHECK(error.at == row.at);
  }
}

TEST_CASE("arithmetic is exact and saturates") {
  auto of = [](const char* text) { return *parse_quantity(text); };
  CHECK(of("0.1") + of("0.2") == of("0.3"));
  CHECK(of("1Gi") - of("1Mi") == of("1023Mi"));
  CHECK(of("1") > of("999m"));
  CHECK(of("1000m") == of("1"));
  CHECK(of("250m").times(4) == of("1"));
  CHECK(of("1e40") + of("1e40") == of("1e40"));
  CHECK((of("0") - of("1")).is_negative());
  CHECK(of("1500m").units() == 2);
  CHECK_FALSE(of("1500m").is_whole());
}

TEST_CASE("quantities print canonically and for people") {
  struct Row {
    const char* text;
    const char* canonical;
    const char* cpu;
    const char* bytes;
  };
  for (const Row& row : {Row{"0.8", "800m", "800m", "0.8 bytes"}, Row{"1500m", "1500m", "1500m", "1.5 bytes"},
                         Row{"2000m", "2", "2", "2 bytes"}, Row{"512Mi", "512Mi", "536870912", "512Mi"},
                         Row{"1000", "1k", "1000", "1000 bytes"}, Row{"1536Mi", "1536Mi", "1610612736", "1536Mi"},
                         Row{"1e3", "1e3", "1000", "1000 bytes"}, Row{"0.5Ki", "512", "512", "512 bytes"},
                         Row{"512m", "512m", "512m", "0.512 bytes"}, Row{"1500000000", "1500M", "1500000000", "1.4Gi"},
                         Row{"0", "0", "0", "0"}, Row{"-2", "-2", "-2", "-2 bytes"}}) {
    CAPTURE(row.text);
    Quantity quantity = *parse_quantity(row.text);
    CHECK(to_string(quantity) == row.canonical);
    CHECK(format_cpu(quantity) == row.cpu);
    CHECK(format_bytes(quantity) == row.bytes);
  }
  CHECK(format_resource("cpu", *parse_quantity("1.2")) == "1200m");
  CHECK(format_resource("limits.memory", *parse_quantity("2048Mi")) == "2Gi");
  CHECK(format_resource("nvidia.com/gpu", *parse_quantity("2")) == "2");
}

TEST_CASE("a node's quantity may be a string or a number") {
  podcheck::document::Tree tree;
  podcheck::document::TreeBuilder builder(tree);
  builder.begin_sequence();
  builder.integer(2);
  builder.real(0.5);
  builder.string("1Gi");
  builder.boolean(true);
  builder.end();
  CHECK(quantity_of(tree.root()[0])->units() == 2);
  CHECK(quantity_of(tree.root()[1])->milli() == 500);
  CHECK(quantity_of(tree.root()[2])->units() == 1'073'741'824);
  CHECK_FALSE(quantity_of(tree.root()[3]));
  CHECK_FALSE(quantity_of({}));
  CHECK(quantity_suffix(" 16Mi ") == "Mi");
  CHECK(quantity_suffix("1e3") == "e3");
}
