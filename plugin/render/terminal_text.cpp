#include "render/terminal_text.hpp"

#include <algorithm>

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

bool is_printable(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  return plain || printable(text) == text;
}

// Calls visit() with every text of a report that is shown, which may be const.
template <typename Location, typename Visit>
void visit_location(Location& location, Visit visit) {
  visit(location.file);
  visit(location.source_line);
}

template <typename Finding, typename Visit>
void visit_finding(Finding& found, Visit visit) {
  for (auto* text : {&found.outcome, &found.container, &found.message, &found.why, &found.path}) {
    visit(*text);
  }
  for (auto& proof : found.evidence) {
    visit(proof.source);
    visit(proof.text);
  }
  for (auto& fix : found.fixes) {
    for (auto* text : {&fix.summary, &fix.command, &fix.patch, &fix.effect}) {
      visit(*text);
    }
  }
  if (found.location) {
    visit_location(*found.location, visit);
  }
  for (auto& related : found.related) {
    visit(related.location.file);
    visit(related.message);
  }
  for (auto& step : found.chain) {
    visit(step);
  }
  for (auto& rejected : found.rejected) {
    visit(rejected.reason);
  }
}

template <typename Subject, typename Visit>
void visit_subject(Subject& subject, Visit visit) {
  for (auto* text : {&subject.kind, &subject.namespace_, &subject.name, &subject.owner, &subject.status,
                     &subject.headline, &subject.source_comment}) {
    visit(*text);
  }
  if (subject.location) {
    visit_location(*subject.location, visit);
  }
  for (auto& found : subject.findings) {
    visit_finding(found, visit);
  }
  for (auto& node : subject.nodes) {
    visit(node.name);
    visit(node.detail);
    for (auto& [name, cell] : node.resources) {
      visit(name);
      visit(cell);
    }
  }
  for (auto& moment : subject.timeline) {
    visit(moment.text);
  }
}

template <typename Report, typename Visit>
void visit_report(Report& report, Visit visit) {
  for (auto& subject : report.subjects) {
    visit_subject(subject, visit);
  }
  for (auto& note : report.notes) {
    visit(note.about);
    visit(note.message);
  }
}

}  // namespace

const finding::Report& printable(const finding::Report& report, finding::Report& storage) {
  bool good = true;
  visit_report(report, [&](const std::string& text) { good = good && is_printable(text); });
  if (good) {
    return report;
  }
  storage = report;
  visit_report(storage, [](std::string& text) {
    if (!is_printable(text)) {
      text = printable(text);
    }
  });
  return storage;
}

}  // namespace podcheck::render
