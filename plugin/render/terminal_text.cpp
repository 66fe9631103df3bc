#include "render/terminal_text.hpp"

#include <array>

namespace podcheck::render {

namespace {

struct CodePoint {
  char32_t value;
  std::size_t length;  // bytes; 1 for an invalid byte
  bool valid;
};

CodePoint decode(std::string_view text) {
  auto byte = static_cast<unsigned char>(text[0]);
  std::size_t length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
  if (length == 0 || byte > 0xf4 || length > text.size()) {
    return {0xfffd, 1, false};
  }
  if (length == 1) {
    return {byte, 1, true};
  }
  char32_t value = byte & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) {
      return {0xfffd, 1, false};
    }
    value = (value << 6) | (next & 0x3f);
  }
  bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    return {0xfffd, 1, false};
  }
  return {value, length, true};
}

struct Interval {
  char32_t first, last;
};

// East Asian Width W and F, and emoji presentation (Unicode Standard Annex 11), in the ranges that texts use.
constexpr std::array<Interval, 17> wide = {{{0x1100, 0x115f},
                                            {0x231a, 0x231b},
                                            {0x23e9, 0x23ec},
                                            {0x2614, 0x2615},
                                            {0x267f, 0x267f},
                                            {0x26a1, 0x26a1},
                                            {0x2705, 0x2705},
                                            {0x274c, 0x274c},
                                            {0x2e80, 0x303e},
                                            {0x3041, 0xa4cf},
                                            {0xa960, 0xa97f},
                                            {0xac00, 0xd7a3},
                                            {0xf900, 0xfaff},
                                            {0xfe30, 0xfe6f},
                                            {0xff00, 0xff60},
                                            {0xffe0, 0xffe6},
                                            {0x1f300, 0x3fffd}}};
constexpr std::array<Interval, 6> zero_width = {
    {{0x0300, 0x036f}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2069}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}}};

template <std::size_t N>
bool within(const std::array<Interval, N>& intervals, char32_t value) {
  for (const Interval& interval : intervals) {
    if (value >= interval.first && value <= interval.last) {
      return true;
    }
  }
  return false;
}

int width_of(char32_t value) {
  if (value < 0x300) {
    return 1;
  }
  return within(zero_width, value) ? 0 : within(wide, value) ? 2 : 1;
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    CodePoint point = decode(text);
    width += width_of(point.value);
    text.remove_prefix(point.length);
  }
  return width;
}

std::string pad(std::string_view text, int width) {
  std::string out(text);
  out.append(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
  return out;
}

std::string pad_left(std::string_view text, int width) {
  std::string out(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
  out += text;
  return out;
}

std::string shorten(std::string_view text, int width) {
  if (display_width(text) <= width) {
    return std::string(text);
  }
  std::string out;
  int used = 0;
  while (!text.empty()) {
    CodePoint point = decode(text);
    if (used + width_of(point.value) > width - 1) {
      break;
    }
    used += width_of(point.value);
    out += text.substr(0, point.length);
    text.remove_prefix(point.length);
  }
  return out + "…";
}

std::vector<std::string> wrap(std::string_view text, int width) {
  std::vector<std::string> lines;
  std::string line;
  int used = 0;
  // The last place where the line may be broken: its length in bytes and columns, and where the next line begins.
  std::size_t break_at = 0;
  std::size_t resume_at = 0;
  bool can_break = false;
  while (!text.empty()) {
    CodePoint point = decode(text);
    std::string_view bytes = text.substr(0, point.length);
    text.remove_prefix(point.length);
    if (point.value == '\n') {
      lines.push_back(line);
      line.clear();
      used = 0;
      can_break = false;
      continue;
    }
    int columns = width_of(point.value);
    if (used + columns > width && point.value != ' ' && can_break) {
      std::string rest = line.substr(resume_at);
      line.resize(break_at);
      while (line.ends_with(' ')) {
        line.pop_back();
      }
      lines.push_back(line);
      line = rest;
      used = display_width(line);
      can_break = false;
    }
    line += bytes;
    used += columns;
    if (point.value == ' ') {
      break_at = line.size() - 1;
      resume_at = line.size();
      can_break = true;
    } else if (columns == 2) {
      break_at = resume_at = line.size();
      // A closing mark must not begin a line.
      bool mark_follows =
          text.starts_with("、") || text.starts_with("。") || text.starts_with("」") || text.starts_with("）");
      can_break = !mark_follows;
    }
  }
  if (!line.empty() || lines.empty()) {
    lines.push_back(line);
  }
  return lines;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    CodePoint point = decode(text);
    if (!point.valid) {
      out += "\xef\xbf\xbd";
    } else if (point.value == '\n' || point.value == '\t') {
      out += static_cast<char>(point.value);
    } else if (point.value == '\r') {
      // A carriage return before a newline is a line end of another system; alone it would overwrite the line.
      if (text.size() < 2 || text[1] != '\n') {
        out += "^M";
      }
    } else if (point.value < 0x20) {
      out += '^';
      out += static_cast<char>(point.value + 0x40);
    } else if (point.value == 0x7f) {
      out += "^?";
    } else if ((point.value >= 0x80 && point.value < 0xa0) || (point.value >= 0x202a && point.value <= 0x202e) ||
               (point.value >= 0x2066 && point.value <= 0x2069)) {
      out += "\xef\xbf\xbd";  // C1 controls and bidirectional overrides
    } else {
      out += text.substr(0, point.length);
    }
    text.remove_prefix(point.length);
  }
  return out;
}

namespace {

void clean(std::string& text) {
  text = printable(text);
}

void clean(std::optional<finding::Location>& location) {
  if (location) {
    clean(location->file);
    clean(location->source_line);
  }
}

void clean(finding::Finding& found) {
  for (std::string* text : {&found.outcome, &found.container, &found.message, &found.why, &found.path}) {
    clean(*text);
  }
  for (auto& proof : found.evidence) {
    clean(proof.source);
    clean(proof.text);
  }
  for (auto& fix : found.fixes) {
    for (std::string* text : {&fix.summary, &fix.command, &fix.patch, &fix.effect}) {
      clean(*text);
    }
  }
  clean(found.location);
  for (auto& related : found.related) {
    clean(related.location.file);
    clean(related.message);
  }
  for (auto& step : found.chain) {
    clean(step);
  }
  for (auto& rejected : found.rejected) {
    clean(rejected.reason);
  }
}

}  // namespace

finding::Report printable(const finding::Report& report) {
  finding::Report out = report;
  for (auto& subject : out.subjects) {
    for (std::string* text : {&subject.kind, &subject.namespace_, &subject.name, &subject.owner, &subject.status,
                              &subject.headline, &subject.source_comment}) {
      clean(*text);
    }
    clean(subject.location);
    for (auto& found : subject.findings) {
      clean(found);
    }
    for (auto& node : subject.nodes) {
      clean(node.name);
      clean(node.detail);
      for (auto& [name, cell] : node.resources) {
        clean(name);
        clean(cell);
      }
    }
    for (auto& moment : subject.timeline) {
      clean(moment.text);
    }
  }
  for (auto& note : out.notes) {
    clean(note.about);
    clean(note.message);
  }
  return out;
}

}  // namespace podcheck::render
