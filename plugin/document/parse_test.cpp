#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "document/document.hpp"

using namespace podcheck::document;

namespace {

// The bytes of the value at a path, and of its key.
std::string value_bytes(const File& file, std::string_view path) {
  Node node = at_path(file.documents.at(0).root, path);
  REQUIRE(static_cast<bool>(node));
  return std::string(file.text.bytes().substr(node.range().begin, node.range().end - node.range().begin));
}

std::string key_bytes(const File& file, std::string_view path) {
  Range range = at_path(file.documents.at(0).root, path).key_range();
  return std::string(file.text.bytes().substr(range.begin, range.end - range.begin));
}

std::string place(const File& file, Range range) {
  Position begin = file.text.position(range.begin);
  Position end = file.text.position(range.end);
  return std::to_string(begin.line) + ":" + std::to_string(begin.column) + "-" + std::to_string(end.line) + ":" +
         std::to_string(end.column);
}

// "variant line:column-line:column" of the first problem of the first document.
std::string problem(const std::string& text) {
  File file = parse("f.yaml", text);
  if (!file.problems.empty()) {
    return file.problems[0].variant + " " + place(file, file.problems[0].range);
  }
  for (const Document& document : file.documents) {
    for (const Problem& found : document.problems) {
      CHECK(found.fatal == !document.root);
      return (found.variant.empty() ? found.id : found.variant) + " " + place(file, found.range);
    }
  }
  return "none";
}

}  // namespace

TEST_CASE("every value and key has exactly its bytes") {
  const std::string text =
      "apiVersion: v1  # comment\n"
      "\"kind\": 'Po''d'\n"
      "metadata:\n"
      "  name: a b  \n"
      "  labels: {app: \"x\\n\", tier: [1, two]} # c\n"
      "  empty:\n"
      "  tilde: ~\n"
      "spec:\n"
      "- name: x\n"
      "  args:\n"
      "  - one\n"
      "  -\n"
      "  - |+\n"
      "    text\n"
      "\n"
      "  - >-\n"
      "    folded\n"
      "    more\n"
      "  last: multi\n"
      "    line\n"
      "- &a !!str 5\n"
      "# end\n";
  for (bool crlf : {false, true}) {
    CAPTURE(crlf);
    std::string bytes;
    for (char c : text) {
      bytes += crlf && c == '\n' ? "\r\n" : std::string(1, c);
    }
    const std::string eol = crlf ? "\r\n" : "\n";
    File file = parse("f.yaml", bytes);
    REQUIRE(file.documents.size() == 1);
    REQUIRE(file.documents[0].problems.empty());
    CHECK(value_bytes(file, "apiVersion") == "v1");
    CHECK(key_bytes(file, "kind") == "\"kind\"");
    CHECK(value_bytes(file, "kind") == "'Po''d'");
    CHECK(at_path(file.documents[0].root, "kind").string() == "Po'd");
    CHECK(value_bytes(file, "metadata.name") == "a b");
    CHECK(value_bytes(file, "metadata.labels") == "{app: \"x\\n\", tier: [1, two]}");
    CHECK(value_bytes(file, "metadata.labels.app") == "\"x\\n\"");
    CHECK(value_bytes(file, "metadata.labels.tier") == "[1, two]");
    CHECK(value_bytes(file, "metadata.labels.tier[1]") == "two");
    CHECK(value_bytes(file, "metadata.empty").empty());
    CHECK(place(file, at_path(file.documents[0].root, "metadata.empty").range()) == "6:9-6:9");
    CHECK(value_bytes(file, "metadata.tilde") == "~");
    CHECK(value_bytes(file, "metadata") == "name: a b  " + eol + "  labels: {app: \"x\\n\", tier: [1, two]} # c" + eol +
                                               "  empty:" + eol + "  tilde: ~");
    CHECK(value_bytes(file, "spec[0].args[0]") == "one");
    CHECK(place(file, at_path(file.documents[0].root, "spec[0].args[1]").range()) == "12:4-12:4");
    CHECK(value_bytes(file, "spec[0].args[2]") == "|+" + eol + "    text");
    CHECK(at_path(file.documents[0].root, "spec[0].args[2]").string() == "text\n\n");
    CHECK(value_bytes(file, "spec[0].args[3]") == ">-" + eol + "    folded" + eol + "    more");
    CHECK(at_path(file.documents[0].root, "spec[0].args[3]").string() == "folded more");
    CHECK(value_bytes(file, "spec[0].last") == "multi" + eol + "    line");
    CHECK(value_bytes(file, "spec[1]") == "5");
    CHECK(at_path(file.documents[0].root, "spec[1]").string() == "5");
    CHECK(value_bytes(file, "spec").starts_with("- name: x"));
    CHECK(value_bytes(file, "spec").ends_with("- &a !!str 5"));
    CHECK(at_path(file.documents[0].root, "spec").style() == Style::block);
    CHECK(at_path(file.documents[0].root, "metadata.labels").style() == Style::flow);
    CHECK(at_path(file.documents[0].root, "kind").style() == Style::single_quoted);
  }
}

