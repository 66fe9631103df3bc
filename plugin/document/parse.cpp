#include <algorithm>

#include "document/document.hpp"
#include "document/json_file.hpp"
#include "document/split.hpp"
#include "document/utf8.hpp"
#include "document/yaml_compose.hpp"
#include "document/yaml_outline.hpp"
#include "document/yaml_values.hpp"

namespace podcheck::document {

namespace {

// What a file may hold, in values and in what a document takes beside its own: some 60 bytes of memory each, and as
// much again for what is found in them. Two hundred thousand documents, or a hundred megabytes of usual manifests.
constexpr std::size_t most_values = 8u << 20;
constexpr std::size_t values_of_document = 40;
// yaml-cpp is asked about documents up to this size; it reads a character at a time.
constexpr std::size_t largest_for_yaml_cpp = 1u << 20;

Problem syntax_problem(SyntaxError error) {
  return {"yaml-syntax", std::move(error.variant), error.range, std::move(error.values), true, error.related};
}

std::string hexadecimal(unsigned value, int digits) {
  static constexpr char symbols[] = "0123456789ABCDEF";
  std::string text;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    text += symbols[(value >> shift) & 15];
  }
  return text;
}

// What the bytes of a document are made of.
struct Bytes {
  bool utf8 = true;
  bool plain_breaks = true;       // LF and CR LF only, which yaml-cpp and kubectl read alike
  std::size_t first_bad = 0;      // of the bytes that are no UTF-8
  std::size_t first_control = 0;  // of the characters that YAML forbids; the end when there are none
};

Bytes inspect(std::string_view text, std::size_t begin, std::size_t end) {
  Bytes bytes;
  bytes.first_control = end;
  for (std::size_t at = begin; at < end;) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c < 0x7F) {
      ++at;
      continue;
    }
    std::size_t length = 1;
    bool forbidden = false;
    if (c < 0x80) {
      forbidden = c != '\t' && c != '\n' && c != '\r';
      if (c == '\r') {
        bytes.plain_breaks = bytes.plain_breaks && at + 1 < end && text[at + 1] == '\n';
      }
    } else {
      length = utf8_length(text.substr(0, end), at);
      if (length == 0) {
        if (bytes.utf8) {
          bytes.first_bad = at;
        }
        bytes.utf8 = false;
        length = 1;
      } else if (length == 2 && c == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0) {
        forbidden = text[at + 1] != '\x85';
        bytes.plain_breaks = false;
      } else if (length == 3 && c == 0xE2 && text[at + 1] == '\x80' &&
                 (text[at + 2] == '\xA8' || text[at + 2] == '\xA9')) {
        bytes.plain_breaks = false;
      } else if (length == 3 && c == 0xEF && text[at + 1] == '\xBF' &&
                 static_cast<unsigned char>(text[at + 2]) > 0xBD) {
        forbidden = true;
      }
    }
    if (forbidden && bytes.first_control == end) {
      bytes.first_control = at;
    }
    at += length;
  }
  return bytes;
}

bool template_line(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t-"), line.size()));
  return line.starts_with("{{");
}

// Whether a document that is no YAML is a template that was not rendered: the mark is on the line of the error, or a
// line before it begins with one.
bool is_template(std::string_view text, Range extent, std::size_t error_at, const std::vector<BlockScalar>& blocks) {
  std::size_t line = extent.begin;
  auto block = blocks.begin();
  while (line < extent.end) {
    const std::size_t stop = std::min<std::size_t>(text.find('\n', line), extent.end);
    std::string_view content = text.substr(line, stop - line);
    while (block != blocks.end() && block->range.end < line) {
      ++block;
    }
    const bool inside = block != blocks.end() && line >= block->body && line < block->range.end;
    if (error_at <= stop) {
      return content.find("{{") != std::string_view::npos || template_line(content);
    }
    if (!inside && template_line(content)) {
      return true;
    }
    line = stop + 1;
  }
  return false;
}

class Parser {
 public:
  Parser(File& file, const Limits& limits) : file_(file), text_(file.text.bytes()), limits_(limits) {}

