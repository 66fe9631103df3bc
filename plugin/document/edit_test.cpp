#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "document/edit.hpp"

using namespace podcheck::document;

namespace {

std::string reason(Refusal refusal) {
  switch (refusal) {
    case Refusal::none:
      return "none";
    case Refusal::shared:
      return "shared";
    case Refusal::not_found:
      return "not_found";
    case Refusal::wrong_type:
      return "wrong_type";
    case Refusal::exists:
      return "exists";
    default:
      return "unusual";
  }
}

struct Case {
  std::string verb;  // replace, rename, remove, insert, append
  std::string text;
  std::string path;
  std::string key;
  std::string value;
  std::string expected;  // the edited text, or the refusal after "refused: "
};

std::string edited(const Case& c) {
  File file = parse("f.yaml", c.text);
  REQUIRE(file.documents.size() == 1);
  REQUIRE(static_cast<bool>(file.documents[0].root));
  Editor editor(file, file.documents[0]);
  Node node = c.path.empty() ? file.documents[0].root : at_path(file.documents[0].root, c.path);
  EditResult result = c.verb == "replace"  ? editor.replace_value(node, c.value)
                      : c.verb == "rename" ? editor.rename_key(node, c.key)
                      : c.verb == "remove" ? editor.remove(node)
                      : c.verb == "insert" ? editor.insert_member(node, c.key, c.value)
                                           : editor.append_item(node, c.value);
  if (!result) {
    return "refused: " + reason(result.refusal);
  }
  std::optional<std::string> text = apply_edits(c.text, {*result.edit});
  REQUIRE(text.has_value());
  return *text;
}

}  // namespace

