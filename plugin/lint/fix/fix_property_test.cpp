// What holds for every safe fix, whatever it is applied to: the examples of all cards and the manifests of the test
// data.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "document/document.hpp"
#include "lint/lint.hpp"

using namespace podcheck;

namespace {

constexpr const char* name = "manifest.yaml";

lint::FixResult fixed(catalogue::Catalogue& catalogue, const std::string& text, bool unsafe = false) {
  lint::MemoryFileSystem files;
  files.files[name] = text;
  lint::Options options;
  options.paths = {name};
  return lint::fix(options, unsafe, catalogue, files);
}

lint::Result linted(catalogue::Catalogue& catalogue, const std::string& text) {
  lint::MemoryFileSystem files;
  files.files[name] = text;
  lint::Options options;
  options.paths = {name};
  return lint::run(options, catalogue, files);
}

std::string after(const lint::FixResult& result, const std::string& before) {
  return result.changes.empty() ? before : result.changes[0].after;
}

int refusals(const finding::Report& report) {
  int count = 0;
  for (const auto& subject : report.subjects) {
    count += static_cast<int>(std::count_if(subject.findings.begin(), subject.findings.end(),
                                            [](const auto& finding) { return finding.category == "invalid"; }));
  }
  return count;
}

// Every scalar of the objects, as kubectl would send it, by document and path.
using Leaves = std::map<std::string, std::string>;

void walk(document::Node node, const std::string& path, Leaves& leaves) {
  if (node.is_scalar() && !node.is_null()) {
    leaves[path] = document::to_json(node);
  }
  for (const auto& member : node.members()) {
    walk(member.value, path + "." + std::string(member.key), leaves);
  }
  int index = 0;
  for (document::Node item : node.items()) {
    walk(item, path + "[" + std::to_string(index++) + "]", leaves);
  }
}

Leaves leaves_of(const std::string& text) {
  Leaves leaves;
  const document::File file = document::parse(name, text);
  int number = 0;
  for (const auto& document : file.documents) {
    walk(document.root, std::to_string(number++), leaves);
  }
  return leaves;
}

// "2.spec.containers[0].image": the document without its number, and without what the path of a finding may quote.
std::string field_of(const std::string& leaf) {
  return leaf.substr(std::min(leaf.find('.') + 1, leaf.size()));
}

std::string unquoted(std::string path) {
  for (const std::string_view quote : {"[\"", "\"]"}) {
    for (std::size_t at = path.find(quote); at != std::string::npos; at = path.find(quote, at)) {
      path.replace(at, 2, quote[0] == '[' ? "." : "");
    }
  }
  return path;
}

bool is_at_or_below(const std::string& path, const std::string& parent) {
  return path.compare(0, parent.size(), parent) == 0 &&
         (path.size() == parent.size() || path[parent.size()] == '.' || path[parent.size()] == '[');
}

std::string before_last(const std::string& path, const char* what) {
  const std::size_t end = path.rfind(what);
  return end == std::string::npos ? path : path.substr(0, end);
}

std::string parent_of(const std::string& path) {
  return path.ends_with("\"]") ? before_last(path, "[\"")
                               : path.substr(0, std::min(path.find_last_of(".["), path.size()));
}

// Paths of findings that have a safe fix, and what stands around them: a key is renamed in its parent, an item is added
// to the list that it stands in.
std::set<std::string> fixed_fields(const finding::Report& report) {
  std::set<std::string> fields;
  for (const auto& subject : report.subjects) {
    for (const auto& finding : subject.findings) {
      if (std::any_of(finding.fixes.begin(), finding.fixes.end(),
                      [](const auto& fix) { return fix.safety == finding::Safety::safe && !fix.edits.empty(); })) {
        fields.insert(unquoted(finding.path));
        fields.insert(unquoted(parent_of(finding.path)));
        fields.insert(unquoted(before_last(parent_of(finding.path), "[")));
      }
    }
  }
  return fields;
}

std::vector<std::string> changed_leaves(const std::string& before, const std::string& after_text) {
  const Leaves old_leaves = leaves_of(before), new_leaves = leaves_of(after_text);
  std::vector<std::string> changed;
  for (const auto& [path, value] : old_leaves) {
    const auto now = new_leaves.find(path);
    if (now == new_leaves.end() || now->second != value) {
      changed.push_back(field_of(path));
    }
  }
  for (const auto& [path, value] : new_leaves) {
    if (old_leaves.count(path) == 0) {
      changed.push_back(field_of(path));
    }
  }
  return changed;
}

// Lines that are a comment and nothing else, but those that suppress.
std::multiset<std::string> comments(const std::string& text) {
  std::multiset<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t first = text.find_first_not_of(" \t", begin);
    const std::string line = text.substr(begin, end - begin);
    if (first < end && text[first] == '#' && line.find("podcheck:") == std::string::npos) {
      out.insert(line);
    }
    begin = end + 1;
  }
  return out;
}

