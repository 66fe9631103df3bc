#include <doctest/doctest.h>

#include <string>

#include "document/document.hpp"
#include "document/projection.hpp"
#include "document/repetitive_json.hpp"

using namespace podcheck::document;

namespace {
std::string read_back(std::string_view json, const Projection* keep = nullptr) {
  Tree tree;
  std::string error;
  if (!parse_json(json, tree, error, keep)) {
    CHECK(!error.empty());
    return "error";
  }
  return to_json(tree.root());
}
}  // namespace

TEST_CASE("parse_json reads every JSON value") {
  struct Case {
    std::string_view json;
    std::string_view expected;
  };
  for (const Case& c : {
           Case{R"({"a": [1, -2, 2.5, true, false, null, "x"], "b": {}, "c": []})",
                R"({"a":[1,-2,2.5,true,false,null,"x"],"b":{},"c":[]})"},
           Case{"\xEF\xBB\xBF{\"a\":1}", R"({"a":1})"},
           Case{R"("lone")", R"("lone")"},
           Case{" 12 ", "12"},
           Case{"null", "null"},
           Case{R"(["\u00e9\n\"\\\/\ud83d\ude00"])", "[\"é\\n\\\"\\\\/😀\"]"},
           Case{R"(["\ud800x", "\udc00\ud83d\ude00"])", "[\"\uFFFDx\",\"\uFFFD😀\"]"},
           Case{"[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]"},
           Case{"[9223372036854775808]", "[9223372036854776000]"},
           Case{"[123456789012345678901234567890]", "[1.2345678901234568e+29]"},
           Case{R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
           Case{R"({"a\u0062":1})", R"({"ab":1})"},
           Case{"[80.0, 1e3, 1.5e-7]", "[80,1000,1.5e-7]"},
           Case{"", "error"},
           Case{"{", "error"},
           Case{R"({"a":1)", "error"},
           Case{R"({"a":1} x)", "error"},
           Case{"[1,]", "error"},
           Case{"[1 2]", "error"},
           Case{"1, 2", "error"},
           Case{R"({"a" 1})", "error"},
           Case{"[01]", "error"},
           Case{"[nul]", "error"},
           Case{"[\"\xff\"]", "error"},
           Case{R"(["\x"])", "error"},
       }) {
    CAPTURE(c.json);
    CHECK(read_back(c.json) == c.expected);
  }
}

TEST_CASE("parse_json refuses nesting that could exhaust the stack") {
  CHECK(read_back(std::string(500, '[') + std::string(500, ']')) == std::string(500, '[') + std::string(500, ']'));
  CHECK(read_back(std::string(100000, '[') + std::string(100000, ']')) == "error");
  std::string nested;
  for (int i = 0; i < 100000; ++i) {
    nested += "{\"a\":";
  }
  CHECK(read_back(nested) == "error");
}

TEST_CASE("a projection stores only the fields it names") {
  Projection keep({"kind", "items[].metadata.name", "items[].metadata.labels", "items[].spec.containers[].resources",
                   "data.*.x", "data.special.y"});
  CHECK(read_back(R"({"apiVersion":"v1","kind":"List","items":[
      {"metadata":{"name":"a","uid":"u","labels":{"k":"v","l":{"m":1}}},"status":{"x":["{",1]},
       "spec":{"nodeName":"n","containers":[{"name":"c","resources":{"limits":{"cpu":1}}},{"name":"d"}]}}],
      "data":{"one":{"x":1,"y":2},"special":{"x":1,"y":2,"z":3}}})",
                  &keep) == R"({"kind":"List","items":[{"metadata":{"name":"a","labels":{"k":"v","l":{"m":1}}},)"
                            R"("spec":{"containers":[{"resources":{"limits":{"cpu":1}}},{}]}}],)"
                            R"("data":{"one":{"x":1},"special":{"x":1,"y":2}}})");
}

