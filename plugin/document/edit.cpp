#include "document/edit.hpp"

#include <algorithm>

#include "document/yaml_scalar.hpp"

namespace podcheck::document {

namespace {

EditResult refuse(Refusal refusal) {
  return {std::nullopt, refusal};
}

EditResult change(std::size_t begin, std::size_t end, std::string text) {
  if (begin > end) {
    return refuse(Refusal::unusual);
  }
  return {Edit{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), std::move(text)}, Refusal::none};
}

// The value of a YAML text that stands for itself.
struct Given {
  File file;
  Node root;
  explicit Given(std::string_view text) : file(parse("", "---\n" + std::string(text))) {
    if (!file.documents.empty()) {
      root = file.documents[0].root;
    }
  }
};

std::string json_string(std::string_view text) {
  Tree tree;
  TreeBuilder(tree).string(text);
  return to_json(tree.root());
}

bool word_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

}  // namespace

std::optional<std::string> apply_edits(std::string_view text, std::vector<Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::string out;
  std::size_t done = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < done || edit.end < edit.begin || edit.end > text.size()) {
      return std::nullopt;
    }
    out += text.substr(done, edit.begin - done);
    out += edit.text;
    done = edit.end;
  }
  out += text.substr(done);
  return out;
}

std::string write_string(std::string_view value, Style like, bool in_flow) {
  const bool controls =
      std::any_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (like == Style::single_quoted && !controls) {
    std::string out = "'";
    for (char c : value) {
      out += c == '\'' ? "''" : std::string(1, c);
    }
    return out + "'";
  }
  // A dash is an item's mark only before a blank: -jar is a plain word.
  const bool option = value.size() > 1 && value[0] == '-' && value[1] != ' ' && value != "---";
  const bool plain_first =
      !value.empty() && (option || std::string_view("-?:,[]{}#&*!|>'\"%@` ").find(value[0]) == std::string_view::npos);
  const bool plain = like != Style::double_quoted && plain_first && !controls && value.back() != ' ' &&
                     value.back() != ':' && value.find(": ") == std::string_view::npos &&
                     value.find(" #") == std::string_view::npos && value != "<<" && value != "---" && value != "..." &&
                     (!in_flow || value.find_first_of(",[]{}?") == std::string_view::npos);
  if (plain && resolve_scalar("", value, true).kind == ScalarValue::Kind::string) {
    return std::string(value);
  }
  return json_string(value);
}

Editor::Editor(const File& file, const Document& document) : text_(file.text.bytes()), document_(document) {
  for (std::size_t at = text_.find('\r'); at != std::string_view::npos && !odd_breaks_; at = text_.find('\r', at + 1)) {
    odd_breaks_ = !text_.substr(at + 1).starts_with('\n');
  }
  for (std::string_view other : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    odd_breaks_ = odd_breaks_ || text_.find(other) != std::string_view::npos;
  }
}

std::size_t Editor::line_start(std::size_t offset) const {
  return offset == 0 ? 0 : text_.rfind('\n', offset - 1) + 1;
}

std::size_t Editor::line_end(std::size_t offset) const {
  std::size_t end = std::min(text_.find('\n', offset), text_.size());
  return end > offset && end < text_.size() && text_[end - 1] == '\r' ? end - 1 : end;
}

std::size_t Editor::next_line(std::size_t offset) const {
  return std::min(text_.find('\n', offset), text_.size() - 1) + 1;
}

std::string_view Editor::line_break() const {
  const std::size_t first = text_.find('\n');
  return first != std::string_view::npos && first > 0 && text_[first - 1] == '\r' ? "\r\n" : "\n";
}

