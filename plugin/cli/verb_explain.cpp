// explain WORD: a rule, a cause, a pod status, an event reason or an exit code.
#include <algorithm>
#include <ostream>

#include "cli/glossary.hpp"
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

// The first faulty example, and beside it how it is right: corrected where the card says how, otherwise the first good
// one.
void write_examples(Page& page, document::Node card) {
  document::Node wrong;
  document::Node right;
  for (document::Node example : card["examples"].items()) {
    if (!wrong && example.has("bad")) {
      wrong = example;
    } else if (!right && example.has("good")) {
      right = example;
    }
  }
  if (wrong) {
    page.heading("explain.bad");
    page.code(wrong["bad"].string());
  }
  if (wrong && wrong.has("fixed")) {
    page.heading("explain.fixed");
    page.code(wrong["fixed"].string());
  } else if (right) {
    page.heading("explain.good");
    page.code(right["good"].string());
  }
}

void write_card(Session& session, const std::string& id, const std::vector<std::string>& references) {
  Page page(session);
  const auto& cards = session.catalogue;
  page.title(id, catalogue::generic(cards.text(id, "summary", {})));
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
  page.paragraph(catalogue::generic(cards.text(id, "why", {})));
  page.heading("explain.fix");
  page.paragraph(catalogue::generic(cards.text(id, "fix", {})));
  write_examples(page, cards.card(id));
  if (!references.empty()) {
    page.heading("explain.references");
    for (const auto& reference : references) {
      session.io.out << "  " << reference << "\n";
    }
  }
}

void write_entry(Session& session, const GlossaryEntry& entry) {
  Page page(session);
  page.title(entry.title, "");
  for (const std::string& paragraph : entry.paragraphs) {
    page.paragraph(paragraph);
  }
  std::vector<std::string> causes;
  for (const auto& cause : session.catalogue.causes()) {
    if (!entry.outcome.empty() && cause.outcome == entry.outcome) {
      causes.push_back(cause.id);
    }
  }
  if (!causes.empty()) {
    page.heading("explain.causes");
    page.paragraph(joined(causes));
  }
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
  if (auto entry = look_up(session.catalogue, word)) {
    write_entry(session, *entry);
    return ExitCode::success;
  }
  std::vector<std::string> known;
  for (const auto& rule : session.catalogue.rules()) {
    known.push_back(rule.id);
  }
  for (const auto& cause : session.catalogue.causes()) {
    known.push_back(cause.id);
  }
  for (std::string& entry : glossary_words(session.catalogue)) {
    known.push_back(std::move(entry));
  }
  std::string near = catalogue::nearest(word, known);
  throw UsageError{session.say(near.empty() ? "cli.error.unknown_word" : "cli.error.unknown_word_near",
                               {{"word", word}, {"near", near}})};
}

}  // namespace podcheck::cli