TEST_CASE("JSON files have positions too") {
  File file = parse("f.json", "{\"a\": [1, {\"b\": \"x\\u0041\"}],\n \"c\": -1.5e3, \"d\": null}\n {\"e\": true}");
  REQUIRE(file.documents.size() == 2);
  CHECK(file.documents[0].language == Language::json);
  CHECK(to_json(file.documents[0].root) == R"({"a":[1,{"b":"xA"}],"c":-1500,"d":null})");
  CHECK(value_bytes(file, "a[1].b") == "\"x\\u0041\"");
  CHECK(key_bytes(file, "a[1].b") == "\"b\"");
  CHECK(value_bytes(file, "a[1]") == "{\"b\": \"x\\u0041\"}");
  CHECK(value_bytes(file, "c") == "-1.5e3");
  CHECK(to_json(file.documents[1].root) == R"({"e":true})");
  CHECK(place(file, file.documents[1].extent) == "3:2-3:13");
}

TEST_CASE("a syntax error is named and pointed at") {
  struct Case {
    std::string text;
    std::string expected;
  };
  const std::string deep = std::string(600, '[') + std::string(600, ']');
  for (const Case& c : {
           Case{"a: 1\nb: 2\n", "none"},
           Case{"a:\n\tb: 1\n", "tab-indentation 2:1-2:2"},
           Case{"a: \"abc\nb: 1\n", "unterminated-quote 1:4-1:8"},
           Case{"a: 'x\n", "unterminated-quote 1:4-1:6"},
           Case{"a: 1\nb\n", "missing-colon 2:1-2:2"},
           Case{"- a\n-b\n", "missing-space 2:1-2:2"},
           Case{"a: 1\nb:c\n", "missing-space 2:2-2:3"},
           Case{"a:\n- port:80\n  name: x\n", "missing-space 2:7-2:8"},
           Case{"a: x:80\n  name: x\n", "bad-indentation 2:3-2:7"},
           Case{"a: 1\n---\n...\n", "unexpected-token 3:1-3:4"},
           Case{"---\n...\n", "none"},
           Case{"a: b: c\n", "second-colon 1:5-1:6"},
           Case{"name: x\n  image: y\n", "bad-indentation 2:3-2:8"},
           Case{"a:\n  b: 1\n c: 2\n", "bad-indentation 3:2-3:4"},
           Case{"a: [1, 2\nb: 3\n", "unclosed-bracket 2:2-2:3"},
           Case{"a: [1, 2\n", "unclosed-bracket 1:4-1:5"},
           Case{"a: {b: 1\n", "unclosed-bracket 1:4-1:5"},
           Case{"a: *x\n", "unknown-anchor 1:4-1:6"},
           Case{"a: *.example.com\n", "bad-anchor 1:4-1:17"},
           Case{"a: &A [*A]\n", "alias-cycle 1:8-1:10"},
           Case{"? [x, y]\n: z\n", "complex-key 1:3-1:9"},
           Case{"~: z\n", "null-key 1:1-1:2"},
           Case{"a: .inf\n", "not-json 1:4-1:8"},
           Case{"a: !!int x\n", "wrong-tag 1:10-1:11"},
           Case{"a: @x\n", "reserved-character 1:4-1:5"},
           Case{"a: \"\\d\"\n", "unknown-escape 1:5-1:7"},
           Case{"a: - b\n", "unexpected-dash 1:4-1:5"},
           Case{"a: |x\n  b\n", "block-header 1:4-1:6"},
           Case{"%YAML 1.1\n---\na: 1\n", "directive 1:1-1:10"},
           Case{"a: 1\n----\nb: 1\n", "separator 2:4-2:5"},
           Case{"a: 1\n--- {b: 2}\n", "separator 2:5-2:11"},
           Case{"a: 1\na: 2\n", "yaml-duplicate-key 2:1-2:2"},
           Case{"a: \xff\n", "yaml-not-utf8 1:4-1:5"},
           Case{"a: \x01\n", "control-character 1:4-1:5"},
           Case{"\xFF\xFE", "utf-16 1:1-1:3"},
           Case{"<<: 1\n", "merge-value 1:5-1:6"},
           Case{"{{- if .x }}\na: 1\n{{- end }}\n", "template 1:1-1:13"},
           Case{"a: {{ .Values.x }}\n", "template 1:1-1:19"},
           Case{"a:\n  {{- toYaml .x }}\nb: 1\n", "template 2:3-2:19"},
           Case{"{\"a\": 1,}\n", "none"},
           Case{"{\"a\": 1]\n", "json-unexpected 1:8-1:9"},
           Case{"{\"a\": [1, 2\n", "json-truncated 1:7-1:8"},
           Case{deep, "too-deep 1:501-1:502"},
       }) {
    CAPTURE(c.text);
    CHECK(problem(c.text) == c.expected);
  }
  CHECK(problem(std::string("a\0b", 3)) == "binary 1:2-1:3");
}

