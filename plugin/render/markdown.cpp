// Markdown to paste into a ticket or a step summary.
#include "render/escape.hpp"
#include "render/render.hpp"

namespace podcheck::render {

namespace {

std::string fence(const std::string& text) {
  return "```\n" + text + (text.ends_with('\n') ? "" : "\n") + "```\n";
}

void write_lint(std::string& out, const finding::Report& report, const catalogue::Catalogue& catalogue) {
  bool any = false;
  for (const auto& subject : report.subjects) {
    for (const auto& found : subject.findings) {
      if (!any) {
        out += "| | | | |\n| --- | --- | --- | --- |\n";
        any = true;
      }
      std::string place = found.location ? found.location->file + ":" + std::to_string(found.location->line) + ":" +
                                               std::to_string(found.location->column)
                                         : subject.kind + "/" + subject.name;
      std::string fix = found.fixes.empty() ? "" : "<br>" + markdown_cell(found.fixes.front().summary);
      out += "| " + catalogue.say(std::string("render.severity.") + to_string(found.severity)) + " | " +
             markdown_cell(place) + " | " + markdown_cell(found.message) + fix + " | `" + found.id + "` |\n";
    }
  }
  if (!any) {
    out += catalogue.say("render.report.nothing") + "\n";
  }
}

void write_finding(std::string& out, const finding::Finding& found, const catalogue::Catalogue& catalogue) {
  std::string label = to_string(found.confidence);
  out += "**" + markdown_cell(found.message) + "**";
  if (!label.empty()) {
    out += " (" + catalogue.say("render.confidence." + label) + ", `" + found.id + "`)";
  }
  out += "\n\n";
  if (!found.why.empty()) {
    out += found.why + "\n\n";
  }
  if (!found.evidence.empty()) {
    out += "| " + catalogue.say("render.proof") + " | | |\n| --- | --- | --- |\n";
    for (const auto& proof : found.evidence) {
      std::string count =
          proof.count > 1 ? " (" + catalogue.say("render.times", {{"count", std::to_string(proof.count)}}) + ")" : "";
      out += "| " + catalogue.say("render.evidence." + proof.kind) + " | " + markdown_cell(proof.source) + " | " +
             markdown_cell(proof.text) + count + " |\n";
    }
    out += "\n";
  }
  for (const auto& fix : found.fixes) {
    out += "- " + catalogue.say("render.fix") + ": " + fix.summary + "\n";
    if (!fix.command.empty()) {
      out += "\n" + fence(fix.command);
    }
  }
  out += "\n";
}

void write_live(std::string& out, const finding::Report& report, const catalogue::Catalogue& catalogue) {
  for (const auto& subject : report.subjects) {
    out += "## " + std::string(subject.healthy ? "✓ " : "✗ ") + subject.kind + " " + subject.namespace_ + "/" +
           subject.name + "\n\n";
    if (!subject.headline.empty()) {
      out += subject.headline + "\n\n";
    }
    for (const auto& found : subject.findings) {
      write_finding(out, found, catalogue);
    }
    if (!subject.nodes.empty()) {
      out += "| " + catalogue.say("render.nodes.node") + " | " + catalogue.say("render.nodes.verdict") +
             " |\n| --- | --- |\n";
      for (const auto& node : subject.nodes) {
        out += "| " + markdown_cell(node.name) + " | " +
               markdown_cell(node.fits ? catalogue.say("render.nodes.fits") : node.detail) + " |\n";
      }
      out += "\n";
    }
  }
}

}  // namespace

std::string markdown(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options&) {
  std::string out = "# " + catalogue.say("render.report.title") + "\n\n";
  report.mode == finding::Mode::lint ? write_lint(out, report, catalogue) : write_live(out, report, catalogue);
  if (!report.notes.empty()) {
    out += "\n## " + catalogue.say("render.report.notes") + "\n\n";
    for (const auto& note : report.notes) {
      out += "- " + note.about + ": " + note.message + "\n";
    }
  }
  return out;
}

}  // namespace podcheck::render