TEST_CASE("an edit changes what it says and nothing else") {
  for (const Case& c : {
           Case{"replace", "a: 1 # c\nb: 2\n", "a", "", "3", "a: 3 # c\nb: 2\n"},
           Case{"replace", "a: \"512m\"\n", "a", "", "512Mi", "a: \"512Mi\"\n"},
           Case{"replace", "a: '512m'\n", "a", "", "512Mi", "a: '512Mi'\n"},
           Case{"replace", "a: \"80\"\n", "a", "", "80", "a: 80\n"},
           Case{"replace", "a: 80\n", "a", "", "\"80\"", "a: \"80\"\n"},
           Case{"replace", "a:\nb: 1\n", "a", "", "x", "a: x\nb: 1\n"},
           Case{"replace", "a:\n- 1\n- 2\nb: 1\n", "a", "", "[]", "a: []\nb: 1\n"},
           Case{"replace", "a: # why\n  b: 1\nc: 2\n", "a", "", "{}", "a: {} # why\nc: 2\n"},
           Case{"replace", "a:\r\n  # why\r\n  b: 1\r\nc: 2\r\n", "a", "", "{}", "a: {}\r\n  # why\r\nc: 2\r\n"},
           Case{"replace", "a: |\n  x\n  y\nb: 1\n", "a", "", "z", "a: z\nb: 1\n"},
           Case{"replace", "a: [x, y]\n", "a[0]", "", "a{b", "a: [\"a{b\", y]\n"},
           Case{"replace", "{\"a\": 1}", "a", "", "x y", "{\"a\": \"x y\"}"},
           Case{"replace", "{\"a\": 1}", "a", "", "{b: [1, x]}", "{\"a\": {\"b\":[1,\"x\"]}}"},
           Case{"replace", "a: &x 1\nb: *x\n", "a", "", "2", "refused: shared"},
           Case{"replace", "a: &x 1\nb: *x\n", "b", "", "2", "refused: shared"},
           Case{"replace", "a: &x 1\nb: x\n", "a", "", "2", "a: &x 2\nb: x\n"},
           Case{"replace", "a: &x\n  b: 1\nc: *x\n", "a.b", "", "2", "refused: shared"},
           Case{"replace", "a: &x {b: 1}\nc: {<<: *x, d: 1}\n", "c.b", "", "2", "refused: shared"},
           Case{"replace", "a: &x {b: 1}\nc: {<<: *x, d: 1}\n", "c.d", "", "2", "a: &x {b: 1}\nc: {<<: *x, d: 2}\n"},
           Case{"replace", "v: {\"a\n  b\"}\n", "v[\"a b\"]", "", "x", "refused: unusual"},
           Case{"insert", "v: {\"a\n  b\"}\n", "v[\"a b\"]", "k", "x", "refused: unusual"},
           Case{"replace", "v: {\"a b\"}\n", "v[\"a b\"]", "", "x", "v: {\"a b\": x}\n"},
           Case{"rename", "a:\n  limit: 1 # c\n", "a.limit", "limits", "", "a:\n  limits: 1 # c\n"},
           Case{"rename", "'a': 1\n", "a", "it's", "", "'it''s': 1\n"},
           Case{"rename", "a: 1\n", "a", "yes", "", "\"yes\": 1\n"},
           Case{"rename", "{\"a\": 1}", "a", "b", "", "{\"b\": 1}"},
           Case{"rename", "a: 1\nb: 2\n", "a", "b", "", "refused: exists"},
           Case{"remove", "a: 1\n# about b\nb: 2 # c\nc: 3\n", "b", "", "", "a: 1\n# about b\nc: 3\n"},
           Case{"remove", "a: 1\nb:\n  c: 1\n  d: 2\ne: 3\n", "b", "", "", "a: 1\ne: 3\n"},
           Case{"remove", "a:\n  b: 1\nc: 2\n", "a.b", "", "", "a: {}\nc: 2\n"},
           Case{"remove", "- a: 1\n  b: 2\n", "[0].a", "", "", "- b: 2\n"},
           Case{"remove", "- a: 1\n  b: 2\n", "[0].b", "", "", "- a: 1\n"},
           Case{"remove", "- a: 1\n", "[0].a", "", "", "- {}\n"},
           Case{"remove", "a:\n- 1\n# two\n- 2 # x\n- 3\n", "a[1]", "", "", "a:\n- 1\n# two\n- 3\n"},
           Case{"remove", "a:\n- b: 1\n  c: 2\n- d\n", "a[0]", "", "", "a:\n- d\n"},
           Case{"remove", "a:\n-\n  b: 1\n- d\n", "a[0]", "", "", "a:\n- d\n"},
           Case{"remove", "- - a\n  - b\n", "[0][0]", "", "", "- - b\n"},
           Case{"remove", "a:\n- 1\n", "a[0]", "", "", "a: []\n"},
           Case{"remove", "a: 1\nb: 2", "b", "", "", "a: 1\n"},
           Case{"remove", "a: 1\r\nb: 2\r\nc: 3\r\n", "b", "", "", "a: 1\r\nc: 3\r\n"},
           Case{"remove", "a: {b: 1, c: 2, d: 3}\n", "a.b", "", "", "a: {c: 2, d: 3}\n"},
           Case{"remove", "a: {b: 1, c: 2, d: 3}\n", "a.d", "", "", "a: {b: 1, c: 2}\n"},
           Case{"remove", "a: {b: 1}\n", "a.b", "", "", "a: {}\n"},
           Case{"remove", "a: [1, 2, ]\n", "a[1]", "", "", "a: [1, ]\n"},
           Case{"remove", "a: [1, # one\n  2]\n", "a[0]", "", "", "a: [ # one\n  2]\n"},
           Case{"remove", "{\n  \"a\": 1,\n  \"b\": 2\n}", "a", "", "", "{\n  \"b\": 2\n}"},
           Case{"remove", "{\n  \"a\": 1,\n  \"b\": 2\n}", "b", "", "", "{\n  \"a\": 1\n}"},
           Case{"remove", "a: &x 1\nb: *x\n", "a", "", "", "refused: shared"},
           Case{"remove", "a: 1\nb: *x\n", "", "", "", "skip"},
           Case{"remove", "? a\n: 1\n? b\n: 2\n", "a", "", "", "refused: unusual"},
           Case{"insert", "a:\n  b: 1 # c\nd: 2\n", "a", "x", "3", "a:\n  b: 1 # c\n  x: 3\nd: 2\n"},
           Case{"insert", "- a: 1\n- b\n", "[0]", "x", "y", "- a: 1\n  x: y\n- b\n"},
           Case{"insert", "a: 1", "", "x", "y", "a: 1\nx: y"},
           Case{"insert", "a: 1\r\n", "", "x", "y", "a: 1\r\nx: y\r\n"},
           Case{"insert", "a: {}\n", "a", "x", "y", "a: {x: y}\n"},
           Case{"insert", "a: {b: 1}\n", "a", "x", "[1, 2]", "a: {b: 1, x: [1, 2]}\n"},
           Case{"insert", "a: {b: 1, }\n", "a", "x", "y", "a: {b: 1, x: y, }\n"},
           Case{"insert", "a: # c\nb: 1\n", "a", "x", "y", "a: # c\n  x: y\nb: 1\n"},
           Case{"insert", "  a:\n", "a", "x", "y", "  a:\n    x: y\n"},
           Case{"insert", "a: ~\n", "a", "x", "y", "a: {x: y}\n"},
           Case{"insert", "-\n- b\n", "[0]", "x", "y", "- x: y\n- b\n"},
           Case{"insert", "a: {b: }\n", "a.b", "x", "y", "a: {b: {x: y} }\n"},
           Case{"insert", "{\n  \"a\": 1\n}", "", "x", "z", "{\n  \"a\": 1,\n  \"x\": \"z\"\n}"},
           Case{"insert", "a: |+\n  t\n\n", "", "x", "y", "x: y\na: |+\n  t\n\n"},
           Case{"insert", "a: |\n  t\n\n", "", "x", "y", "a: |\n  t\nx: y\n\n"},
           Case{"insert", "a: 1\n", "", "a", "2", "refused: exists"},
           Case{"insert", "a: 1\n", "a", "b", "2", "refused: wrong_type"},
           Case{"insert", "a: &x {b: 1}\nc: *x\n", "a", "d", "2", "refused: shared"},
           Case{"insert", "a: &x {b: 1}\nc: *x\n", "c", "d", "2", "refused: shared"},
           Case{"insert", "a: [b: 1]\n", "a[0]", "d", "2", "refused: unusual"},
           Case{"insert", "a: 1\n", "", "app.kubernetes.io/name", "x", "a: 1\napp.kubernetes.io/name: x\n"},
           Case{"append", "a:\n- 1\n- 2 # c\nb: 1\n", "a", "", "3", "a:\n- 1\n- 2 # c\n- 3\nb: 1\n"},
           Case{"append", "a:\n  - b: 1\n    c: 2\n", "a", "", "{b: 3}", "a:\n  - b: 1\n    c: 2\n  - {b: 3}\n"},
           Case{"append", "a: []\n", "a", "", "x", "a: [x]\n"},
           Case{"append", "a: [x]\n", "a", "", "y, z", "a: [x, \"y, z\"]\n"},
           Case{"append", "a:\nb: 1\n", "a", "", "x", "a:\n  - x\nb: 1\n"},
           Case{"append", "- - a\n- b\n", "[0]", "", "x", "- - a\n  - x\n- b\n"},
           Case{"append", "[\n  1,\n  2\n]\n", "", "", "3", "[\n  1,\n  2,\n  3\n]\n"},
           Case{"append", "a: x\n", "a", "", "3", "refused: wrong_type"},
           Case{"append", "\uFEFFa:\nb: 1\n", "a", "", "x", "\uFEFFa:\n  - x\nb: 1\n"},
           Case{"append", "m: 1\n\uFEFFa:\nb: 1\n", "\uFEFFa", "", "x", "m: 1\n\uFEFFa:\n  - x\nb: 1\n"},
       }) {
    if (c.expected == "skip") {
      continue;
    }
    CAPTURE(c.verb);
    CAPTURE(c.text);
    CAPTURE(c.path);
    CHECK(edited(c) == c.expected);
  }
}