TEST_CASE("an error in one document leaves the others readable") {
  File file = parse("f.yaml", "a: [\n---\nb: 2\n---\n# only a comment\n---\n---\nc: \"\n--- # fine\nd: 4\n");
  REQUIRE(file.documents.size() == 4);
  CHECK(!file.documents[0].root);
  CHECK(to_json(file.documents[1].root) == R"({"b":2})");
  CHECK(!file.documents[2].root);
  CHECK(to_json(file.documents[3].root) == R"({"d":4})");
  CHECK(place(file, file.documents[3].extent) == "10:1-11:1");
}

TEST_CASE("what aliases and merge keys show is shared") {
  File file = parse("f.yaml", "base: &b {x: 1, w: {z: 2}}\nfree: {x: 1}\nother: *b\nmine:\n  <<: *b\n  x: 3\n");
  Node root = file.documents.at(0).root;
  CHECK(to_json(root) ==
        R"({"base":{"x":1,"w":{"z":2}},"free":{"x":1},"other":{"x":1,"w":{"z":2}},"mine":{"x":3,"w":{"z":2}}})");
  CHECK(root["other"].shared());
  CHECK(value_bytes(file, "other") == "*b");
  CHECK(root["other"]["w"]["z"].shared());
  CHECK(root["base"]["x"].shared());
  CHECK(root["mine"]["w"].shared());
  CHECK(!root["mine"]["x"].shared());
  CHECK(!root["free"]["x"].shared());
  CHECK(!root["mine"].shared());
}

TEST_CASE("alias bombs are refused in little time") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    std::string previous = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + previous;
    for (int k = 0; k < 8; ++k) {
      bomb += ", " + previous;
    }
    bomb += "]\n";
  }
  CHECK(problem(bomb).starts_with("alias-bomb"));
  std::string tower = "a0: &a0 [x]\n";
  for (int i = 1; i < 60; ++i) {
    tower += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  Limits limits;
  limits.max_depth = 50;
  File file = parse("f.yaml", tower, limits);
  REQUIRE(file.documents.size() == 1);
  CHECK(file.documents[0].problems.at(0).variant == "too-deep");
}

