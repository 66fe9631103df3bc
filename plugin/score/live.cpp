#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "document/document.hpp"
#include "score/score.hpp"

namespace podcheck::score {

namespace {

using document::Node;

const std::set<std::string_view> controls = {"healthy",  "recovered", "still-starting", "rollout-in-progress",
                                             "draining", "completed", "suspended",      "scaled-to-zero"};

struct Verdict {
  enum class Kind { exact, right, wrong } kind = Kind::wrong;
  std::string found;
  std::string reason;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool says(const std::string& text, std::string_view pattern) {
  return std::regex_search(text, std::regex(std::string(pattern), std::regex::ECMAScript));
}

std::vector<std::string> unmet(Node patterns, const std::string& text, bool wanted) {
  std::vector<std::string> out;
  for (Node pattern : patterns.items()) {
    if (says(text, pattern.text()) != wanted) {
      out.push_back("/" + pattern.text() + "/");
    }
  }
  return out;
}

Verdict judge(const Answer& answer, Node truth) {
  if (!answer.report) {
    return {Verdict::Kind::wrong, "", "no report: " + answer.errors};
  }
  std::vector<Node> causes;
  std::vector<Node> alarms;
  for (Node subject : answer.report->root()["subjects"].items()) {
    for (Node found : subject["findings"].items()) {
      if (found["severity"].string() != "info") {
        alarms.push_back(found);
      }
      if (found["role"].string() == "cause" && !subject["healthy"].boolean().value_or(false)) {
        causes.push_back(found);
      }
    }
  }
  if (controls.count(truth["cause"].string()) != 0) {
    if (answer.code == 0 && causes.empty() && alarms.empty()) {
      return {Verdict::Kind::exact, "", ""};
    }
    std::string id = alarms.empty() ? "" : std::string(alarms.front()["id"].string());
    return {Verdict::Kind::wrong, id, "claims something, exit " + std::to_string(answer.code)};
  }
  if (causes.empty()) {
    return {Verdict::Kind::wrong, "", "silent"};
  }
  Node top = causes.front();
  std::string id(top["id"].string());
  std::string claim = lower(top["message"].text() + "\n" + top["why"].text());
  std::string said = claim;
  for (const char* field : {"evidence", "fixes", "container", "path", "related"}) {
    said += "\n" + lower(document::to_json(top[field]));
  }
  bool id_matches = id == truth["cause"].string();
  for (Node also : truth["also"].items()) {
    id_matches = id_matches || also.string() == id;
  }
  auto join = [](const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& part : parts) {
      out += " " + part;
    }
    return out;
  };
  if (auto false_claims = unmet(truth["must_not_say"], claim, false); !false_claims.empty()) {
    return {Verdict::Kind::wrong, id, "says" + join(false_claims)};
  }
  auto missing = unmet(truth["must_say"], said, true);
  if (id_matches && missing.empty()) {
    return {Verdict::Kind::exact, id, ""};
  }
  if (id_matches || missing.empty()) {
    return {Verdict::Kind::right, id, missing.empty() ? "other id" : "lacks" + join(missing)};
  }
  return {Verdict::Kind::wrong, id, "lacks" + join(missing)};
}

std::string namespace_of(const std::filesystem::path& incident) {
  std::string text = read(incident / "namespace");
  text.erase(text.find_last_not_of(" \n") + 1);
  return text.empty() ? "pc-" + incident.filename().string() : text;
}

Answer question(const std::filesystem::path& incident, const std::string& target, const std::string& source) {
  std::vector<std::string> arguments = {"live", target, "-n", namespace_of(incident), "--from"};
  if (source == "bundle") {
    arguments.push_back(incident.string());
    return ask(arguments);
  }
  if (source == "dump") {
    arguments.push_back((incident / "cluster-info-dump").string());
    return ask(arguments);
  }
  std::vector<std::filesystem::path> texts;
  for (const auto& entry : std::filesystem::directory_iterator(incident)) {
    std::string name = entry.path().filename().string();
    if (name.starts_with("describe-") && name.ends_with(".txt")) {
      texts.push_back(entry.path());
    }
  }
  std::sort(texts.begin(), texts.end());
  std::string pasted;
  for (const auto& text : texts) {
    pasted += (pasted.empty() ? "" : "\n") + read(text);
  }
  arguments.push_back("-");
  return ask(arguments, pasted);
}

}  // namespace

Figures live(const std::string& incidents, const std::string& source) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(incidents)) {
    if (std::filesystem::exists(entry.path() / "truth.yaml")) {
      folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  Figures figures{"live-" + source, {}, {}};
  int exact = 0;
  int right = 0;
  int wrong = 0;
  int silent = 0;
  int alarmed = 0;
  for (const auto& folder : folders) {
    document::File file = document::parse("truth.yaml", read(folder / "truth.yaml"));
    if (file.documents.empty()) {
      continue;
    }
    Node truth = file.documents.front().root;
    Verdict verdict = judge(question(folder, std::string(truth["target"].string()), source), truth);
    bool control = controls.count(truth["cause"].string()) != 0;
    if (control) {
      (verdict.kind == Verdict::Kind::exact ? silent : alarmed) += 1;
    } else {
      (verdict.kind == Verdict::Kind::exact ? exact : verdict.kind == Verdict::Kind::right ? right : wrong) += 1;
    }
    if (verdict.kind != Verdict::Kind::exact) {
      figures.misses.push_back(folder.filename().string() + ": " +
                               (verdict.kind == Verdict::Kind::right ? "right" : "wrong") + ", truth " +
                               std::string(truth["cause"].string()) + ", found " +
                               (verdict.found.empty() ? "-" : verdict.found) + ", " + verdict.reason);
    }
  }
  int all = exact + right + wrong;
  figures.values = {{"incidents", all},
                    {"exact", exact},
                    {"right", right},
                    {"wrong", wrong},
                    {"controls_silent", silent},
                    {"controls_alarmed", alarmed},
                    {"exact_percent", all == 0 ? 0 : 100.0 * exact / all}};
  return figures;
}

}  // namespace podcheck::score
