// The two faces of the text format; text() in render.hpp picks by the report's mode.
#pragma once

#include <string>

#include "render/palette.hpp"
#include "render/render.hpp"

namespace podcheck::render {

// What both faces need, once.
struct TextContext {
  const catalogue::Catalogue& catalogue;
  const Options& options;
  Palette palette;

  std::string say(const char* key, const finding::Values& values = {}) const { return catalogue.say(key, values); }
  // "error", "warning", "info" in the report's language, coloured.
  std::string severity(finding::Severity severity) const;
};

// file:line:column with the source line and the token underlined.
void write_lint_subject(std::string& out, const finding::Subject& subject, const TextContext& context);
// Verdict, proof, fix.
void write_live_subject(std::string& out, const finding::Subject& subject, const TextContext& context);
// All subjects of a large report, those that fail alike together.
void write_overview(std::string& out, const finding::Report& report, const TextContext& context);
// The table of nodes; equal rows are folded into one.
void write_nodes(std::string& out, const finding::Subject& subject, const TextContext& context);
std::string summary_line(const finding::Report& report, const TextContext& context);

}  // namespace podcheck::render
