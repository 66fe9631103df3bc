#include "cli/session.hpp"

#include <algorithm>
#include <ostream>

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
      return locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos || locale == "C" ||
             locale == "POSIX";
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

void Session::print(const finding::Report& report) const {
  render::Format chosen = format();
  io.out << render::render(report, catalogue, chosen, render_options());
  io.out.flush();
  bool carries_notes =
      chosen == render::Format::json || chosen == render::Format::markdown || chosen == render::Format::html;
  if (!carries_notes) {
    for (const auto& note : report.notes) {
      bool named = note.about.empty() || note.message.starts_with(note.about);
      io.err << say("cli.note") << " " << (named ? "" : note.about + ": ") << note.message << "\n";
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
