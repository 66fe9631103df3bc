// GitHub workflow commands: one annotation a finding.
#include "render/escape.hpp"
#include "render/render.hpp"

namespace podcheck::render {

std::string github(const finding::Report& report) {
  std::string out;
  for (const auto& subject : report.subjects) {
    for (const auto& found : subject.findings) {
      const char* level = found.severity == finding::Severity::error     ? "error"
                          : found.severity == finding::Severity::warning ? "warning"
                                                                         : "notice";
      out += std::string("::") + level + " ";
      if (found.location) {
        const auto& at = *found.location;
        out += "file=" + workflow_property(at.file) + ",line=" + std::to_string(at.line) +
               ",endLine=" + std::to_string(at.end_line);
        // GitHub refuses columns that belong to different lines.
        if (at.line == at.end_line) {
          out += ",col=" + std::to_string(at.column) + ",endColumn=" + std::to_string(at.end_column);
        }
        out += ",";
      }
      out += "title=" + workflow_property(found.id) + "::";
      std::string message = found.message;
      if (!found.location) {
        message = subject.kind + " " + subject.namespace_ + "/" + subject.name + ": " + message;
      }
      for (const auto& fix : found.fixes) {
        message += "\n" + fix.summary;
      }
      out += workflow_data(message) + "\n";
    }
  }
  return out;
}

}  // namespace podcheck::render
