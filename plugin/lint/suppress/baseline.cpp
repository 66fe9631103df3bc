#include "lint/suppress/baseline.hpp"

#include "document/document.hpp"
#include "lint/inputs/paths.hpp"
#include "lint/lint.hpp"

namespace podcheck::lint {

namespace {

using Key = std::tuple<std::string, std::string, std::string, std::string>;

Key key_of(const finding::Subject& subject, const finding::Finding& finding) {
  const std::string object =
      subject.kind + "/" + (subject.namespace_.empty() ? "" : subject.namespace_ + "/") + subject.name;
  const std::string file = finding.location ? normal_path(finding.location->file) : std::string();
  return {file, object, finding.id, finding.path};
}

}  // namespace

bool Baseline::read(std::string_view json) {
  document::Tree tree;
  std::string error;
  if (!document::parse_json(json, tree, error) || tree.root()["kind"].string() != "Baseline") {
    return false;
  }
  for (document::Node item : tree.root()["findings"].items()) {
    const auto text = [&](const char* field) { return std::string(item[field].string()); };
    counts_[{text("file"), text("object"), text("rule"), text("path")}] +=
        static_cast<int>(item["count"].integer().value_or(1));
  }
  return true;
}

bool Baseline::accepts(const finding::Subject& subject, const finding::Finding& finding) {
  const auto at = counts_.find(key_of(subject, finding));
  if (at == counts_.end() || at->second <= 0) {
    return false;
  }
  --at->second;
  return true;
}

std::string baseline_of(const finding::Report& report) {
  std::map<Key, int> counts;
  for (const auto& subject : report.subjects) {
    for (const auto& finding : subject.findings) {
      ++counts[key_of(subject, finding)];
    }
  }
  std::string rows;
  for (const auto& [key, count] : counts) {
    document::Tree tree;
    document::TreeBuilder builder(tree);
    builder.begin_mapping();
    const auto member = [&](const char* name, const std::string& value) {
      builder.key(name);
      builder.string(value);
    };
    member("file", std::get<0>(key));
    member("object", std::get<1>(key));
    member("rule", std::get<2>(key));
    member("path", std::get<3>(key));
    builder.key("count");
    builder.integer(count);
    builder.end();
    rows += (rows.empty() ? "\n    " : ",\n    ") + document::to_json(tree.root());
  }
  return "{\n  \"apiVersion\": \"podcheck.dev/v1\",\n  \"kind\": \"Baseline\",\n  \"findings\": [" + rows +
         (rows.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace podcheck::lint
