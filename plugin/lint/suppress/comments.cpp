// Comments: where they are, and which lines they cover.
#include <algorithm>

#include "lint/suppress/suppressions.hpp"

namespace podcheck::lint {

namespace {

using document::Node;
using document::Range;

constexpr std::string_view marker = "podcheck:";

bool scalar_covers(Node node, std::uint32_t offset) {
  if (node.is_scalar()) {
    return node.range().begin <= offset && offset < node.range().end;
  }
  for (Node item : node.items()) {
    if (scalar_covers(item, offset)) {
      return true;
    }
  }
  for (const auto& member : node.members()) {
    const Range key = member.value.key_range();
    if ((key.begin <= offset && offset < key.end) || scalar_covers(member.value, offset)) {
      return true;
    }
  }
  return false;
}

// The outermost node that begins on the line [begin, end): a member by its key, an item or document by itself.
Node outermost(Node node, std::uint32_t begin, std::uint32_t end) {
  const auto starts_here = [&](std::uint32_t at) { return begin <= at && at < end; };
  for (Node item : node.items()) {
    if (item.range().begin < end && (starts_here(item.range().begin))) {
      return item;
    }
    if (Node inner = outermost(item, begin, end)) {
      return inner;
    }
  }
  for (const auto& member : node.members()) {
    if (starts_here(member.value.key_range().begin) && !member.value.shared()) {
      return member.value;
    }
    if (!member.value.shared()) {
      if (Node inner = outermost(member.value, begin, end)) {
        return inner;
      }
    }
  }
  return {};
}

const document::Document* document_at(const document::File& file, std::uint32_t offset) {
  const document::Document* found = nullptr;
  for (const auto& document : file.documents) {
    if (document.extent.begin <= offset || found == nullptr) {
      found = document.extent.end > offset || document.extent.begin <= offset ? &document : found;
    }
  }
  return found;
}

bool is_blank_or_comment(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r");
  return first == std::string_view::npos || line[first] == '#';
}

}  // namespace

bool inside_scalar(const document::File& file, std::uint32_t offset) {
  return std::any_of(file.documents.begin(), file.documents.end(), [&](const document::Document& document) {
    return document.extent.begin <= offset && offset < document.extent.end && scalar_covers(document.root, offset);
  });
}

std::vector<CommentMark> find_marks(const document::File& file) {
  std::vector<CommentMark> out;
  const std::string_view bytes = file.text.bytes();
  for (std::size_t at = bytes.find(marker); at != std::string_view::npos; at = bytes.find(marker, at + 1)) {
    std::size_t hash = at;
    while (hash > 0 && (bytes[hash - 1] == ' ' || bytes[hash - 1] == '\t')) {
      --hash;
    }
    if (hash == 0 || bytes[hash - 1] != '#') {
      continue;
    }
    --hash;
    if (hash > 0 && std::string_view(" \t\n\r").find(bytes[hash - 1]) == std::string_view::npos) {
      continue;
    }
    CommentMark mark;
    mark.hash = static_cast<std::uint32_t>(hash);
    mark.text = static_cast<std::uint32_t>(at + marker.size());
    mark.end = static_cast<std::uint32_t>(std::min(bytes.find('\n', at), bytes.size()));
    const auto before = bytes.substr(0, hash).find_last_not_of(" \t");
    mark.own_line = before == std::string_view::npos || bytes[before] == '\n' || bytes[before] == '\r';
    if (!inside_scalar(file, mark.hash)) {
      out.push_back(mark);
    }
  }
  return out;
}

void Suppressions::read_comments(const document::File& file) {
  for (const CommentMark& mark : find_marks(file)) {
    DirectiveError error;
    Suppression suppression;
    const std::string_view text = file.text.bytes().substr(mark.text, mark.end - mark.text);
    suppression.directive = parse_directive(text, catalogue_, error);
    if (!error.key.empty()) {
      mistake(file, mark.text + static_cast<std::uint32_t>(error.at), error);
      continue;
    }
    suppression.file = &file;
    suppression.range = {mark.hash, mark.end};
    const std::uint32_t line = file.text.position(mark.hash).line;
    suppression.first_line = suppression.last_line = line;
    const auto last = static_cast<std::uint32_t>(file.text.line_count());
    if (suppression.directive.whole_file) {
      suppression.first_line = 1;
      suppression.last_line = last;
    } else if (mark.own_line) {
      std::uint32_t next = line + 1;
      while (next < last && (is_blank_or_comment(file.text.line(next)) || file.text.line(next).substr(0, 3) == "---")) {
        ++next;
      }
      suppression.first_line = suppression.last_line = next;
      const std::uint32_t begin = next <= last ? file.text.line_start(next) : mark.end;
      const std::uint32_t end =
          next < last ? file.text.line_start(next + 1) : static_cast<std::uint32_t>(file.text.bytes().size());
      const document::Document* document = document_at(file, begin);
      if (document != nullptr && document->root) {
        const bool whole = document->root.range().begin >= begin && document->root.range().begin < end;
        const Node covered = whole ? document->root : outermost(document->root, begin, end);
        if (covered && covered.range().end > begin) {
          suppression.last_line = std::max(next, file.text.position(covered.range().end - 1).line);
        }
      }
    }
    add(std::move(suppression));
  }
}

}  // namespace podcheck::lint
