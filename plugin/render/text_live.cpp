#include <algorithm>

#include "render/sentence.hpp"
#include "render/terminal_text.hpp"
#include "render/text.hpp"

namespace podcheck::render {

namespace {

using finding::Finding;

constexpr int indent = 2;
constexpr int proof_lines = 6;    // without -v
constexpr int narrowest = 16;     // columns that text gets, whatever the terminal
constexpr int label_beside = 60;  // columns from which the label stands beside the verdict

std::string spaces(int count) {
  return std::string(static_cast<std::size_t>(std::max(0, count)), ' ');
}

// "  proof   " on the first line of a block, as many spaces on the others.

class Block {
 public:
  Block(std::string& out, std::string label, int column, const TextContext& context)
      : out_(out), label_(std::move(label)), column_(column), context_(context) {}
  void line(const std::string& text) {
    std::string head = used_ ? spaces(column_) : pad(spaces(indent) + label_, column_);
    out_ += (used_ ? head : context_.palette.dim(head)) + text + "\n";
    used_ = true;
  }
  void paragraph(const std::string& text) {
    for (const std::string& part : wrap(text, std::max(narrowest, context_.options.width - column_))) {
      line(part);
    }
  }
  bool used() const { return used_; }

 private:
  std::string& out_;
  std::string label_;
  int column_;
  const TextContext& context_;
  bool used_ = false;
};

int label_column(const TextContext& context) {
  int widest = 0;
  for (const char* key : {"render.proof", "render.fix", "render.lint", "render.why", "render.through"}) {
    widest = std::max(widest, display_width(context.say(key)));
  }
  return indent + widest + 3;
}

// Compact JSON is one word to a terminal; a space after each comma and colon between quotes lets it wrap.
std::string wrappable(const std::string& text) {
  if (text.empty() || (text.front() != '{' && text.front() != '[')) {
    return text;
  }
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    quoted = quoted != (text[i] == '"' && (i == 0 || text[i - 1] != '\\'));
    out += text[i];
    if (!quoted && (text[i] == ',' || text[i] == ':') && i + 1 < text.size() && text[i + 1] != ' ') {
      out += ' ';
    }
  }
  return out;
}

void write_proof(std::string& out, const Finding& found, int column, const TextContext& context) {
  Block block(out, context.say("render.proof"), column, context);
  int kind_width = 0;
  for (const auto& proof : found.evidence) {
    kind_width = std::max(kind_width, display_width(context.say(("render.evidence." + proof.kind).c_str())));
  }
  int shown = 0;
  for (const auto& proof : found.evidence) {
    if (!context.options.verbose && shown >= proof_lines) {
      block.line(context.palette.dim(
          context.say("render.more_proof", {{"count", std::to_string(found.evidence.size() - proof_lines)}})));
      break;
    }
    ++shown;
    std::string kind = pad(context.say(("render.evidence." + proof.kind).c_str()), kind_width + 2);
    std::string tail =
        proof.count > 1 ? "  " + context.say("render.times", {{"count", std::to_string(proof.count)}}) : "";
    int room = std::max(narrowest, context.options.width - column - display_width(kind));
    std::string text = wrappable(proof.text);
    if (!proof.source.empty()) {
      text.insert(0, proof.source + "  ");
    }
    if (!tail.empty()) {
      text += context.palette.dim(tail);
    }
    bool first = true;
    for (const std::string& part : wrap(text, room)) {
      block.line((first ? context.palette.dim(kind) : spaces(display_width(kind))) + part);
      first = false;
    }
  }
}

void write_fixes(std::string& out, const Finding& found, int column, const TextContext& context) {
  Block block(out, context.say("render.fix"), column, context);
  bool first = true;
  for (const auto& fix : found.fixes) {
    std::string effect = fix.effect.empty() ? "" : "  [" + fix.effect + "]";
    block.paragraph((first ? "" : context.say("render.or") + " ") + fix.summary + effect);
    if (!fix.command.empty()) {
      // A command is never wrapped: it is there to be copied.
      std::string_view rest = fix.command;
      while (!rest.empty()) {
        std::size_t stop = rest.find('\n');
        block.line(context.palette.command(std::string(rest.substr(0, stop))));
        rest.remove_prefix(stop == std::string_view::npos ? rest.size() : stop + 1);
      }
    }
    first = false;
  }
}

std::string chain_text(const Finding& found) {
  std::string text;
  for (const auto& step : found.chain) {
    text += (text.empty() ? "" : " → ") + step;
  }
  return text;
}

void write_cause(std::string& out, const Finding& found, const TextContext& context) {
  int column = label_column(context);
  std::string label = found.confidence == finding::Confidence::none
                          ? ""
                          : context.say((std::string("render.confidence.") + to_string(found.confidence)).c_str());
  bool beside = !label.empty() && context.options.width >= label_beside;
  int room = std::max(narrowest, context.options.width - indent - (beside ? display_width(label) + 2 : 0));
  bool first = true;
  for (const std::string& part : wrap(sentence(found.message), room)) {
    out += spaces(indent) + context.palette.strong(part);
    if (first && beside) {
      out += spaces(room - display_width(part) + 2) + context.palette.dim(label);
    }
    out += "\n";
    first = false;
  }
  if (!label.empty() && !beside) {
    out += spaces(indent) + context.palette.dim("(" + label + ")") + "\n";
  }
  if (!found.why.empty()) {
    for (const std::string& part : wrap(found.why, context.options.width - indent)) {
      out += spaces(indent) + part + "\n";
    }
  }
  if (!found.chain.empty()) {
    Block block(out, context.say("render.through"), column, context);
    block.paragraph(chain_text(found));
  }
  out += "\n";
  if (!found.evidence.empty()) {
    write_proof(out, found, column, context);
    out += "\n";
  }
}

void write_remedies(std::string& out, const Finding& found, const TextContext& context) {
  int column = label_column(context);
  if (!found.fixes.empty()) {
    write_fixes(out, found, column, context);
    out += "\n";
  }
  if (!found.prevented_by.empty()) {
    std::string rules;
    for (const auto& rule : found.prevented_by) {
      rules += (rules.empty() ? "" : ", ") + rule;
    }
    Block block(out, context.say("render.lint"), column, context);
    block.paragraph(context.say("render.prevented_by", {{"rules", rules}}));
    out += "\n";
  }
  if (context.options.verbose && !found.rejected.empty()) {
    Block block(out, context.say("render.instead"), column, context);
    for (const auto& rejected : found.rejected) {
      block.paragraph(rejected.id + ": " + rejected.reason);
    }
    out += "\n";
  }
}

void write_others(std::string& out, const finding::Subject& subject, const TextContext& context) {
  int column = label_column(context);
  Block block(out, context.say("render.also"), column, context);
  for (std::size_t i = 1; i < subject.findings.size(); ++i) {
    const Finding& found = subject.findings[i];
    if (found.severity == finding::Severity::info && !context.options.verbose) {
      continue;
    }
    std::string role = found.role == finding::Role::none
                           ? ""
                           : context.say((std::string("render.role.") + to_string(found.role)).c_str()) + ": ";
    block.paragraph(role + found.message + " [" + found.id + "]");
    if (found.role == finding::Role::cause) {
      for (const auto& fix : found.fixes) {
        block.paragraph("  " + context.say("render.fix") + ": " + fix.summary);
        if (!fix.command.empty()) {
          block.line("  " + context.palette.command(fix.command));
        }
      }
    }
  }
  if (block.used()) {
    out += "\n";
  }
}

void write_timeline(std::string& out, const finding::Subject& subject, const TextContext& context) {
  Block block(out, context.say("render.timeline"), label_column(context), context);
  for (const auto& moment : subject.timeline) {
    std::string time = moment.time.size() >= 19 ? moment.time.substr(11, 8) : pad(moment.time, 8);
    std::string lead = context.palette.dim(time) + "  ";
    int room = context.options.width - label_column(context) - display_width(time) - 2;
    for (const std::string& part : wrap(moment.text, std::max(narrowest, room))) {
      block.line(lead + part);
      lead = spaces(display_width(time) + 2);
    }
  }
  out += "\n";
}

}  // namespace