TEST_CASE("look-ups in a mapping with many members find the right one") {
  std::string json = "{";
  for (int i = 0; i < 20000; ++i) {
    json += (i == 0 ? "\"key-" : ",\"key-") + std::to_string(i) + "\":" + std::to_string(i);
  }
  json += ",\"key-7\":-7}";
  Tree tree;
  std::string error;
  REQUIRE(parse_json(json, tree, error));
  CHECK(tree.root().size() == 20000);
  for (int i = 0; i < 20000; ++i) {
    REQUIRE(tree.root()["key-" + std::to_string(i)].integer() == (i == 7 ? -7 : i));
  }
  CHECK(!tree.root()["key-20000"]);
  CHECK(!tree.root()[""]);
}

namespace {

// A list of much the same objects, with what makes texts differ though values do not.
std::string many_objects() {
  std::string json = "[";
  for (int index = 0; index < 400; ++index) {
    std::string number = std::to_string(index);
    json +=
        std::string(index == 0       ? ""
                    : index % 3 == 0 ? " ,\n  "
                                     : ",") +
        R"({"kind":"Pod","name":"p-)" + number + R"(","labels":{"app":"a-)" + std::to_string(index % 3) +
        R"(","note":"\u00e9 \"x\" \ud800"},"empty":{},"none":[ ],)" +
        R"("spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"1"}},"env":[{"name":"SELF","value":"p-)" +
        number + R"("}]}, {"name":"d","resources":{}}],"ready":true,"count":)" + number +
        R"(,"ratio":1.5e3,"nothing":null},"status":[[],[{"at":")" + number + R"("}],{"es\tc":1}]})";
  }
  return json + "]";
}

}  // namespace

TEST_CASE("a repetitive reader reads what any reader reads, and stores less") {
  const std::string json = many_objects();
  const std::vector<std::vector<std::string>> projections = {
      {"[]"},
      {"[].name", "[].labels"},
      {"[].name", "[].labels", "[].spec.containers[].name", "[].spec.containers[].resources", "[].spec.ready"},
      {"[].spec.containers[].env[].value", "[].spec.count", "[].spec.ratio", "[].spec.nothing"},
      {"[].status[].at", "[].empty", "[].none[]"},
      {"[].status[]", "[].status[].es\tc"},
      {"[].labels.note"},
      {"[].nowhere"},
  };
  RepetitiveJsonReader reader;
  std::string padded = json + std::string(RepetitiveJsonReader::padding, ' ');
  for (const std::vector<std::string>& paths : projections) {
    CAPTURE(paths.front());
    Projection projection(paths);
    Tree plain;
    Tree folded;
    std::string error;
    REQUIRE(parse_json(json, plain, error, &projection));
    REQUIRE(reader.read(std::string_view(padded).substr(0, json.size()), folded, projection.root(), error));
    CHECK(equal(plain.root(), folded.root()));
    CHECK(folded.node_count() <= plain.node_count());
  }
  Tree plain;
  Tree folded;
  std::string error;
  Projection labels({"[].labels"});
  REQUIRE(parse_json(json, plain, error, &labels));
  RepetitiveJsonReader fresh;  // what a reader learnt of one projection's places says nothing of another's
  REQUIRE(fresh.read(std::string_view(padded).substr(0, json.size()), folded, labels.root(), error));
  CHECK(folded.node_count() * 2 < plain.node_count());
}

TEST_CASE("a repetitive reader refuses what is no JSON") {
  RepetitiveJsonReader reader;
  Projection projection({"[].a", "[].list[].x"});
  for (std::string json : {R"([{"a":{"b":1}},{"a":{"b":})", R"([{"a":1]})", R"([{"list":[{"x":1},]}])", R"([1] 2)",
                           R"([{"list":[{"x":tru}]}])", R"([{"a":"\q"}])"}) {
    CAPTURE(json);
    std::size_t size = json.size();
    json.append(RepetitiveJsonReader::padding, '\0');
    Tree tree;
    std::string error;
    CHECK_FALSE(reader.read(std::string_view(json).substr(0, size), tree, projection.root(), error));
    CHECK_FALSE(error.empty());
  }
}
