#include "cli/man_page.hpp"

#include <sstream>
#include <vector>

#include "cli/help.hpp"
#include "cli/option_table.hpp"

namespace podcheck::cli {

namespace {

// Whether a line may break after the wide character that ends at `at`: anywhere but before closing punctuation.
bool may_break(std::string_view text, std::size_t at) {
  for (std::string_view closing : {"。", "、", "）", "」", "ー", "ッ", "ャ", "ュ", "ョ"}) {
    if (text.substr(at, closing.size()) == closing) {
      return false;
    }
  }
  return at < text.size() && static_cast<unsigned char>(text[at]) > ' ' && text[at] != ')';
}

// Text as roff shows it: no escape and no request of its own, hyphens that can be copied, and Japanese that can be
// broken.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0xe3 && static_cast<unsigned char>(c) < 0xf0 && at + 2 < text.size()) {
      out += text.substr(at, 3);
      at += 2;
      out += may_break(text, at + 1) ? "\\:" : "";
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += std::string("\\&") + c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

class Page {
 public:
  explicit Page(const catalogue::Catalogue& catalogue) : catalogue_(catalogue) {}

  std::string say(const std::string& key) const { return catalogue_.say(key, {{"command", "kubectl podcheck"}}); }
  void section(const std::string& key) { out_ << ".SH " << say("man." + key) << "\n"; }
  void line(const std::string& roff) { out_ << roff << "\n"; }
  void text(const std::string& key) { line(escaped(say(key))); }
  void item(const std::string& head, const std::string& roff) { out_ << ".TP\n" << head << "\n" << roff << "\n"; }
  // Lines of typed commands, as they are.
  void literal(const std::string& lines) { out_ << ".PP\n.nf\n" << escaped(lines) << "\n.fi\n"; }
  // "- key: text" for every name below a message key.
  void list(const std::string& key, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      item(bold(name), escaped(say("man." + key + "." + name)));
    }
  }

  void option(const Verb& verb, const Option& option) {
    std::string head = option.letter == 0 ? "" : bold(std::string("-") + option.letter) + ", ";
    head += bold(std::string("--") + option.name);
    if (option.argument != nullptr) {
      head +=
          (option.implied != nullptr ? "[=" : " ") + italic(option.argument) + (option.implied != nullptr ? "]" : "");
    }
    std::string about = describe(verb, option, catalogue_);
    item(head, escaped(about.empty() ? say("man.as_kubectl") : about));
  }

  void verb(const Verb& verb) {
    const std::string key = std::string("verbs.") + verb.name;
    out_ << ".SS \"" << escaped(verb.name) << (*verb.arguments != 0 ? " " + escaped(verb.arguments) : "") << "\"\n";
    text(key + ".summary");
    if (!say(key + ".about").empty()) {
      line(".PP");
      text(key + ".about");
    }
    for (const Option* known : verb.options) {
      if (!known->hidden && known->group != std::string_view("common")) {
        option(verb, *known);
      }
    }
    if (!say(key + ".examples").empty()) {
      literal(say(key + ".examples"));
    }
  }

  std::string written() const { return out_.str(); }

 private:
  const catalogue::Catalogue& catalogue_;
  std::ostringstream out_;
};

}  // namespace

std::string man_page(const catalogue::Catalogue& catalogue, const std::string& version, const std::string& date) {
  Page page(catalogue);
  page.line(".TH KUBECTL\\-PODCHECK 1 \"" + date + "\" \"podcheck " + version + "\" \"podcheck\"");
  page.line(".ad l");
  page.section("name");
  page.line("kubectl\\-podcheck \\- " + escaped(page.say("man.short")));
  page.section("synopsis");
  page.line(bold("kubectl podcheck") + " " + italic(page.say("cli.command_placeholder")));
  page.line(".br");
  page.line(bold("kubectl-podcheck") + " " + italic(page.say("cli.command_placeholder")));
  page.section("description");
  page.text("cli.about");
  page.line(".PP");
  page.text("man.about");
  page.section("commands");
  for (const Verb& verb : verbs()) {
    if (!verb.hidden) {
      page.verb(verb);
    }
  }
  page.section("common");
  const Verb& any = verbs().front();
  for (const Option* option : any.options) {
    if (option->group == std::string_view("common")) {
      page.option(any, *option);
    }
  }
  page.section("exit_status");
  page.list("exit", {"0", "1", "2", "3", "4", "130"});
  page.section("environment");
  page.list("environment_of", {"KUBECTL_PATH", "KUBECONFIG", "PODCHECK_LANG", "NO_COLOR", "CLICOLOR_FORCE"});
  page.section("files");
  page.item(bold(".podcheck.yaml"), escaped(page.say("man.config")));
  page.section("see_also");
  page.line("kubectl(1)");
  return page.written();
}

}  // namespace podcheck::cli
