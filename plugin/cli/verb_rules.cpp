// rules: what lint checks and what live can name, as a list for people and for machines.
#include <algorithm>
#include <ostream>

#include "catalogue/pages.hpp"
#include "cli/session.hpp"
#include "render/json_tree.hpp"
#include "render/terminal_text.hpp"

namespace podcheck::cli {

namespace {

void load_user_rules(Session& session) {
  for (const std::string& directory : session.arguments.all("rules")) {
    auto problems = session.catalogue.load_rules(directory);
    for (const auto& problem : problems) {
      session.complain(problem);
    }
    if (!problems.empty()) {
      throw UsageError{session.say("cli.error.bad_rules", {{"path", directory}})};
    }
  }
}

std::string rules_text(Session& session) {
  std::string out;
  int width = session.render_options().width;
  int column = 0;
  for (const auto& rule : session.catalogue.rules()) {
    column = std::max(column, static_cast<int>(rule.id.size()));
  }
  for (const auto& rule : session.catalogue.rules()) {
    std::string level = rule.enabled ? session.say(std::string("render.severity.") + to_string(rule.severity)) : "-";
    std::string head = "  " + render::pad(rule.id, column + 2) + render::pad(level, 9);
    out += head + render::shorten(session.catalogue.text(rule.id, "summary", {}), std::max(30, width - column - 13)) +
           "\n";
  }
  return out;
}

std::string causes_text(Session& session) {
  std::string out;
  int width = session.render_options().width;
  for (const auto& cause : session.catalogue.causes()) {
    out += "  " + render::pad(cause.id, 40) +
           render::shorten(session.catalogue.text(cause.id, "summary", {}), std::max(30, width - 42)) + "\n";
  }
  return out;
}

std::string as_json(Session& session, bool causes) {
  document::Tree tree;
  render::JsonBuilder json(tree);
  json.array([&] {
    if (causes) {
      for (const auto& cause : session.catalogue.causes()) {
        json.object([&] {
          json.put("id", cause.id);
          json.put("category", cause.category);
          json.put_if("outcome", cause.outcome);
          json.put("summary", session.catalogue.text(cause.id, "summary", {}));
        });
      }
      return;
    }
    for (const auto& rule : session.catalogue.rules()) {
      json.object([&] {
        json.put("id", rule.id);
        json.put("severity", to_string(rule.severity));
        json.put("category", rule.category);
        json.put("enabled", rule.enabled);
        json.put_if("outcome", rule.outcome);
        json.put("summary", session.catalogue.text(rule.id, "summary", {}));
      });
    }
  });
  return render::pretty_json(tree.root());
}

}  // namespace

ExitCode run_rules(Session& session) {
  load_user_rules(session);
  bool causes = session.arguments.has("causes");
  std::string format = session.arguments.has("markdown") ? "markdown" : session.arguments.get("output", "text");
  if (format == "json") {
    session.io.out << as_json(session, causes);
  } else if (format == "markdown") {
    session.io.out << (causes ? catalogue::cause_index(session.catalogue) : catalogue::rule_index(session.catalogue));
  } else {
    session.io.out << (causes ? causes_text(session) : rules_text(session));
  }
  return ExitCode::success;
}

}  // namespace podcheck::cli
