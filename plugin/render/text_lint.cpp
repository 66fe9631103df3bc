#include <algorithm>

#include "render/terminal_text.hpp"
#include "render/text.hpp"

namespace podcheck::render {

namespace {

using finding::Finding;

// Bytes of the first `columns` code points of a line.
std::size_t byte_of(std::string_view line, std::uint32_t code_points) {
  std::size_t at = 0;
  while (at < line.size() && code_points > 0) {
    ++at;
    while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xc0) == 0x80) {
      ++at;
    }
    --code_points;
  }
  return at;
}

std::string tabs_as_spaces(std::string_view text) {
  std::string out;
  for (char c : text) {
    out += c == '\t' ? ' ' : c;
  }
  return out;
}

void write_source(std::string& out, const finding::Location& at, const TextContext& context) {
  if (at.source_line.empty()) {
    return;
  }
  // Long lines are cut to a window around the token, so that one-line JSON stays readable.
  std::string line = tabs_as_spaces(at.source_line);
  std::size_t begin = byte_of(line, at.column - 1);
  std::size_t end = at.end_line == at.line ? byte_of(line, at.end_column - 1) : line.size();
  end = std::max(end, begin);
  std::string number = std::to_string(at.line);
  int room = std::max(20, context.options.width - static_cast<int>(number.size()) - 4);
  std::string before = line.substr(0, begin);
  std::string token = line.substr(begin, end - begin);
  std::string after = line.substr(end);
  if (display_width(before) > room / 2) {
    std::size_t keep = before.size();
    while (keep > 0 && display_width(before.substr(keep)) < room / 3) {
      --keep;
      while (keep > 0 && (static_cast<unsigned char>(before[keep]) & 0xc0) == 0x80) {
        --keep;
      }
    }
    before = "…" + before.substr(keep);
  }
  token = shorten(token, std::max(1, room - display_width(before)));
  after = shorten(after, std::max(1, room - display_width(before) - display_width(token)));
  std::string gutter(number.size(), ' ');
  const Palette& paint = context.palette;
  out += gutter + paint.dim(" |") + "\n";
  out += paint.dim(number + " | ") + before + paint.strong(token) + after + "\n";
  std::string marks(static_cast<std::size_t>(std::max(1, display_width(token))), '^');
  out += gutter + paint.dim(" | ") + std::string(static_cast<std::size_t>(display_width(before)), ' ') +
         paint.error(marks) + "\n";
}

void write_detail(std::string& out, const std::string& label, const std::string& text, const TextContext& context) {
  int indent = 5 + display_width(label) + 2;
  auto lines = wrap(text, std::max(20, context.options.width - indent));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += i == 0 ? "   = " + context.palette.dim(label + ": ") : std::string(static_cast<std::size_t>(indent), ' ');
    out += lines[i] + "\n";
  }
}

std::string flags_for(const finding::Fix& fix) {
  return fix.edits.empty() ? "" : fix.safety == finding::Safety::safe ? "  (--fix)" : "  (--fix --unsafe-fixes)";
}

void write(std::string& out, const Finding& found, const TextContext& context) {
  const finding::Location at = found.location.value_or(finding::Location{});
  const Palette& paint = context.palette;
  std::string place = at.file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  out += paint.strong(place) + ": " + context.severity(found.severity) + ": " + found.message + " " +
         paint.dim("[" + found.id + "]") + "\n";
  write_source(out, at, context);
  if (!found.outcome.empty()) {
    write_detail(out, context.say("render.outcome"), found.outcome, context);
  }
  for (const auto& fix : found.fixes) {
    write_detail(out, context.say("render.fix"), fix.summary + flags_for(fix), context);
  }
  for (const auto& related : found.related) {
    write_detail(out, context.say("render.see"),
                 related.location.file + ":" + std::to_string(related.location.line) + ":" +
                     std::to_string(related.location.column) + "  " + related.message,
                 context);
  }
  if (context.options.verbose) {
    write_detail(out, context.say("render.why"), found.why, context);
    write_detail(out, context.say("render.more"), context.options.command + " explain " + found.id, context);
  }
  out += "\n";
}

}  // namespace

void write_lint_subject(std::string& out, const finding::Subject& subject, const TextContext& context) {
  for (const auto& found : subject.findings) {
    write(out, found, context);
    if (!subject.source_comment.empty()) {
      out.pop_back();
      write_detail(out, context.say("render.source"), subject.source_comment, context);
      out += "\n";
    }
  }
}

}  // namespace podcheck::render
