// SARIF 2.1.0 as GitHub code scanning reads it: every rule listed, one location a result, no empty strings,
// and a fingerprint of our own (GitHub computes primaryLocationLineHash itself and warns when another is given).
#include <map>

#include "render/escape.hpp"
#include "render/json_tree.hpp"
#include "render/render.hpp"

namespace podcheck::render {

namespace {

const char* level(finding::Severity severity) {
  return severity == finding::Severity::info ? "note" : to_string(severity);
}

void write_text(JsonBuilder& json, std::string_view key, std::string text, std::size_t limit = 1000) {
  if (text.empty()) {
    return;
  }
  if (text.size() > limit) {
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) {
      --limit;
    }
    text.resize(limit);
  }
  json.object(key, [&] { json.put("text", text); });
}

void write_rule(JsonBuilder& json, const catalogue::Rule& rule, const catalogue::Catalogue& catalogue) {
  json.put("id", rule.id);
  write_text(json, "shortDescription", catalogue.text(rule.id, "summary", {}));
  std::string why = catalogue.text(rule.id, "why", {});
  write_text(json, "fullDescription", why.empty() ? catalogue.text(rule.id, "summary", {}) : why);
  write_text(json, "help", why.empty() ? catalogue.text(rule.id, "summary", {}) : why);
  if (!rule.references.empty()) {
    json.put("helpUri", rule.references.front());
  }
  json.object("defaultConfiguration", [&] { json.put("level", level(rule.severity)); });
  json.object("properties", [&] {
    json.array("tags", [&] {
      json.item("kubernetes");
      json.item(rule.category);
    });
    json.put("problem.severity",
             rule.severity == finding::Severity::info ? "recommendation" : to_string(rule.severity));
    json.put("precision", "high");
  });
}

void write_location(JsonBuilder& json, const finding::Location& at, const std::string& message) {
  json.object("physicalLocation", [&] {
    json.object("artifactLocation", [&] { json.put("uri", uri_escape(at.file)); });
    json.object("region", [&] {
      json.put("startLine", at.line);
      json.put("startColumn", at.column);
      json.put("endLine", at.end_line);
      json.put("endColumn", at.end_column);
    });
  });
  write_text(json, "message", message);
}

void write_result(JsonBuilder& json, const finding::Subject& subject, const finding::Finding& found,
                  const std::map<std::string, std::int64_t, std::less<>>& index) {
  json.put("ruleId", found.id);
  if (auto place = index.find(found.id); place != index.end()) {
    json.put("ruleIndex", place->second);
  }
  json.put("level", level(found.severity));
  std::string message = found.message;
  for (const auto& fix : found.fixes) {
    message += "\n" + fix.summary;
  }
  write_text(json, "message", message, 100000);
  json.array("locations", [&] {
    json.object([&] {
      if (found.location) {
        write_location(json, *found.location, "");
      }
      json.array("logicalLocations", [&] {
        json.object([&] {
          json.put("fullyQualifiedName", subject.kind + "/" + subject.namespace_ + "/" + subject.name +
                                             (found.path.empty() ? "" : "#" + found.path));
        });
      });
    });
  });
  if (!found.related.empty()) {
    json.array("relatedLocations", [&] {
      for (const auto& related : found.related) {
        json.object([&] { write_location(json, related.location, related.message); });
      }
    });
  }
  std::string file = found.location ? found.location->file : "";
  std::string identity =
      found.id + "\n" + file + "\n" + subject.kind + "/" + subject.namespace_ + "/" + subject.name + "\n" + found.path;
  json.object("partialFingerprints", [&] { json.put("podcheck/v1", hex(stable_hash(identity))); });
}

}  // namespace

std::string sarif(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options& options) {
  document::Tree tree;
  JsonBuilder json(tree);
  std::map<std::string, std::int64_t, std::less<>> index;
  json.object([&] {
    json.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json.put("version", "2.1.0");
    json.array("runs", [&] {
      json.object([&] {
        json.object("tool", [&] {
          json.object("driver", [&] {
            json.put("name", "podcheck");
            json.put_if("semanticVersion", options.version);
            json.put("informationUri", "https://github.com/podcheck/podcheck");
            json.array("rules", [&] {
              for (const auto& rule : catalogue.rules()) {
                index.emplace(rule.id, static_cast<std::int64_t>(index.size()));
                json.object([&] { write_rule(json, rule, catalogue); });
              }
            });
          });
        });
        json.put("columnKind", "unicodeCodePoints");
        json.object("automationDetails",
                    [&] { json.put("id", std::string("podcheck/") + to_string(report.mode) + "/"); });
        json.array("results", [&] {
          for (const auto& subject : report.subjects) {
            for (const auto& found : subject.findings) {
              json.object([&] { write_result(json, subject, found, index); });
            }
          }
        });
      });
    });
  });
  return pretty_json(tree.root());
}

}  // namespace podcheck::render
