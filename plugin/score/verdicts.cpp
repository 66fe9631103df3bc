#include "document/document.hpp"
#include "score/score.hpp"

namespace podcheck::score {

namespace {

using document::Node;

std::vector<Node> invalid_findings(const Answer& answer) {
  std::vector<Node> invalid;
  for (Node subject : answer.report->root()["subjects"].items()) {
    for (Node found : subject["findings"].items()) {
      if (found["category"].string() == "invalid") {
        invalid.push_back(found);
      }
    }
  }
  return invalid;
}

// spec.containers[0].image and spec.containers[1].image are the same field here.
std::string plain(std::string_view path) {
  std::string out;
  int depth = 0;
  for (char c : path) {
    depth += c == '[' ? 1 : 0;
    if (depth == 0) {
      out += c;
    }
    depth -= c == ']' ? 1 : 0;
  }
  return out;
}

}  // namespace

Figures verdicts(const std::string& cases) {
  Figures figures{"verdicts", {}, {}};
  int all = 0;
  int agree = 0;
  int false_rejects = 0;
  int missed = 0;
  int named = 0;
  int pointed = 0;
  for (const std::string& line : lines_of(cases)) {
    document::Tree tree;
    std::string error;
    if (!document::parse_json(line, tree, error)) {
      continue;
    }
    Node one = tree.root();
    ++all;
    Answer answer =
        ask({"lint", "-", "--kubernetes-version", "1.36", "--fail-on", "error"}, std::string(one["yaml"].string()));
    bool accepted = one["accepted"].boolean().value_or(false);
    auto invalid = answer.report ? invalid_findings(answer) : std::vector<Node>();
    bool rejected = !invalid.empty();
    if (rejected != accepted && answer.report) {
      ++agree;
    } else {
      (rejected ? false_rejects : missed) += 1;
      std::string ids;
      for (Node found : invalid) {
        ids += " " + std::string(found["id"].string());
      }
      figures.misses.push_back(one["id"].text() + (rejected ? " called invalid:" + ids : " not found to be invalid") +
                               ": " + one["kind"].text() + " " + one["mutation"].text() + " " + one["path"].text() +
                               " | " + one["message"].text().substr(0, 160));
    }
    if (!accepted && rejected && !one["fields"].empty()) {
      ++named;
      bool hit = false;
      for (Node found : invalid) {
        std::string path = plain(found["path"].string());
        for (Node field : one["fields"].items()) {
          std::string wanted = plain(field.string());
          hit = hit || path == wanted || (!path.empty() && wanted.starts_with(path));
        }
      }
      pointed += hit ? 1 : 0;
    }
  }
  figures.values = {{"cases", all},
                    {"agree", agree},
                    {"false_rejects", false_rejects},
                    {"missed", missed},
                    {"agree_percent", all == 0 ? 0 : 100.0 * agree / all},
                    {"field_percent", named == 0 ? 0 : 100.0 * pointed / named}};
  return figures;
}

}  // namespace podcheck::score