// Blanks as wide as what stands before `offset` on its line; nothing when that is more than dashes.
std::optional<std::string> Editor::indentation(std::size_t offset) const {
  std::size_t start = line_start(offset);
  // One that begins a later line counts as a column, which blanks alone do not reproduce.
  if (start == 0 && text_.starts_with("\xEF\xBB\xBF")) {
    start = 3;
  }
  std::string_view before = text_.substr(start, offset - start);
  if (before.find_first_not_of(" -") != std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(before.size(), ' ');
}

// A key with a colon has to stand on one line.
bool Editor::several_lines(Range range) const {
  return text_.substr(range.begin, range.end - range.begin).find('\n') != std::string_view::npos;
}

bool Editor::alone_before(std::size_t offset) const {
  const std::size_t start = line_start(offset);
  return text_.substr(start, offset - start).find_first_not_of(' ') == std::string_view::npos;
}

// Whether a node stands in (or is) a flow collection.
bool Editor::flow(Node node) const {
  if (json()) {
    return true;
  }
  for (Node above = parent_of(document_.root, node); above; above = parent_of(document_.root, above)) {
    if (above.style() == Style::flow) {
      return true;
    }
  }
  return false;
}

// "|+" keeps the empty lines after it: text put there would take them away.
bool Editor::ends_in_kept_breaks(Node node) const {
  while ((node.is_mapping() || node.is_sequence()) && !node.empty()) {
    node = node[node.size() - 1];
  }
  if (node.style() != Style::literal && node.style() != Style::folded) {
    return false;
  }
  return text_.substr(node.range().begin, 3).find('+') != std::string_view::npos;
}

bool Editor::anchor_used_elsewhere(std::size_t begin, std::size_t end) const {
  for (std::size_t mark = text_.find('&', begin); mark < end; mark = text_.find('&', mark + 1)) {
    std::size_t stop = mark + 1;
    while (word_character(at(stop))) {
      ++stop;
    }
    const std::string alias = "*" + std::string(text_.substr(mark + 1, stop - mark - 1));
    for (std::size_t use = text_.find(alias, document_.extent.begin); alias.size() > 1 && use < document_.extent.end;
         use = text_.find(alias, use + 1)) {
      if (!word_character(at(use + alias.size()))) {
        return true;
      }
    }
  }
  return false;
}

// What stands between a value and its key or dash: an anchor that is used, or a tag.
Refusal Editor::properties_before(Node node) const {
  std::size_t end = node.range().begin;
  if (at(end) == ':' && end > 0 && word_character(at(end - 1))) {
    return Refusal::unusual;  // "&a:b": nothing parts the anchor from its value
  }
  Refusal found = Refusal::none;
  while (end > document_.extent.begin) {
    const std::size_t last = text_.find_last_not_of(" \t\r\n", end - 1);
    if (last == std::string_view::npos || last < document_.extent.begin) {
      break;
    }
    const std::size_t begin = text_.find_last_of(" \t\r\n[{,", last) + 1;
    if (begin > last) {
      break;  // a bracket or a comma
    }
    if (at(begin) == '&') {
      return anchor_used_elsewhere(begin, last + 1) ? Refusal::shared : found;
    }
    if (at(begin) != '!') {
      break;
    }
    found = Refusal::unusual;
    end = begin;
  }
  return found;
}

// Why a node cannot be edited at all.
Refusal Editor::hindrance(Node node) const {
  if (!node) {
    return Refusal::not_found;
  }
  if (node.shared()) {
    return Refusal::shared;
  }
  if (odd_breaks_) {
    return Refusal::unusual;
  }
  if (node != document_.root && !parent_of(document_.root, node)) {
    return Refusal::not_found;
  }
  return properties_before(node);
}

// In a mapping with equal keys or a merge key, what is taken away uncovers something else.
Refusal Editor::ambiguous(Node parent) const {
  const Range range = parent.range();
  for (const Problem& problem : document_.problems) {
    if (problem.id == "yaml-duplicate-key" && problem.range.begin >= range.begin && problem.range.end <= range.end) {
      return Refusal::unusual;
    }
  }
  const bool merge =
      parent.is_mapping() && text_.substr(range.begin, range.end - range.begin).find("<<") != std::string_view::npos;
  return merge ? Refusal::shared : Refusal::none;
}

// The collection that holds `node` directly; only collections whose bytes include the node's are looked into.
Node Editor::parent_of(Node below, Node node) const {
  const Range inner = node.range();
  for (std::size_t i = 0; i < below.size(); ++i) {
    Node child = below[i];
    if (child == node) {
      return below;
    }
    const Range outer = child.range();
    if (child.size() > 0 && outer.begin <= inner.begin && inner.end <= outer.end) {
      if (Node found = parent_of(child, node)) {
        return found;
      }
    }
  }
  return {};
}

// The dash of an item: between the item before it and the item are only blanks and comments.
std::size_t Editor::dash_before(Node sequence, std::size_t index) const {
  if (index == 0) {
    return sequence.range().begin;
  }
  std::size_t offset = sequence[index - 1].range().end;
  while (offset < text_.size() && at(offset) != '-') {
    offset = at(offset) == '#' ? line_end(offset) : offset + 1;
  }
  return offset;
}

std::string Editor::value_text(std::string_view value, bool in_flow) const {
  if (!json() && !in_flow) {
    return std::string(value);
  }
  Given given(value);
  if (!given.root) {
    return std::string(value);
  }
  if (json()) {
    return to_json(given.root);
  }
  const bool string = given.root.is_string() && given.root.style() == Style::plain;
  return string ? write_string(given.root.string(), Style::plain, true) : std::string(value);
}

std::string Editor::key_text(std::string_view key, bool in_flow) const {
  return json() ? json_string(key) : write_string(key, Style::plain, in_flow);
}

EditResult Editor::replace_value(Node node, std::string_view value) const {
  return node && node == document_.root ? refuse(Refusal::wrong_type) : replace(node, value);
}

EditResult Editor::replace(Node node, std::string_view value) const {
  if (Refusal refusal = hindrance(node); refusal != Refusal::none) {
    return refuse(refusal);
  }
  const Range range = node.range();
  const bool in_flow = flow(node);
  std::string text = value_text(value, in_flow);
  if (!json() && node.is_string()) {
    Given given(value);
    const bool quoted = node.style() == Style::single_quoted || node.style() == Style::double_quoted;
    if (given.root.is_string() && given.root.style() == Style::plain && quoted) {
      text = write_string(given.root.string(), node.style(), in_flow);
    }
  }
  if (range.begin == range.end) {
    const bool no_colon = range.begin == node.key_range().end;
    return no_colon && (!in_flow || several_lines(node.key_range()))
               ? refuse(Refusal::unusual)
               : change(range.begin, range.end, (no_colon ? ": " : " ") + text);
  }
  const bool block = node.style() == Style::block;
  if (anchor_used_elsewhere(range.begin, range.end) && (block || node.size() > 0)) {
    return refuse(Refusal::shared);
  }
  if (!block || node.key_range().end == 0) {
    return change(range.begin, range.end, std::move(text));
  }
  // A block collection begins on a later line than its key; what replaces it goes after the colon.
  const std::size_t colon = text_.find(':', node.key_range().end);
  std::string_view between = text_.substr(colon + 1, range.begin - colon - 1);
  const std::size_t first_line = std::min(between.find_first_of("\r\n"), between.size());
  std::string_view same_line = between.substr(0, first_line);
  const std::size_t mark = same_line.find_first_not_of(" \t");
  if (colon >= range.begin || (mark != std::string_view::npos && same_line[mark] != '#')) {
    return refuse(Refusal::unusual);
  }
  text = " " + text;
  text += same_line;
  const std::size_t comments_end = between.find_last_of("\n");
  if (comments_end != std::string_view::npos && comments_end > first_line + 1) {
    std::string_view comments = between.substr(first_line, comments_end - first_line);
    if (comments.ends_with('\r')) {
      comments.remove_suffix(1);
    }
    text += comments;
  }
  return change(colon + 1, range.end, std::move(text));
}

EditResult Editor::rename_key(Node member, std::string_view key) const {
  if (Refusal refusal = hindrance(member); refusal != Refusal::none && refusal != Refusal::unusual) {
    return refuse(refusal);
  }
  const Range range = member.key_range();
  if (range.end == 0 || odd_breaks_) {
    return refuse(odd_breaks_ ? Refusal::unusual : Refusal::wrong_type);
  }
  const Node parent = parent_of(document_.root, member);
  if (Refusal refusal = ambiguous(parent); refusal != Refusal::none) {
    return refuse(refusal);
  }
  if (parent.has(key)) {
    return refuse(Refusal::exists);
  }
  const std::size_t line = line_start(range.begin);
  if (at(range.begin) == '*' || anchor_used_elsewhere(line, range.begin)) {
    return refuse(Refusal::shared);
  }
  if (text_.substr(line, range.begin - line).find('!') != std::string_view::npos) {
    return refuse(Refusal::unusual);
  }
  const bool in_flow = flow(member);
  const Style like = at(range.begin) == '\''  ? Style::single_quoted
                     : at(range.begin) == '"' ? Style::double_quoted
                                              : Style::plain;
  return change(range.begin, range.end, json() ? json_string(key) : write_string(key, like, in_flow));
}

EditResult Editor::remove(Node node) const {
  if (Refusal refusal = hindrance(node); refusal != Refusal::none) {
    return refuse(refusal);
  }
  const Node parent = parent_of(document_.root, node);
  if (!parent) {
    return refuse(Refusal::wrong_type);
  }
  if (Refusal refusal = ambiguous(parent); refusal != Refusal::none) {
    return refuse(refusal);
  }
  std::size_t index = 0;
  while (parent[index] != node) {
    ++index;
  }
  const Range key = node.key_range();
  const std::size_t begin = parent.is_mapping() ? key.begin : node.range().begin;
  if (anchor_used_elsewhere(begin, node.range().end)) {
    return refuse(Refusal::shared);
  }
  if (parent.is_mapping() && anchor_used_elsewhere(line_start(begin), begin)) {
    return refuse(Refusal::shared);
  }
  if (parent.size() > 1 || parent.style() == Style::flow) {
    return parent.style() == Style::flow ? remove_from_flow(parent, index) : remove_from_block(parent, index);
  }
  return replace(parent, parent.is_mapping() ? "{}" : "[]");
}

EditResult Editor::remove_from_flow(Node parent, std::size_t index) const {
  const char open = at(parent.range().begin);
  if (open != '{' && open != '[') {
    return refuse(Refusal::unusual);
  }
  Node node = parent[index];
  auto begin_of = [&](std::size_t i) {
    return parent.is_mapping() ? parent[i].key_range().begin : parent[i].range().begin;
  };
  std::size_t begin = begin_of(index);
  std::size_t end = node.range().end;
  // Tags and anchors before it would stay behind.
  const std::size_t before = text_.find_last_not_of(" \t\r\n", begin - 1);
  if (before == std::string_view::npos || std::string_view("{[,").find(at(before)) == std::string_view::npos) {
    return refuse(Refusal::unusual);
  }
  const std::size_t comma = text_.find_first_not_of(" \t\r\n", end);
  if (comma != std::string_view::npos && at(comma) == ',') {
    end = comma + 1;
    std::size_t next = std::min(text_.find_first_not_of(" \t", end), text_.size());
    if (at(next) == '\r' || at(next) == '\n') {
      next = std::min(text_.find_first_not_of(" \t\r\n", end), text_.size());
    }
    end = at(next) == '#' ? end : next;
    if (index + 1 == parent.size() && index > 0) {
      end = comma;  // a trailing comma stays where it was, after what is then last
      begin = parent[index - 1].range().end;
    }
  } else if (index > 0) {
    begin = parent[index - 1].range().end;
  }
  return change(begin, end, "");
}

EditResult Editor::remove_from_block(Node parent, std::size_t index) const {
  Node node = parent[index];
  auto begin_of = [&](std::size_t i) {
    return parent.is_mapping() ? std::size_t{parent[i].key_range().begin} : dash_before(parent, i);
  };
  const std::size_t begin = begin_of(index);
  const std::size_t end = node.range().end;
  std::optional<std::string> indent = indentation(begin);
  if (!indent || ends_in_kept_breaks(node) || (index > 0 && ends_in_kept_breaks(parent[index - 1]))) {
    return refuse(Refusal::unusual);
  }
  if (alone_before(begin)) {
    return change(line_start(begin), next_line(end), "");
  }
  // The first of a collection that begins behind a dash: the next one takes its place.
  if (index + 1 >= parent.size() || !alone_before(begin_of(index + 1))) {
    return refuse(Refusal::unusual);
  }
  return change(begin, begin_of(index + 1), "");
}

EditResult Editor::insert_member(Node mapping, std::string_view key, std::string_view value) const {
  if (!mapping || !(mapping.is_mapping() || mapping.is_null())) {
    return refuse(mapping ? Refusal::wrong_type : Refusal::not_found);
  }
  if (mapping.has(key)) {
    return refuse(Refusal::exists);
  }
  return add(mapping, false, key_text(key, false) + ": " + value_text(value, false),
             key_text(key, true) + ": " + value_text(value, true));
}

EditResult Editor::append_item(Node sequence, std::string_view value) const {
  if (!sequence || !(sequence.is_sequence() || sequence.is_null())) {
    return refuse(sequence ? Refusal::wrong_type : Refusal::not_found);
  }
  return add(sequence, true, "- " + value_text(value, false), value_text(value, true));
}

EditResult Editor::add(Node collection, bool item, const std::string& block_entry,
                       const std::string& flow_entry) const {
  if (Refusal refusal = hindrance(collection); refusal != Refusal::none) {
    return refuse(refusal);
  }
  if (collection.is_null()) {
    return add_to_null(collection, item, block_entry, flow_entry);
  }
  return collection.style() == Style::flow ? add_to_flow(collection, flow_entry)
                                           : add_to_block(collection, block_entry);
}

EditResult Editor::add_to_flow(Node collection, std::string entry) const {
  const Range range = collection.range();
  const char open = at(range.begin);
  if (open != '{' && open != '[') {
    return refuse(Refusal::unusual);
  }
  if (collection.empty()) {
    return change(range.begin, range.end, open + std::move(entry) + (open == '{' ? "}" : "]"));
  }
  if (Refusal refusal = ambiguous(collection); refusal != Refusal::none) {
    return refuse(refusal);
  }
  const Node last = collection[collection.size() - 1];
  const std::size_t last_begin = collection.is_mapping() ? last.key_range().begin : last.range().begin;
  // One entry a line stays one entry a line.
  std::string separator = ", ";
  if (alone_before(last_begin)) {
    separator = "," + std::string(line_break()) + std::string(last_begin - line_start(last_begin), ' ');
  }
  return change(last.range().end, last.range().end, separator + entry);
}

EditResult Editor::add_to_block(Node collection, std::string entry) const {
  const std::size_t first = collection.range().begin;
  std::optional<std::string> indent = indentation(first);
  const bool merged = collection.is_mapping() && ambiguous(collection) != Refusal::none;
  if (!indent || (merged && std::any_of(collection.members().begin(), collection.members().end(),
                                        [this](const Member& m) { return ends_in_kept_breaks(m.value); }))) {
    return refuse(Refusal::unusual);
  }
  if (ends_in_kept_breaks(collection)) {
    return change(first, first, entry + std::string(line_break()) + *indent);
  }
  const std::size_t end = line_end(collection.range().end);
  return change(end, end, std::string(line_break()) + *indent + entry);
}

EditResult Editor::add_to_null(Node node, bool item, const std::string& block_entry,
                               const std::string& flow_entry) const {
  const Range range = node.range();
  const std::string in_brackets = item ? "[" + flow_entry + "]" : "{" + flow_entry + "}";
  if (range.begin != range.end) {
    return change(range.begin, range.end, in_brackets);
  }
  const bool no_colon = range.begin == node.key_range().end;
  if (no_colon && several_lines(node.key_range())) {
    return refuse(Refusal::unusual);
  }
  if (flow(node)) {
    return change(range.begin, range.end, (no_colon ? ": " : " ") + in_brackets);
  }
  if (no_colon) {
    return refuse(Refusal::unusual);
  }
  if (node.key_range().end == 0) {
    return at(range.begin - 1) == '-' ? change(range.begin, range.begin, " " + block_entry) : refuse(Refusal::unusual);
  }
  std::optional<std::string> indent = indentation(node.key_range().begin);
  if (!indent || at(range.begin - 1) != ':') {
    return refuse(Refusal::unusual);
  }
  const std::size_t end = line_end(range.begin);
  return change(end, end, std::string(line_break()) + *indent + "  " + block_entry);
}

}  // namespace podcheck::document
