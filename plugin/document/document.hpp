// Text in, positioned trees out: every document of a YAML or JSON file, with what is wrong in it as values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/node.hpp"

namespace podcheck::document {

// 1-based; columns count Unicode code points, as SARIF's columnKind unicodeCodePoints and editors do.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  bool operator==(const Position&) const = default;
};

// The bytes of a file and where its lines begin. Immutable; at most 4 GiB.
class SourceText {
 public:
  SourceText() = default;
  SourceText(std::string name, std::string bytes);
  const std::string& name() const { return name_; }  // as the user wrote the path; "-" for standard input
  std::string_view bytes() const { return bytes_; }
  Position position(std::uint32_t offset) const;
  std::size_t line_count() const { return line_starts_.size(); }
  std::string_view line(std::uint32_t number) const;  // 1-based, without its end of line
  std::uint32_t line_start(std::uint32_t number) const { return line_starts_[number - 1]; }

 private:
  std::string name_;
  std::string bytes_;
  std::vector<std::uint32_t> line_starts_;
  // Continuation bytes before each block of the text, so that a place far into one long line is found at once.
  std::vector<std::uint32_t> continuations_;
  std::uint32_t continuations_before(std::uint32_t offset) const;
};

// Something wrong with the text itself. `id` and `variant` name a rule card and its message; `values` fill that
// message's placeholders.
struct Problem {
  std::string id;       // yaml-syntax, yaml-duplicate-key, ...
  std::string variant;  // which message of the card; empty for the card's only one
  Range range;
  std::vector<std::pair<std::string, std::string>> values;
  bool fatal = false;  // the document could not be read: its root is missing
  Range related;       // e.g. the first of two equal keys; empty when there is none
};

enum class Language : std::uint8_t { yaml, json };

struct Document {
  std::unique_ptr<Tree> tree;
  Node root;     // missing when the document is empty or a problem is fatal
  Range extent;  // of the document in the file, separators left out
  Language language = Language::yaml;
  std::vector<Problem> problems;
  // The path that `helm template` notes in a "# Source: chart/templates/x.yaml" comment above the document.
  std::string source_comment;
};

struct File {
  SourceText text;
  std::vector<Document> documents;  // empty and comment-only documents are left out, as kubectl does
  std::vector<Problem> problems;    // of the file as a whole: not UTF-8, binary, too large
};

struct Limits {
  std::size_t max_bytes = 256u << 20;
  std::size_t max_depth = 500;
  std::size_t max_alias_nodes = 1u << 20;  // nodes that expanding all aliases would make
};

// Never throws and always ends, whatever the bytes are. Scalars are resolved as kubectl resolves them
// (sigs.k8s.io/yaml goyaml.v2 resolve.go); documents are split where kubectl splits them.
File parse(std::string name, std::string bytes, const Limits& limits = {});

// Reads JSON without positions into a tree, fast: for cluster objects. Fails with a sentence in `error`.
// With `keep` (see projection.hpp) only the named fields are stored.
class Projection;
bool parse_json(std::string_view bytes, Tree& tree, std::string& error, const Projection* keep = nullptr);

// Compact JSON text of a node; mapping order as stored.
std::string to_json(Node node);

}  // namespace podcheck::document