TEST_CASE("edits are made together unless they overlap") {
  CHECK(apply_edits("abcdef", {{4, 5, "E"}, {0, 1, "A"}, {2, 2, "-"}, {2, 2, "+"}}) == "Ab-+cdEf");
  CHECK(apply_edits("abcdef", {{0, 3, ""}, {2, 4, ""}}) == std::nullopt);
  CHECK(apply_edits("abc", {{2, 4, ""}}) == std::nullopt);
  CHECK(apply_edits("abc", {{2, 1, ""}}) == std::nullopt);
}

TEST_CASE("strings are written so that they are read as the same strings") {
  for (std::string value : {"x",    "yes", "80",  "",   " a",   "a ",         "a: b", "a #b",  "a:",     "- a",
                            "-a",   "*a",  "1e3", "~",  "0x1f", "2020-01-01", "it's", "\"q\"", "tab\t",  "line\nbreak",
                            "日本", "a,b", "[x",  "<<", "null", "a\\b",       "?",    "---",   "{{ x }}"}) {
    for (Style like : {Style::plain, Style::single_quoted, Style::double_quoted}) {
      CAPTURE(value);
      File block = parse("f", "k: " + write_string(value, like) + "\n");
      REQUIRE(block.documents.size() == 1);
      CHECK(block.documents[0].root["k"].is_string());
      CHECK(block.documents[0].root["k"].string("?") == value);
      File flow = parse("f", "k: [" + write_string(value, like, true) + "]\n");
      REQUIRE(flow.documents.size() == 1);
      CHECK(flow.documents[0].root["k"].size() == 1);
      CHECK(flow.documents[0].root["k"][0].string("?") == value);
    }
  }
}

