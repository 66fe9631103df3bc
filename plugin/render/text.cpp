#include "render/text.hpp"

#include "render/terminal_text.hpp"

namespace podcheck::render {

namespace {

constexpr std::size_t many_subjects = 8;

}  // namespace

std::string TextContext::severity(finding::Severity level) const {
  std::string word = say((std::string("render.severity.") + to_string(level)).c_str());
  switch (level) {
    case finding::Severity::error:
      return palette.error(word);
    case finding::Severity::warning:
      return palette.warning(word);
    case finding::Severity::info:
      break;
  }
  return palette.dim(word);
}

std::string summary_line(const finding::Report& report, const TextContext& context) {
  const finding::Summary& summary = report.summary;
  finding::Values values = {{"errors", std::to_string(summary.error)}, {"warnings", std::to_string(summary.warning)},
                            {"infos", std::to_string(summary.info)},   {"subjects", std::to_string(summary.subjects)},
                            {"files", std::to_string(summary.files)},  {"skipped", std::to_string(summary.skipped)}};
  std::string line = context.say("render.summary.counts", values);
  if (summary.info > 0) {
    line += context.say("render.summary.infos", values);
  }
  line += context.say("render.summary.scope", values);
  if (summary.skipped > 0) {
    line += context.say("render.summary.skipped", values);
  }
  bool clean = summary.error == 0 && summary.warning == 0;
  return (clean ? context.palette.good(line) : context.palette.strong(line)) + "\n";
}

std::string text(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options& options) {
  TextContext context{catalogue, options, Palette(options.color)};
  std::string out;
  if (report.mode == finding::Mode::live && report.subjects.size() > many_subjects && !options.verbose) {
    write_overview(out, report, context);
    return out;
  }
  for (const auto& subject : report.subjects) {
    if (report.mode == finding::Mode::lint) {
      write_lint_subject(out, subject, context);
    } else {
      write_live_subject(out, subject, context);
    }
  }
  if (report.mode == finding::Mode::lint) {
    out += summary_line(report, context);
  }
  while (out.ends_with("\n\n")) {
    out.pop_back();
  }
  return out;
}

}  // namespace podcheck::render
