// The report as schemas/report.schema.json describes it.
#include "document/document.hpp"
#include "render/json_tree.hpp"
#include "render/render.hpp"

namespace podcheck::render {

namespace {

using finding::Finding;
using finding::Location;

void location(JsonBuilder& json, const Location& at) {
  json.put("file", at.file);
  json.put("line", at.line);
  json.put("column", at.column);
  if (at.end_line != 0) {
    json.put("endLine", at.end_line);
    json.put("endColumn", at.end_column);
  }
}

void strings(JsonBuilder& json, std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) {
    return;
  }
  json.array(key, [&] {
    for (const std::string& value : values) {
      json.item(value);
    }
  });
}

void evidence(JsonBuilder& json, const finding::Evidence& proof) {
  json.put("kind", proof.kind);
  json.put_if("source", proof.source);
  json.put_if("time", proof.time);
  if (proof.count > 0) {
    json.put("count", proof.count);
  }
  json.put("text", proof.text);
}

void fix(JsonBuilder& json, const finding::Fix& remedy) {
  json.put("summary", remedy.summary);
  json.put("safety", to_string(remedy.safety));
  json.put_if("command", remedy.command);
  json.put_if("effect", remedy.effect);
  if (!remedy.patch.empty()) {
    document::Tree patch;
    std::string error;
    if (document::parse_json(remedy.patch, patch, error)) {
      json.put("patch", patch.root());
    } else {
      json.put("patch", remedy.patch);
    }
  }
  if (!remedy.edits.empty()) {
    json.array("edits", [&] {
      for (const finding::Edit& edit : remedy.edits) {
        json.object([&] {
          json.put("file", edit.file);
          json.put("start", edit.start);
          json.put("end", edit.end);
          json.put("text", edit.text);
        });
      }
    });
  }
}

void write(JsonBuilder& json, const Finding& found) {
  json.put("id", found.id);
  if (found.role != finding::Role::none) {
    json.put("role", to_string(found.role));
  }
  json.put("severity", to_string(found.severity));
  if (found.confidence != finding::Confidence::none) {
    json.put("confidence", to_string(found.confidence));
  }
  json.put("category", found.category);
  json.put_if("outcome", found.outcome);
  json.put_if("container", found.container);
  json.put("message", found.message);
  json.put_if("why", found.why);
  json.array("evidence", [&] {
    for (const auto& proof : found.evidence) {
      json.object([&] { evidence(json, proof); });
    }
  });
  json.array("fixes", [&] {
    for (const auto& remedy : found.fixes) {
      json.object([&] { fix(json, remedy); });
    }
  });
  if (found.location) {
    json.object("location", [&] { location(json, *found.location); });
  }
  json.put_if("path", found.path);
  if (!found.related.empty()) {
    json.array("related", [&] {
      for (const auto& related : found.related) {
        json.object([&] {
          json.object("location", [&] { location(json, related.location); });
          json.put("message", related.message);
        });
      }
    });
  }
  strings(json, "chain", found.chain);
  strings(json, "prevents", found.prevents);
  strings(json, "preventedBy", found.prevented_by);
  if (!found.rejected.empty()) {
    json.array("rejected", [&] {
      for (const auto& rejected : found.rejected) {
        json.object([&] {
          json.put("id", rejected.id);
          json.put("reason", rejected.reason);
        });
      }
    });
  }
}

void write(JsonBuilder& json, const finding::Subject& subject, finding::Mode mode) {
  subject.kind.empty() ? json.put_null("kind") : json.put("kind", subject.kind);
  json.put_if("namespace", subject.namespace_);
  json.put_if("name", subject.name);
  json.put_if("owner", subject.owner);
  mode == finding::Mode::lint || subject.status.empty() ? json.put_null("status") : json.put("status", subject.status);
  json.put("healthy", subject.healthy);
  json.put_if("headline", subject.headline);
  if (subject.location) {
    json.object("location", [&] { location(json, *subject.location); });
  }
  json.put_if("source", subject.source_comment);
  json.array("findings", [&] {
    for (const Finding& found : subject.findings) {
      json.object([&] { write(json, found); });
    }
  });
  if (!subject.nodes.empty()) {
    json.array("nodes", [&] {
      for (const auto& node : subject.nodes) {
        json.object([&] {
          json.put("name", node.name);
          json.put("fits", node.fits);
          json.array("reasons", [&] {
            for (const auto& reason : node.reasons) {
              json.item(reason);
            }
          });
          json.put_if("detail", node.detail);
          if (!node.resources.empty()) {
            json.object("resources", [&] {
              for (const auto& [name, cell] : node.resources) {
                json.put(name, cell);
              }
            });
          }
        });
      }
    });
  }
  if (!subject.timeline.empty()) {
    json.array("timeline", [&] {
      for (const auto& moment : subject.timeline) {
        json.object([&] {
          json.put_if("time", moment.time);
          json.put("what", moment.what);
          json.put_if("text", moment.text);
        });
      }
    });
  }
}

}  // namespace

std::string json(const finding::Report& report, const Options& options) {
  document::Tree tree;
  JsonBuilder json(tree);
  json.object([&] {
    json.put("apiVersion", "podcheck.dev/v1");
    json.put("kind", "Report");
    json.put("mode", to_string(report.mode));
    json.put("podcheck", options.version);
    json.array("subjects", [&] {
      for (const auto& subject : report.subjects) {
        json.object([&] { write(json, subject, report.mode); });
      }
    });
    json.array("notes", [&] {
      for (const auto& note : report.notes) {
        json.object([&] {
          json.put("about", note.about);
          json.put("message", note.message);
        });
      }
    });
    json.object("summary", [&] {
      json.put("subjects", report.summary.subjects);
      json.put("error", report.summary.error);
      json.put("warning", report.summary.warning);
      json.put("info", report.summary.info);
      json.put("skipped", report.summary.skipped);
      json.put("files", report.summary.files);
    });
  });
  return pretty_json(tree.root());
}

}  // namespace podcheck::render
