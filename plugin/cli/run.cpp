#include "cli/run.hpp"

#include <cerrno>
#include <exception>
#include <ostream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/help.hpp"
#include "cli/session.hpp"

namespace podcheck::cli {

namespace {

struct Entry {
  std::string_view name;
  VerbFunction function;
};

constexpr Entry entries[] = {
    {"__complete", run_complete}, {"capture", run_capture}, {"completion", run_completion},
    {"docs", run_docs},           {"explain", run_explain}, {"help", run_help},
    {"lint", run_lint},           {"live", run_live},       {"preflight", run_preflight},
    {"rules", run_rules},         {"version", run_version},
};

VerbFunction function_of(std::string_view verb) {
  for (const Entry& entry : entries) {
    if (entry.name == verb) {
      return entry.function;
    }
  }
  return nullptr;
}

// --lang, then $PODCHECK_LANG, then the locale. A locale of another encoding could not show our Japanese, which is
// UTF-8.
catalogue::Language language(std::span<const char* const> argv, const Streams& io) {
  std::string chosen;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    std::string_view word = argv[i];
    if (word.starts_with("--lang=")) {
      chosen = word.substr(7);
    } else if (word == "--lang" && i + 1 < argv.size()) {
      chosen = argv[i + 1];
    }
  }
  if (chosen.empty()) {
    chosen = io.environment("PODCHECK_LANG");
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (chosen.empty()) {
      chosen = io.environment(name);
      if (chosen.find('.') != std::string::npos && !is_utf8_locale(chosen)) {
        return catalogue::Language::en;
      }
    }
  }
  return chosen.starts_with("ja") ? catalogue::Language::ja : catalogue::Language::en;
}

// Run by kubectl, the name on disk is kubectl-podcheck, and the user typed "kubectl podcheck".
std::string command_name(std::string_view program) {
  std::size_t slash = program.find_last_of("/\\");
  std::string_view base = slash == std::string_view::npos ? program : program.substr(slash + 1);
  if (base.ends_with(".exe")) {
    base.remove_suffix(4);
  }
  return base.starts_with("kubectl-") || base.starts_with("kubectl_") ? "kubectl podcheck" : std::string(base);
}

int dispatch(std::span<const char* const> argv, catalogue::Catalogue& catalogue, Streams& io) {
  std::string command = command_name(argv.empty() ? "kubectl-podcheck" : argv[0]);
  std::string_view word = argv.size() > 1 ? argv[1] : "help";
  if (word == "--help" || word == "-h") {
    word = "help";
  } else if (word == "--version") {
    word = "version";
  }
  const Verb* verb = find_verb(word);
  if (verb == nullptr) {
    throw unknown_command(catalogue, word, command);
  }
  auto rest = argv.size() > 2 ? argv.subspan(2) : std::span<const char* const>();
  Session session{*verb, {}, catalogue, io, command};
  if (verb->options.empty()) {
    session.arguments.positional_.assign(rest.begin(), rest.end());
  } else {
    session.arguments = parse(*verb, rest, catalogue);
  }
  if (session.arguments.has("help")) {
    io.out << help(*verb, catalogue, command);
    return 0;
  }
  return static_cast<int>(function_of(verb->name)(session));
}

// A full disk or a closed output shows at the latest here; exit 0 would say that all was written.
int check_output(int code, const catalogue::Catalogue& catalogue, Streams& io) {
  io.out.flush();
  if (io.out) {
    return code;
  }
  io.out.clear();
  errno = 0;
  io.out << '\n' << std::flush;  // fails again, and leaves the reason in errno
  const std::string reason = errno == 0 ? "" : std::generic_category().message(errno);
  io.err << "podcheck: "
         << catalogue.say(reason.empty() ? "cli.error.output_lost" : "cli.error.output", {{"detail", reason}}) << "\n";
  return static_cast<int>(ExitCode::unreadable);
}

}  // namespace

int run(std::span<const char* const> argv, Streams& io) {
  try {
    catalogue::Catalogue catalogue(language(argv, io));
    try {
      return check_output(dispatch(argv, catalogue, io), catalogue, io);
    } catch (const UsageError& error) {
      io.err << "podcheck: " << error.sentence << "\n";
      return static_cast<int>(ExitCode::usage);
    } catch (const std::exception& defect) {
      io.err << "podcheck: " << catalogue.say("cli.error.defect", {{"detail", defect.what()}}) << "\n";
      return static_cast<int>(ExitCode::defect);
    }
  } catch (...) {
    io.err << "podcheck: internal error\n";
    return static_cast<int>(ExitCode::defect);
  }
}

}  // namespace podcheck::cli
