#include "cli/session.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/version.hpp"

namespace podcheck::cli {

std::string Session::say(std::string_view key, const finding::Values& values) const {
  return catalogue.say(std::string(key), values);
}

void Session::complain(const std::string& sentence) const {
  io.err << "podcheck: " << sentence << "\n";
}

namespace {

bool wants_color(const Session& session) {
  std::string when = session.arguments.get("color", "auto");
  if (when != "auto") {
    return when == "always";
  }
  if (!session.io.environment("NO_COLOR").empty()) {
    return false;
  }
  if (!session.io.environment("CLICOLOR_FORCE").empty() || !session.io.environment("FORCE_COLOR").empty()) {
    return true;
  }
  return session.io.out_is_terminal && session.io.environment("TERM") != "dumb";
}

// A locale that does not say UTF-8 may not show check marks; an unset one (containers, CI) can.
bool shows_unicode(const Streams& io) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = io.environment(name);
    if (!locale.empty()) {
      return is_utf8_locale(locale) || locale == "C" || locale == "POSIX";
    }
  }
  return true;
}

}  // namespace

render::Options Session::render_options() const {
  render::Options options;
  options.color = wants_color(*this);
  options.unicode = shows_unicode(io);
  options.verbose = arguments.has("verbose");
  options.width = std::clamp(io.columns, 40, 120);
  options.version = version();
  options.command = command;
  return options;
}

render::Format Session::format() const {
  return render::format_from(arguments.get("output", "text")).value_or(render::Format::text);
}

namespace {

// The same sentence about several things is said once: an unreachable cluster is one note, not ten.
std::vector<std::string> merged_notes(const finding::Report& report) {
  std::vector<std::pair<std::string, std::string>> merged;  // sentence, what it is about
  for (const auto& note : report.notes) {
    std::string sentence = note.message;
    if (!note.about.empty() && sentence.starts_with(note.about + ": ")) {
      sentence.erase(0, note.about.size() + 2);
    }
    bool named = sentence == note.message && sentence.starts_with(note.about);
    std::string about = named ? "" : note.about;
    auto same = std::find_if(merged.begin(), merged.end(), [&](const auto& other) { return other.first == sentence; });
    if (same == merged.end()) {
      merged.emplace_back(sentence, about);
    } else if (!about.empty() && (", " + same->second + ",").find(", " + about + ",") == std::string::npos) {
      same->second += (same->second.empty() ? "" : ", ") + about;
    }
  }
  std::vector<std::string> lines;
  for (const auto& [sentence, about] : merged) {
    lines.push_back(about.empty() ? sentence : about + ": " + sentence);
  }
  return lines;
}

// What typography adds to our own sentences, in ASCII. Names and values of the user keep their bytes.
std::string in_ascii(const std::string& text) {
  static constexpr std::pair<std::string_view, std::string_view> signs[] = {
      {"·", "-"}, {"–", "-"},  {"—", "-"}, {"…", "..."}, {"→", "->"},
      {"×", "x"}, {"✓", "ok"}, {"✗", "x"}, {"≥", ">="},  {"≤", "<="}};
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t before = at;
    if (static_cast<unsigned char>(text[at]) >= 0x80) {
      for (const auto& [sign, plain] : signs) {
        if (text.compare(at, sign.size(), sign) == 0) {
          out += plain;
          at += sign.size();
          break;
        }
      }
    }
    if (at == before) {
      out += text[at++];
    }
  }
  return out;
}

}  // namespace

void Session::print(const finding::Report& report) const {
  render::Format chosen = format();
  const render::Options options = render_options();
  const bool plain = chosen == render::Format::text && !options.unicode;
  const std::string text = render::render(report, catalogue, chosen, options);
  io.out << (plain ? in_ascii(text) : text);
  io.out.flush();
  bool carries_notes =
      chosen == render::Format::json || chosen == render::Format::markdown || chosen == render::Format::html;
  if (!carries_notes) {
    for (const std::string& note : merged_notes(report)) {
      io.err << say("cli.note") << " " << note << "\n";
    }
  }
}

ExitCode Session::judge(const finding::Report& report) const {
  std::string level = arguments.get("fail-on", "warning");
  if (level == "never") {
    return ExitCode::success;
  }
  finding::Severity threshold = finding::severity_from(level).value_or(finding::Severity::warning);
  for (const auto& subject : report.subjects) {
    for (const auto& found : subject.findings) {
      if (found.severity >= threshold) {
        return ExitCode::findings;
      }
    }
  }
  return ExitCode::success;
}

}  // namespace podcheck::cli
