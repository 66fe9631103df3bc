#include "catalogue/pages.hpp"

#include <map>

namespace podcheck::catalogue {

namespace {

// Text that Markdown shows as it is, in a paragraph or a table cell.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_' || c == '`' || c == '\\') {
      out += '\\';
    }
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code_span(std::string_view text) {
  return "`" + std::string(text) + "`";
}

// A fence longer than any in the text.
std::string code_block(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos) {
    fence += '`';
  }
  std::string out = fence + "yaml\n" + std::string(text);
  out += !text.empty() && text.back() != '\n' ? "\n" : "";
  return out + fence + "\n";
}

class Page {
 public:
  explicit Page(const Catalogue& catalogue) : catalogue_(catalogue) {}

  std::string label(const char* key) const { return catalogue_.say(std::string("pages.") + key); }
  void text(const std::string& line) { out_ += line + "\n"; }
  void paragraph(std::string_view text) {
    if (!text.empty()) {
      out_ += "\n" + escaped(text) + "\n";
    }
  }
  void heading(const char* key) { out_ += "\n## " + label(key) + "\n"; }
  void fact(const char* key, const std::string& value) {
    if (!value.empty()) {
      out_ += "| " + label(key) + " | " + value + " |\n";
    }
  }
  void links(const char* key, const std::vector<std::string>& ids, const char* folder) {
    std::string list;
    for (const auto& id : ids) {
      list += (list.empty() ? "" : ", ") + ("[" + id + "](../" + folder + "/" + id + ".md)");
    }
    fact(key, list);
  }
  void references(const std::vector<std::string>& urls) {
    if (urls.empty()) {
      return;
    }
    heading("references");
    out_ += "\n";
    for (const auto& url : urls) {
      out_ += "- <" + url + ">\n";
    }
  }
  void examples(document::Node examples) {
    const bool japanese = catalogue_.language() == Language::ja;
    for (document::Node example : examples.items()) {
      const bool bad = example.has("bad");
      std::string title = label(bad ? "bad" : "good");
      if (const document::Node name = example["name"]) {
        title += ": " + escaped(name[japanese ? "ja" : "en"].string());
      }
      out_ += "\n### " + title + "\n\n" + code_block(example[bad ? "bad" : "good"].string());
      for (const auto& [name, text] : example["files"].members()) {
        out_ += "\n" + code_span(name) + ":\n\n" + code_block(text.string());
      }
      if (const document::Node config = example["config"]) {
        out_ += "\n" + code_span(".podcheck.yaml") + ":\n\n" + code_block(document::to_json(config));
      }
      if (const document::Node fixed = example["fixed"]) {
        out_ += "\n" + label("fixed") + ":\n\n" + code_block(fixed.string());
      }
    }
  }
  void parameters(document::Node params) {
    if (params.empty()) {
      return;
    }
    heading("parameters");
    out_ += "\n| " + label("parameter") + " | " + label("default") + " |\n| --- | --- |\n";
    for (const auto& [name, value] : params.members()) {
      const std::string json = document::to_json(value);
      constexpr std::size_t longest = 200;
      out_ += "| " + code_span(name) + " | " + (json.size() > longest ? label("see-card") : code_span(escaped(json))) +
              " |\n";
    }
  }
  std::string take() { return std::move(out_); }

 private:
  const Catalogue& catalogue_;
  std::string out_;
};

std::string rule_page(const Catalogue& catalogue, const Rule& rule) {
  Page page(catalogue);
  page.text("# " + rule.id);
  page.paragraph(generic(catalogue.text(rule.id, "summary", {})));
  page.text("\n| | |\n| --- | --- |");
  page.fact("severity",
            code_span(finding::to_string(rule.severity)) + (rule.enabled ? "" : " " + page.label("optional")));
  page.fact("category", code_span(rule.category));
  page.fact("outcome", rule.outcome.empty() ? "" : code_span(rule.outcome));
  page.fact("since", rule.since);
  page.links("prevents", rule.prevents, "causes");
  page.heading("why");
  page.paragraph(generic(catalogue.text(rule.id, "why", {})));
  page.heading("fix");
  page.paragraph(generic(catalogue.text(rule.id, "fix", {})));
  page.paragraph(page.label(rule.fix_safety == finding::Safety::safe     ? "fix-safe"
                            : rule.fix_safety == finding::Safety::unsafe ? "fix-unsafe"
                                                                         : "fix-manual"));
  page.parameters(rule.params);
  page.heading("examples");
  page.examples(catalogue.card(rule.id)["examples"]);
  page.references(rule.references);
  return page.take();
}

std::string cause_page(const Catalogue& catalogue, const Cause& cause) {
  Page page(catalogue);
  page.text("# " + cause.id);
  page.paragraph(generic(catalogue.text(cause.id, "summary", {})));
  page.text("\n| | |\n| --- | --- |");
  page.fact("category", code_span(cause.category));
  page.fact("outcome", code_span(cause.outcome));
  page.links("prevented-by", cause.prevented_by, "rules");
  page.heading("message");
  page.paragraph(generic(catalogue.text(cause.id, "message", {})));
  page.heading("why");
  page.paragraph(generic(catalogue.text(cause.id, "why", {})));
  page.heading("fix");
  page.paragraph(generic(catalogue.text(cause.id, "fix", {})));
  page.references(cause.references);
  return page.take();
}

template <typename Card>
std::string index_of(const Catalogue& catalogue, const std::vector<Card>& cards, const char* title,
                     std::string (*row)(const Catalogue&, const Card&)) {
  Page page(catalogue);
  page.text("# " + page.label(title));
  std::map<std::string, std::string> groups;
  for (const auto& card : cards) {
    groups[card.category] += row(catalogue, card);
  }
  for (const auto& [category, rows] : groups) {
    page.text("\n## " + category + "\n");
    page.text("| " + page.label("id") + " | " + page.label("outcome") + " | " + page.label("summary") +
              " |\n| --- | --- | --- |");
    std::string body = rows;
    body.pop_back();
    page.text(body);
  }
  return page.take();
}

}  // namespace

std::string page_of(const Catalogue& catalogue, std::string_view id) {
  if (const Rule* rule = catalogue.rule(id)) {
    return rule_page(catalogue, *rule);
  }
  if (const Cause* cause = catalogue.cause(id)) {
    return cause_page(catalogue, *cause);
  }
  return {};
}

std::string rule_index(const Catalogue& catalogue) {
  return index_of<Rule>(catalogue, catalogue.rules(), "rules", [](const Catalogue& cards, const Rule& rule) {
    const std::string severity = rule.enabled ? finding::to_string(rule.severity) : "-";
    return "| [" + rule.id + "](rules/" + rule.id + ".md) (" + severity + ") | " + escaped(rule.outcome) + " | " +
           escaped(cards.text(rule.id, "summary", {})) + " |\n";
  });
}

std::string cause_index(const Catalogue& catalogue) {
  return index_of<Cause>(catalogue, catalogue.causes(), "causes", [](const Catalogue& cards, const Cause& cause) {
    return "| [" + cause.id + "](causes/" + cause.id + ".md) | " + escaped(cause.outcome) + " | " +
           escaped(cards.text(cause.id, "summary", {})) + " |\n";
  });
}

}  // namespace podcheck::catalogue
