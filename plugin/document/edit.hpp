// Changes to a text that keep everything else in it: comments, order, quoting, indentation and line ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.hpp"

namespace podcheck::document {

// Bytes [begin, end) become `text`. An insertion has begin == end.
struct Edit {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text;
  bool operator==(const Edit&) const = default;
};

// The text with all edits made; nothing when two overlap or one lies outside. Two insertions at one place stay in the
// order given.
std::optional<std::string> apply_edits(std::string_view text, std::vector<Edit> edits);

enum class Refusal : std::uint8_t {
  none,
  shared,      // an alias, a merge key or an anchor that others use: these bytes mean several places
  not_found,   // no node, or not one of this document
  wrong_type,  // no mapping, no sequence, no member
  exists,      // the mapping has the key already
  unusual,     // "? key", a tag or an anchor in the way, a key without braces in a flow sequence
};

struct EditResult {
  std::optional<Edit> edit;
  Refusal refusal = Refusal::none;
  explicit operator bool() const { return edit.has_value(); }
};

// Edits of one document of a file; both must outlive it. Texts given for values are YAML as it would stand in a flow
// collection: 80, 512Mi, "a b", {a: 1}, [x]. In JSON files they become JSON.
class Editor {
 public:
  Editor(const File& file, const Document& document);

  // A value by another. Where both are strings, the quotes stay as they are.
  EditResult replace_value(Node node, std::string_view value) const;
  // The key by which `member` was reached.
  EditResult rename_key(Node member, std::string_view key) const;
  // A member or an item with its lines, or its part of a flow collection.
  EditResult remove(Node node) const;
  // At the end of the mapping, which may be {} or a null.
  EditResult insert_member(Node mapping, std::string_view key, std::string_view value) const;
  // At the end of the sequence, which may be [] or a null.
  EditResult append_item(Node sequence, std::string_view value) const;

 private:
  bool json() const { return document_.language == Language::json; }
  char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  std::size_t line_start(std::size_t offset) const;
  std::size_t line_end(std::size_t offset) const;  // before its line break
  std::size_t next_line(std::size_t offset) const;
  std::string_view line_break() const;
  std::optional<std::string> indentation(std::size_t offset) const;
  bool alone_before(std::size_t offset) const;
  bool several_lines(Range range) const;
  bool flow(Node node) const;
  bool ends_in_kept_breaks(Node node) const;
  Refusal properties_before(Node node) const;
  Refusal hindrance(Node node) const;
  Refusal ambiguous(Node parent) const;
  EditResult replace(Node node, std::string_view value) const;
  bool anchor_used_elsewhere(std::size_t begin, std::size_t end) const;
  Node parent_of(Node below, Node node) const;
  std::size_t dash_before(Node sequence, std::size_t index) const;
  std::string value_text(std::string_view value, bool in_flow) const;
  std::string key_text(std::string_view key, bool in_flow) const;
  EditResult remove_from_flow(Node parent, std::size_t index) const;
  EditResult remove_from_block(Node parent, std::size_t index) const;
  EditResult add_to_flow(Node collection, std::string entry) const;
  EditResult add_to_block(Node collection, std::string entry) const;
  EditResult add_to_null(Node node, bool item, const std::string& block_entry, const std::string& flow_entry) const;
  EditResult add(Node collection, bool item, const std::string& block_entry, const std::string& flow_entry) const;

  std::string_view text_;
  const Document& document_;
  bool odd_breaks_ = false;  // lines that end in something else than LF or CR LF
};

// A string as YAML: plain where that is read as the same string, else in the quotes of `like`, else in double quotes.
std::string write_string(std::string_view value, Style like = Style::plain, bool in_flow = false);

}  // namespace podcheck::document
