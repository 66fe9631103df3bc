// GitLab's code quality report. Fingerprints leave line numbers out, so that a finding keeps its identity when the file
// around it changes, and are salted where two would be equal, since GitLab drops doubles.
#include <map>

#include "render/escape.hpp"
#include "render/json_tree.hpp"
#include "render/render.hpp"

namespace podcheck::render {

std::string gitlab(const finding::Report& report) {
  document::Tree tree;
  JsonBuilder json(tree);
  std::map<std::string, int> seen;
  json.array([&] {
    for (const auto& subject : report.subjects) {
      for (const auto& found : subject.findings) {
        const std::string file = found.location ? found.location->file : subject.kind + "/" + subject.name;
        std::string identity = found.id + "\n" + file + "\n" + subject.kind + "/" + subject.namespace_ + "/" +
                               subject.name + "\n" + found.path;
        int copy = seen[identity]++;
        if (copy > 0) {
          identity += "\n" + std::to_string(copy);
        }
        json.object([&] {
          // GitLab does not show check_name, so the description carries the rule.
          json.put("description", found.id + ": " + found.message);
          json.put("check_name", found.id);
          json.put("fingerprint", hex(stable_hash(identity)));
          json.put("severity", found.severity == finding::Severity::error     ? "major"
                               : found.severity == finding::Severity::warning ? "minor"
                                                                              : "info");
          json.object("location", [&] {
            json.put("path", file);
            json.object("positions", [&] {
              json.object("begin", [&] {
                json.put("line", found.location ? found.location->line : 1u);
                json.put("column", found.location ? found.location->column : 1u);
              });
            });
          });
        });
      }
    }
  });
  return pretty_json(tree.root());
}

}  // namespace podcheck::render
