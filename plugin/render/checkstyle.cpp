// Checkstyle XML, which most review tools can read.
#include <map>

#include "render/escape.hpp"
#include "render/render.hpp"

namespace podcheck::render {

std::string checkstyle(const finding::Report& report) {
  std::map<std::string, std::string> files;
  for (const auto& subject : report.subjects) {
    for (const auto& found : subject.findings) {
      std::string file = found.location ? found.location->file : subject.kind + "/" + subject.name;
      std::uint32_t line = found.location ? found.location->line : 1;
      std::uint32_t column = found.location ? found.location->column : 1;
      files[file] += "    <error line=\"" + std::to_string(line) + "\" column=\"" + std::to_string(column) +
                     "\" severity=\"" + to_string(found.severity) + "\" message=\"" + xml_escape(found.message) +
                     "\" source=\"podcheck." + xml_escape(found.id) + "\"/>\n";
    }
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n";
  for (const auto& [file, errors] : files) {
    out += "  <file name=\"" + xml_escape(file) + "\">\n" + errors + "  </file>\n";
  }
  return out + "</checkstyle>\n";
}

}  // namespace podcheck::render
