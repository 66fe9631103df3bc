// One line a finding, the form that editors and grep read: file:line:column: severity: message [rule].
#include "render/render.hpp"

namespace podcheck::render {

std::string gcc(const finding::Report& report) {
  std::string out;
  for (const auto& subject : report.subjects) {
    for (const auto& found : subject.findings) {
      if (found.location) {
        out += found.location->file + ":" + std::to_string(found.location->line) + ":" +
               std::to_string(found.location->column);
      } else {
        out += subject.kind + "/" + subject.name;
      }
      // gcc knows no "info"; editors read its "note".
      const char* severity = found.severity == finding::Severity::info ? "note" : to_string(found.severity);
      out += std::string(": ") + severity + ": " + found.message + " [" + found.id + "]\n";
    }
  }
  return out;
}

}  // namespace podcheck::render
