// Markdown to paste into a ticket or a step summary.
#include "render/escape.hpp"
#include "render/node_rows.hpp"
#include "render/render.hpp"
#include "render/sentence.hpp"

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
  out += "**" + markdown_cell(sentence(found.message)) + "**";
  if (!label.empty()) {
    out += " (" + catalogue.say("render.confidence." + label) + ", `" + found.id + "`)";
  }
  out += "\n\n";
  if (!found.why.empty()) {
    out += markdown_cell(found.why) + "\n\n";
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
    std::string effect = fix.effect.empty() ? "" : " [" + markdown_cell(fix.effect) + "]";
    out += "- " + catalogue.say("render.fix") + ": " + markdown_cell(fix.summary) + effect + "\n";
    if (!fix.command.empty()) {
      out += "\n" + fence(fix.command) + "\n";
    }
  }
  out += "\n";
}

void write_nodes(std::string& out, const finding::Subject& subject, const catalogue::Catalogue& catalogue) {
  if (subject.nodes.empty()) {
    return;
  }
  std::vector<std::string> columns = node_columns(subject);
  std::string rule = "| --- |";
  out += "| " + catalogue.say("render.nodes.node") + " |";
  for (const std::string& column : columns) {
    out += " " + markdown_cell(catalogue.say("render.nodes.free_of", {{"resource", column}})) + " |";
    rule += " ---: |";
  }
  out += " " + catalogue.say("render.nodes.verdict") + " |\n" + rule + " --- |\n";
  for (const NodeRow& row : node_rows(subject, false)) {
    std::string name = row.names.front();
    if (row.names.size() > 1) {
      name += " " + catalogue.say("render.nodes.and_more", {{"count", std::to_string(row.names.size() - 1)}});
    }
    out += "| " + markdown_cell(name) + " |";
    for (const std::string& column : columns) {
      out += " " + markdown_cell(node_cell(*row.node, column)) + " |";
    }
    out += " " + markdown_cell(row.node->fits ? catalogue.say("render.nodes.fits") : row.node->detail) + " |\n";
  }
  for (const auto& note : subject.node_notes) {
    out += "\n" + markdown_cell(note) + "\n";
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
    write_nodes(out, subject, catalogue);
  }
}

}  // namespace

std::string markdown(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options&) {
  std::string out = "# " + catalogue.say("render.report.title") + "\n\n";
  report.mode == finding::Mode::lint ? write_lint(out, report, catalogue) : write_live(out, report, catalogue);
  if (!report.notes.empty()) {
    out += "\n## " + catalogue.say("render.report.notes") + "\n\n";
    for (const auto& note : report.notes) {
      out += "- " + (note.about.empty() ? "" : note.about + ": ") + markdown_cell(note.message) + "\n";
    }
  }
  while (out.ends_with("\n\n")) {
    out.pop_back();
  }
  return out;
}

}  // namespace podcheck::render
