// --add-ignore: a suppression comment for each finding, at the end of its line, or above where a comment cannot stand.
#include <algorithm>
#include <map>
#include <set>

#include "document/edit.hpp"
#include "lint/inputs/overlay.hpp"
#include "lint/lint.hpp"
#include "lint/suppress/suppressions.hpp"

namespace podcheck::lint {

namespace {

std::string listed(const std::set<std::string>& rules) {
  std::string out;
  for (const auto& rule : rules) {
    out += (out.empty() ? "" : ", ") + rule;
  }
  return out;
}

std::string comment(const std::set<std::string>& rules, const std::string& reason) {
  return "# podcheck: ignore[" + listed(rules) + "]" + (reason.empty() ? "" : " " + reason);
}

// Where the text of a line ends, before its line break.
std::uint32_t line_end(const document::SourceText& text, std::uint32_t line) {
  return text.line_start(line) + static_cast<std::uint32_t>(text.line(line).size());
}

document::Edit edit_for(const document::File& file, std::uint32_t line, const std::set<std::string>& rules,
                        const std::string& reason, const std::vector<CommentMark>& marks) {
  const std::uint32_t start = file.text.line_start(line);
  const std::uint32_t end = line_end(file.text, line);
  for (const auto& mark : marks) {
    // The line has a suppression already: its list grows.
    if (!mark.own_line && mark.hash >= start && mark.hash < end) {
      const auto bracket = file.text.bytes().find(']', mark.text);
      if (bracket < end) {
        const auto at = static_cast<std::uint32_t>(bracket);
        return {at, at, ", " + listed(rules)};
      }
    }
  }
  const bool in_text =
      end > start && inside_scalar(file, end - 1) && (end >= file.text.bytes().size() || inside_scalar(file, end));
  if (!in_text) {
    return {end, end, " " + comment(rules, reason)};
  }
  const std::string_view row = file.text.line(line);
  const auto indent = row.find_first_not_of(' ');
  const std::string_view bytes = file.text.bytes();
  const bool crlf = end < bytes.size() && bytes[end] == '\r';
  return {start, start,
          std::string(indent == std::string_view::npos ? 0 : indent, ' ') + comment(rules, reason) +
              (crlf ? "\r\n" : "\n")};
}

}  // namespace

FixResult add_ignores(const Options& options, const std::string& reason, catalogue::Catalogue& catalogue,
                      FileSystem& below) {
  OverlayFileSystem files(below);
  FixResult out;
  out.after = run(options, catalogue, files);
  std::map<std::string, std::map<std::uint32_t, std::set<std::string>>> wanted;
  for (const auto& subject : out.after.report.subjects) {
    for (const auto& finding : subject.findings) {
      if (finding.location && finding.location->line > 0 && finding.id != "unused-suppression") {
        wanted[finding.location->file][finding.location->line].insert(finding.id);
      }
    }
  }
  std::vector<finding::Note> notes;
  for (const auto& [name, lines] : wanted) {
    const std::string path = name == options.stdin_name ? "-" : name;
    auto bytes = files.read(path, options.max_file_bytes);
    if (!bytes.ok) {
      continue;
    }
    const document::File file = document::parse(name, bytes.bytes);
    const bool json = std::any_of(file.documents.begin(), file.documents.end(),
                                  [](const auto& document) { return document.language == document::Language::json; });
    if (json) {
      notes.push_back({name, catalogue.say("suppression.not-yaml", {{"path", name}})});
      continue;
    }
    const auto marks = find_marks(file);
    std::vector<document::Edit> edits;
    for (const auto& [line, rules] : lines) {
      edits.push_back(edit_for(file, line, rules, reason, marks));
    }
    if (auto text = document::apply_edits(bytes.bytes, edits)) {
      out.changes.push_back({name, bytes.bytes, *text});
      files.texts[path] = std::move(*text);
    }
  }
  const auto& summary = out.after.report.summary;
  const int before = summary.error + summary.warning + summary.info;
  out.after = run(options, catalogue, files);
  out.fixed = std::max(
      0, before - (out.after.report.summary.error + out.after.report.summary.warning + out.after.report.summary.info));
  out.after.report.notes.insert(out.after.report.notes.end(), notes.begin(), notes.end());
  return out;
}

}  // namespace podcheck::lint