std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  return out;
}

// Block scalars keep the line ends of a file in their values.
bool has_block_scalar(const std::string& text) {
  return text.find("|\n") != std::string::npos || text.find(">\n") != std::string::npos ||
         text.find("|-\n") != std::string::npos || text.find(">-\n") != std::string::npos ||
         text.find("|+\n") != std::string::npos;
}

void check(catalogue::Catalogue& catalogue, const std::string& text) {
  CAPTURE(text);
  const auto first = fixed(catalogue, text);
  const std::string result = after(first, text);
  if (!first.changes.empty()) {
    const auto found = linted(catalogue, text);
    CHECK_MESSAGE(fixed(catalogue, result).changes.empty(), "a second run changes more: " << result);
    CHECK_MESSAGE(refusals(first.after.report) <= refusals(found.report), "the verdict is worse: " << result);
    CHECK_MESSAGE(comments(result) == comments(text), "a comment is lost: " << result);
    const auto fields = fixed_fields(found.report);
    for (const auto& leaf : changed_leaves(text, result)) {
      CHECK_MESSAGE(std::any_of(fields.begin(), fields.end(),
                                [&](const std::string& field) { return is_at_or_below(leaf, field); }),
                    leaf << " changed, which no safe fix was for: " << result);
    }
    if (text.find('\r') == std::string::npos && !has_block_scalar(text)) {
      const std::string windows = with_crlf(text);
      CHECK(after(fixed(catalogue, windows), windows) == with_crlf(result));
    }
  }
  const auto bold = fixed(catalogue, text, true);
  if (!bold.changes.empty()) {
    const std::string changed = after(bold, text);
    CHECK_MESSAGE(fixed(catalogue, changed, true).changes.empty(), "a second unsafe run changes more: " << changed);
    CHECK_MESSAGE(refusals(bold.after.report) <= refusals(linted(catalogue, text).report),
                  "the verdict is worse: " << changed);
    CHECK_MESSAGE(comments(changed) == comments(text), "a comment is lost: " << changed);
  }
}

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace

TEST_CASE("fixes change the fields that they are for and nothing else: examples of all cards") {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  int seen = 0;
  for (const auto& rule : catalogue.rules()) {
    CAPTURE(rule.id);
    for (document::Node example : catalogue.card(rule.id)["examples"].items()) {
      const document::Node text = example["bad"] ? example["bad"] : example["good"];
      check(catalogue, std::string(text.string()));
      ++seen;
    }
  }
  CHECK(seen > 500);
}

TEST_CASE("fixes change the fields that they are for and nothing else: manifests of the test data") {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(PODCHECK_SOURCE_DIR "/testdata")) {
    const auto extension = entry.path().extension();
    const bool manifest = entry.path().filename() == "manifest.yaml" ||
                          entry.path().string().find("/manifests/") != std::string::npos ||
                          entry.path().string().find("/demo/") != std::string::npos;
    if (!entry.is_regular_file() || !manifest || (extension != ".yaml" && extension != ".json")) {
      continue;
    }
    CAPTURE(entry.path().string());
    check(catalogue, read(entry.path()));
    ++seen;
  }
  CHECK(seen > 50);
}

TEST_CASE("lines that anchors, aliases or merge keys share are left to people") {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  const std::string shared[] = {
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
      "    - {name: a, image: a:1, env: [{name: A, value: &port 8080}, {name: B, value: *port}]}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
      "    - &base\n      name: a\n      image: a:1\n      env: [{name: A, value: 8080}]\n"
      "    - {<<: *base, name: b}\n",
  };
  for (const auto& text : shared) {
    CAPTURE(text);
    CHECK(refusals(linted(catalogue, text).report) > 0);
    CHECK(fixed(catalogue, text).changes.empty());
    CHECK(fixed(catalogue, text, true).changes.empty());
  }
}
