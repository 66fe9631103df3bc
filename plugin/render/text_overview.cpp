// Many subjects at once: what is wrong how often, then one of each kind in full and the names of the others.
#include <algorithm>
#include <map>
#include <vector>

#include "render/terminal_text.hpp"
#include "render/text.hpp"

namespace podcheck::render {

namespace {

constexpr std::size_t most_kinds = 20;  // shown in full
constexpr std::size_t most_names = 12;  // of those that fail alike
constexpr int count_width = 5;
constexpr int least_example = 20;  // columns

struct Kind {
  std::string id;
  std::vector<const finding::Subject*> subjects;
};

std::vector<Kind> kinds_of(const finding::Report& report) {
  std::vector<Kind> kinds;
  std::map<std::string, std::size_t> place;
  for (const auto& subject : report.subjects) {
    std::string id = subject.findings.empty() ? "" : subject.findings.front().id;
    auto [found, fresh] = place.try_emplace(id, kinds.size());
    if (fresh) {
      kinds.push_back({id, {}});
    }
    kinds[found->second].subjects.push_back(&subject);
  }
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const Kind& a, const Kind& b) { return a.subjects.size() > b.subjects.size(); });
  return kinds;
}

std::string name_of(const finding::Subject& subject) {
  return subject.namespace_.empty() ? subject.name : subject.namespace_ + "/" + subject.name;
}

void write_table(std::string& out, const std::vector<Kind>& kinds, const TextContext& context) {
  int widest = 0;
  for (const Kind& kind : kinds) {
    widest = std::max(widest, display_width(kind.id));
  }
  for (const Kind& kind : kinds) {
    const finding::Subject& first = *kind.subjects.front();
    std::string line = "  " + pad_left(std::to_string(kind.subjects.size()), count_width) + "  " + pad(kind.id, widest);
    std::string example = "  " + first.kind + " " + name_of(first) + " " + first.headline;
    if (display_width(line) + least_example <= context.options.width) {
      line += shorten(example, context.options.width - display_width(line));
    }
    line.resize(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  out += "\n";
}

void write_others(std::string& out, const Kind& kind, const TextContext& context) {
  if (kind.subjects.size() < 2) {
    return;
  }
  std::string names;
  for (std::size_t i = 1; i < kind.subjects.size() && i <= most_names; ++i) {
    names += (i > 1 ? ", " : "") + name_of(*kind.subjects[i]);
  }
  std::string text = context.say("render.overview.alike", {{"names", names}});
  if (kind.subjects.size() > most_names + 1) {
    text +=
        " " + context.say("render.overview.more", {{"count", std::to_string(kind.subjects.size() - most_names - 1)}});
  }
  for (const std::string& line : wrap(text, context.options.width - 2)) {
    out += "  " + line + "\n";
  }
  out += "\n";
}

}  // namespace

void write_overview(std::string& out, const finding::Report& report, const TextContext& context) {
  std::vector<Kind> kinds = kinds_of(report);
  std::string sign = context.options.unicode ? "✗ " : "x ";
  std::string title = context.say("render.overview.title", {{"count", std::to_string(report.subjects.size())},
                                                            {"causes", std::to_string(kinds.size())}});
  for (const std::string& line : wrap(title, context.options.width - 2)) {
    out += context.palette.error(sign) + context.palette.strong(line) + "\n";
    sign = "  ";
  }
  out += "\n";
  write_table(out, kinds, context);
  for (std::size_t i = 0; i < kinds.size() && i < most_kinds; ++i) {
    write_live_subject(out, *kinds[i].subjects.front(), context);
    write_others(out, kinds[i], context);
  }
  for (const std::string& line : wrap(context.say("render.overview.all"), context.options.width)) {
    out += context.palette.dim(line) + "\n";
  }
}

}  // namespace podcheck::render