namespace {

void each_node(Node node, const std::function<void(Node)>& visit) {
  visit(node);
  for (std::size_t i = 0; i < node.size(); ++i) {
    each_node(node[i], visit);
  }
}

// The JSON of `root` as it should be after one change at `target`.
void intended(std::string& out, Node node, Node target, const std::string& verb) {
  auto quoted = [](std::string_view text) {
    Tree tree;
    TreeBuilder(tree).string(text);
    return to_json(tree.root());
  };
  const bool here = node == target;
  if (here && verb == "replace") {
    out += "\"new value\"";
    return;
  }
  const bool insert = here && verb == "insert";
  const bool append = here && verb == "append";
  if (!node.is_mapping() && !node.is_sequence() && !insert && !append) {
    out += to_json(node);
    return;
  }
  const bool mapping = node.is_mapping() || insert;
  out += mapping ? '{' : '[';
  const char* separator = "";
  for (std::size_t i = 0; i < node.size(); ++i) {
    Node child = node[i];
    if (child == target && verb == "remove") {
      continue;
    }
    out += separator;
    separator = ",";
    if (mapping) {
      out += quoted(child == target && verb == "rename" ? std::string_view("new-key") : child.key()) + ":";
    }
    intended(out, child, target, verb);
  }
  if (insert || append) {
    out += separator;
    out += insert ? "\"new-key\":\"new value\"" : "\"new value\"";
  }
  out += mapping ? '}' : ']';
}

bool same_json(const std::string& a, Node b) {
  Tree tree;
  std::string error;
  return parse_json(a, tree, error) && equal(tree.root(), b);
}

}  // namespace

TEST_CASE("after any edit of any node the text means exactly the changed object") {
  std::size_t made = 0;
  std::size_t refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(PODCHECK_SOURCE_DIR) /
                                                               "testdata/conformance/documents")) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    File file = parse("f", text);
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    for (std::size_t d = 0; d < file.documents.size(); ++d) {
      const Document& document = file.documents[d];
      if (!document.root || document.tree->node_count() > 200) {
        continue;
      }
      Editor editor(file, document);
      each_node(document.root, [&](Node node) {
        for (std::string verb : {"replace", "rename", "remove", "insert", "append"}) {
          EditResult result = verb == "replace"  ? editor.replace_value(node, "new value")
                              : verb == "rename" ? editor.rename_key(node, "new-key")
                              : verb == "remove" ? editor.remove(node)
                              : verb == "insert" ? editor.insert_member(node, "new-key", "new value")
                                                 : editor.append_item(node, "new value");
          if (!result) {
            ++refused;
            continue;
          }
          ++made;
          std::optional<std::string> after = apply_edits(text, {*result.edit});
          REQUIRE(after.has_value());
          std::string wanted;
          intended(wanted, document.root, node, verb);
          File again = parse("f", *after);
          CAPTURE(verb);
          CAPTURE(path_of(document.root, node));
          CAPTURE(*after);
          CAPTURE(wanted);
          CHECK(again.documents.size() == file.documents.size());
          if (again.documents.size() == file.documents.size()) {
            CHECK(same_json(wanted, again.documents[d].root));
          }
        }
      });
    }
  }
  CHECK(made > 4000);
  CHECK(refused > 0);
}