  void run() {
    read();
    if (too_many_) {
      file_.documents.clear();
      file_.problems.push_back({"yaml-syntax", too_many_values, {}, {}, true, {}});
    }
  }

 private:
  void read() {
    const std::size_t begin = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    const std::size_t first = text_.find_first_not_of(" \t\r\n\v\f");
    // kubectl takes a file for JSON when it begins with a brace; a byte order mark hides the brace from it.
    if (first != std::string_view::npos && text_[first] == '{') {
      json(first);
    } else {
      yaml(begin);
    }
  }

  // Counts a document with so many values; false when the file has too many.
  bool spend(std::size_t values) {
    values += values_of_document;
    too_many_ = too_many_ || values > values_left_;
    values_left_ -= std::min(values, values_left_);
    return !too_many_;
  }

  void add_problem(Document& document, SyntaxError error, const std::vector<BlockScalar>& blocks) {
    if (is_template(text_, document.extent, error.range.begin, blocks)) {
      error.variant = "template";
      const std::size_t end = std::min(text_.find_first_of("\r\n", error.range.begin), text_.size());
      std::size_t begin = error.range.begin == 0 ? 0 : text_.rfind('\n', error.range.begin - 1) + 1;
      begin = std::min(text_.find_first_not_of(" \t", begin), end);
      error.values = {{"text", std::string(text_.substr(begin, end - begin))}};
      error.range = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }
    document.problems.push_back(syntax_problem(std::move(error)));
    document.root = Node();
  }

  // Reads JSON values one after the other. What is no JSON, kubectl reads as YAML from there on, unless it has read
  // several values before (apimachinery util/yaml/decoder.go).
  void json(std::size_t at) {
    std::size_t rest = at;
    for (std::size_t values = 0; at < text_.size(); ++values) {
      Document document;
      document.language = Language::json;
      document.tree = std::make_unique<Tree>();
      const std::size_t start = at;
      SyntaxError error;
      if (!read_json_value(text_, at, limits_, values_left_, *document.tree, document.problems, error)) {
        if (error.variant == too_many_values) {
          too_many_ = true;
          return;
        }
        // A number out of range is JSON all the same.
        if (values <= 1 && error.variant != "not-json" && readable_as_yaml(rest)) {
          yaml(rest);
          return;
        }
        document.extent = {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(text_.size())};
        add_problem(document, std::move(error), {});
        file_.documents.push_back(std::move(document));
        return;
      }
      document.extent = {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(at)};
      document.root = document.tree->root();
      note_bad_bytes(document, inspect(text_, start, at));
      if (!spend(document.tree->node_count())) {
        return;
      }
      if (!document.root.is_null()) {
        file_.documents.push_back(std::move(document));
      }
      rest = rest_of_line(at);
      at = std::min(text_.find_first_not_of(" \t\r\n", at), text_.size());
    }
  }

  // Behind the blanks at `at`, or behind the line when nothing else is on it.
  std::size_t rest_of_line(std::size_t at) const {
    at = std::min(text_.find_first_not_of(" \t\r\v\f", at), text_.size());
    return at < text_.size() && text_[at] == '\n' ? at + 1 : at;
  }

  // Whether a document that may hold an object begins there, or none at all; kubectl wants four bytes to tell.
  bool readable_as_yaml(std::size_t begin) {
    if (text_.size() - begin < 4) {
      return false;
    }
    const std::size_t before = values_left_;
    const Document document = yaml_document(split_documents(text_, begin).front());
    values_left_ = before;  // it is read again if it is YAML
    return document.root ? document.root.is_mapping() || document.root.is_null() : document.problems.empty();
  }

  void yaml(std::size_t begin) {
    for (const Chunk& chunk : split_documents(text_, begin)) {
      Document document = yaml_document(chunk);
      if (too_many_) {
        return;
      }
      // Documents without an object are passed over, as kubectl does.
      if ((document.root && !document.root.is_null()) || !document.problems.empty()) {
        file_.documents.push_back(std::move(document));
      }
    }
  }

  void note_bad_bytes(Document& document, const Bytes& bytes) {
    if (!bytes.utf8) {
      const auto at = static_cast<std::uint32_t>(bytes.first_bad);
      document.problems.push_back({"yaml-not-utf8",
                                   "",
                                   {at, at + 1},
                                   {{"byte", hexadecimal(static_cast<unsigned char>(text_[at]), 2)}},
                                   false,
                                   {}});
    }
  }