TEST_CASE("the path that helm template notes is kept") {
  File file = parse("f.yaml", "---\n# Source: web/templates/deployment.yaml\nkind: A\n---\nkind: B # Source: no\n");
  REQUIRE(file.documents.size() == 2);
  CHECK(file.documents[0].source_comment == "web/templates/deployment.yaml");
  CHECK(file.documents[1].source_comment.empty());
}

TEST_CASE("a last line without its end is ended, as kubectl does") {
  CHECK(to_json(parse("f", "a: |\n  b").documents.at(0).root) == R"({"a":"b\n"})");
  CHECK(to_json(parse("f", "a: |-\n  b").documents.at(0).root) == R"({"a":"b"})");
  CHECK(to_json(parse("f", "a: >\n  b\n  c").documents.at(0).root) == R"({"a":"b c\n"})");
  CHECK(to_json(parse("f", "a: |+\n  b\n\n ").documents.at(0).root) == R"({"a":"b\n\n\n"})");
}

TEST_CASE("a byte order mark that begins a later line is a part of the key, as for kubectl") {
  CHECK(to_json(parse("f", "m: 2\n\uFEFFa: 1\n").documents.at(0).root) == "{\"m\":2,\"\uFEFFa\":1}");
}

TEST_CASE("what follows a JSON value and is no JSON is read as YAML, as kubectl 1.36 does") {
  struct Case {
    const char* text;
    const char* json;  // of the documents, one a line
  };
  for (const Case& c :
       {Case{"{\"a\":1}\n# note\n", "{\"a\":1}"}, Case{"{\"a\":1}\n---\nb: 2\n", "{\"a\":1}\n{\"b\":2}"},
        Case{"{\"a\":1}\n{\"b\":2}\n---\nc: 3\n", "{\"a\":1}\n{\"b\":2}\n!json-unexpected"},
        Case{"{\"a\":1} x\n", "{\"a\":1}\n!json-unexpected"}, Case{"{\"a\":1}~", "{\"a\":1}\n!json-unexpected"},
        Case{"  {a: 1,}\n", "{\"a\":1}"}, Case{"{\"a\":1,}\n", "{\"a\":1}"},
        Case{"{\"a\":[1,2,],\"b\":\"x\ty\"}\n", "{\"a\":[1,2],\"b\":\"x\\ty\"}"},
        Case{"{\"a\":1e400}\n", "!not-json"}}) {
    std::string found;
    for (const Document& document : parse("f", c.text).documents) {
      found += found.empty() ? "" : "\n";
      found += document.root ? to_json(document.root) : "!" + document.problems.at(0).variant;
    }
    CHECK(found == c.json);
  }
}

TEST_CASE("a carriage return before CR LF makes no line of its own") {
  CHECK(to_json(parse("f", "a: |\r\n  b\r\r\n  c\r\n").documents.at(0).root) == R"({"a":"b\nc\n"})");
  CHECK(to_json(parse("f", "a: b\r\r\n c\r\n").documents.at(0).root) == R"({"a":"b c"})");
}

TEST_CASE("an anchor that ends at a colon leaves the rest to the value") {
  CHECK(to_json(parse("f", "a: &b:c\n d\n").documents.at(0).root) == R"({"a":":c d"})");
}

TEST_CASE("the tree of a small document takes little memory, so that a file may have a great many") {
  std::string text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n";
  for (int i = 0; i < 20; ++i) {
    text += "  key-" + std::to_string(i) + ": " + std::string(100, 'x') + "\n";
  }
  const File file = parse("f", text);
  CHECK(file.documents.at(0).tree->memory_bytes() < 4 * text.size());
}

TEST_CASE("bytes that are no UTF-8 are replaced as kubectl does") {
  CHECK(to_json(parse("f", "a: x\xEF\xBFy\xE9\xE9").documents.at(0).root) == "{\"a\":\"x\uFFFDy\uFFFD\uFFFD\"}");
}

TEST_CASE("a colon that belongs to a key of a flow mapping stays in it") {
  CHECK(to_json(parse("f", "v: {a:, b: 2}").documents.at(0).root) == R"({"v":{"a:":null,"b":2}})");
}
