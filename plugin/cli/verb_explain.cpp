// explain WORD: a rule, a cause, a pod status, an event reason or an exit code.
#include <algorithm>
#include <ostream>

#include "cli/session.hpp"
#include "render/palette.hpp"
#include "render/terminal_text.hpp"

namespace podcheck::cli {

namespace {

class Page {
 public:
  Page(Session& session) : session_(session), options_(session.render_options()), paint_(options_.color) {}

  void title(const std::string& id, const std::string& summary) {
    session_.io.out << paint_.strong(id) << "\n";
    paragraph(summary);
  }
  void heading(std::string_view key) { session_.io.out << "\n" << paint_.strong(session_.say(key)) << "\n"; }
  void paragraph(const std::string& text) {
    if (text.empty()) {
      return;
    }
    for (const auto& line : render::wrap(render::printable(text), options_.width - 2)) {
      session_.io.out << "  " << line << "\n";
    }
  }
  void field(std::string_view key, const std::string& value) {
    if (!value.empty()) {
      session_.io.out << "  " << paint_.dim(session_.say(key)) << "  " << value << "\n";
    }
  }
  void code(std::string_view text) {
    while (!text.empty()) {
      std::size_t stop = text.find('\n');
      session_.io.out << "    " << render::printable(text.substr(0, stop)) << "\n";
      text.remove_prefix(stop == std::string_view::npos ? text.size() : stop + 1);
    }
  }

 private:
  Session& session_;
  render::Options options_;
  render::Palette paint_;
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

void write_examples(Page& page, document::Node card) {
  bool bad = false;
  bool good = false;
  for (document::Node example : card["examples"].items()) {
    if (!bad && example.has("bad")) {
      page.heading("explain.bad");
      page.code(example["bad"].string());
      bad = true;
      if (example.has("fixed")) {
        page.heading("explain.fixed");
        page.code(example["fixed"].string());
        good = true;
      }
    } else if (!good && example.has("good")) {
      page.heading("explain.good");
      page.code(example["good"].string());
      good = true;
    }
  }
}

void write_card(Session& session, const std::string& id, const std::vector<std::string>& references) {
  Page page(session);
  const auto& cards = session.catalogue;
  page.title(id, cards.text(id, "summary", {}));
  session.io.out << "\n";
  if (const auto* rule = cards.rule(id)) {
    page.field("explain.kind", session.say("explain.rule"));
    page.field("explain.severity", session.say(std::string("render.severity.") + to_string(rule->severity)));
    page.field("explain.outcome", rule->outcome);
    page.field("explain.prevents", joined(rule->prevents));
  } else if (const auto* cause = cards.cause(id)) {
    page.field("explain.kind", session.say("explain.cause"));
    page.field("explain.outcome", cause->outcome);
    page.field("explain.prevented_by", joined(cause->prevented_by));
  }
  page.heading("explain.why");
  page.paragraph(cards.text(id, "why", {}));
  page.heading("explain.fix");
  page.paragraph(cards.text(id, "fix", {}));
  write_examples(page, cards.card(id));
  if (!references.empty()) {
    page.heading("explain.references");
    for (const auto& reference : references) {
      session.io.out << "  " << reference << "\n";
    }
  }
}

bool same_letters(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

// The glossary's key of a word: statuses and event reasons in any case, exit codes by number or signal name.
std::string glossary_key(Session& session, const std::string& word) {
  for (const std::string& key : session.catalogue.keys("glossary")) {
    std::string_view name = std::string_view(key).substr(key.rfind('.') + 1);
    if (same_letters(name, word)) {
      return key;
    }
  }
  return "";
}

}  // namespace

ExitCode run_explain(Session& session) {
  if (session.arguments.positional().empty()) {
    throw UsageError{session.say("cli.error.missing_flag", {{"verb", "explain"}, {"flag", "WORD"}})};
  }
  const std::string& word = session.arguments.positional().front();
  if (const auto* rule = session.catalogue.rule(word)) {
    write_card(session, rule->id, rule->references);
    return ExitCode::success;
  }
  if (const auto* cause = session.catalogue.cause(word)) {
    write_card(session, cause->id, cause->references);
    return ExitCode::success;
  }
  std::string key = glossary_key(session, word);
  if (!key.empty()) {
    Page page(session);
    page.title(key.substr(key.rfind('.') + 1), "");
    page.paragraph(session.say(key));
    return ExitCode::success;
  }
  std::vector<std::string> known;
  for (const auto& rule : session.catalogue.rules()) {
    known.push_back(rule.id);
  }
  for (const auto& cause : session.catalogue.causes()) {
    known.push_back(cause.id);
  }
  for (const auto& entry : session.catalogue.keys("glossary")) {
    known.push_back(entry.substr(entry.rfind('.') + 1));
  }
  std::string near = catalogue::nearest(word, known);
  throw UsageError{session.say(near.empty() ? "cli.error.unknown_word" : "cli.error.unknown_word_near",
                               {{"word", word}, {"near", near}})};
}

}  // namespace podcheck::cli