  Document yaml_document(const Chunk& chunk) {
    Document document;
    document.extent = chunk.extent;
    document.source_comment = chunk.source_comment;
    document.tree = std::make_unique<Tree>();
    if (chunk.bad_separator.end != 0) {
      SyntaxError error;
      error.variant = "separator";
      error.range = chunk.bad_separator;
      error.values = {{"text", std::string(text_.substr(error.range.begin, error.range.end - error.range.begin))}};
      document.problems.push_back(syntax_problem(std::move(error)));
      return document;
    }
    const Bytes bytes = inspect(text_, chunk.extent.begin, chunk.extent.end);
    if (bytes.first_control != chunk.extent.end) {
      const auto at = static_cast<std::uint32_t>(bytes.first_control);
      const auto length = static_cast<std::uint32_t>(std::max<std::size_t>(1, utf8_length(text_, at)));
      SyntaxError error;
      error.variant = "control-character";
      error.range = {at, at + length};
      const unsigned code = length == 1   ? static_cast<unsigned char>(text_[at])
                            : length == 2 ? static_cast<unsigned char>(text_[at + 1])
                                          : 0xFF00u + 0x40u + static_cast<unsigned char>(text_[at + 2]);
      error.values = {{"code", hexadecimal(code, 4)}};
      document.problems.push_back(syntax_problem(std::move(error)));
      return document;
    }
    note_bad_bytes(document, bytes);
    Outline outline = outline_yaml(text_, chunk.scan_begin, chunk.extent.end, limits_.max_depth, values_left_);
    if (outline.error.variant == too_many_values || !spend(outline.events.size())) {
      too_many_ = true;
      return document;
    }
    if (!outline.good) {
      add_problem(document, std::move(outline.error), outline.block_scalars);
      return document;
    }
    if (outline.events.empty()) {
      return document;
    }
    YamlValues values(text_.substr(chunk.scan_begin, chunk.extent.end - chunk.scan_begin), outline);
    const bool alike = bytes.utf8 && bytes.plain_breaks && chunk.extent.end - chunk.scan_begin <= largest_for_yaml_cpp;
    SyntaxError error;
    if (!compose_yaml({text_, outline, alike ? &values : nullptr, bytes.utf8, limits_}, *document.tree,
                      document.problems, error)) {
      add_problem(document, std::move(error), outline.block_scalars);
      return document;
    }
    document.root = document.tree->root();
    return document;
  }

  File& file_;
  std::string_view text_;
  const Limits& limits_;
  std::size_t values_left_ = most_values;
  bool too_many_ = false;
};

// Bytes that are no text at all: said once for the file.
bool refuse(File& file) {
  std::string_view text = file.text.bytes();
  Problem problem{"yaml-syntax", "", {}, {}, true, {}};
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    problem.variant = "utf-16";
    problem.range = {0, 2};
  } else if (std::size_t zero = text.substr(0, 4096).find('\0'); zero != std::string_view::npos) {
    problem.variant = "binary";
    problem.range = {static_cast<std::uint32_t>(zero), static_cast<std::uint32_t>(zero + 1)};
  } else {
    return false;
  }
  file.problems.push_back(std::move(problem));
  return true;
}

}  // namespace

File parse(std::string name, std::string bytes, const Limits& limits) {
  File file;
  constexpr std::size_t offsets = 0xFFFFFFF0;
  if (bytes.size() > std::min(limits.max_bytes, offsets)) {
    Problem problem{"yaml-syntax", "too-large", {}, {}, true, {}};
    problem.values = {{"size", std::to_string(bytes.size() >> 20)}, {"limit", std::to_string(limits.max_bytes >> 20)}};
    file.text = SourceText(std::move(name), "");
    file.problems.push_back(std::move(problem));
    return file;
  }
  file.text = SourceText(std::move(name), std::move(bytes));
  if (!refuse(file)) {
    Parser(file, limits).run();
  }
  return file;
}

}  // namespace podcheck::document