void write_live_subject(std::string& out, const finding::Subject& subject, const TextContext& context) {
  const Palette& paint = context.palette;
  bool plain = !context.options.unicode;
  std::string sign = subject.healthy ? paint.good(plain ? "ok" : "✓") : paint.error(plain ? "x" : "✗");
  std::string name = subject.namespace_.empty() ? subject.name : subject.namespace_ + "/" + subject.name;
  std::string title = subject.kind + " " + name;
  out += sign + " " + paint.strong(title);
  if (!subject.headline.empty() && display_width(title + subject.headline) + 5 <= context.options.width) {
    out += "   " + subject.headline;
  } else {
    for (const std::string& part : wrap(subject.headline, context.options.width - indent)) {
      out += part.empty() ? "" : "\n" + spaces(indent) + part;
    }
  }
  out += "\n";
  if (!subject.findings.empty()) {
    out += "\n";
    write_cause(out, subject.findings.front(), context);
    if (!subject.nodes.empty()) {
      write_nodes(out, subject, context);
    }
    write_remedies(out, subject.findings.front(), context);
    write_others(out, subject, context);
  } else if (!subject.nodes.empty()) {
    out += "\n";
    write_nodes(out, subject, context);
  }
  if (context.options.verbose && !subject.timeline.empty()) {
    write_timeline(out, subject, context);
  }
}

}  // namespace podcheck::render
