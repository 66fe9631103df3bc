// docs --to DIR: the reference pages, one a rule and one a cause, and their indexes; `./dev docs` calls it.
// docs --man DIR: the man page, dated by SOURCE_DATE_EPOCH; archive.sh calls it.
#include <ctime>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <system_error>

#include "catalogue/pages.hpp"
#include "cli/man_page.hpp"
#include "cli/session.hpp"
#include "cli/version.hpp"

namespace podcheck::cli {

namespace {

bool write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  return static_cast<bool>(out);
}

// The day of SOURCE_DATE_EPOCH, or else of today.
std::string page_date(const Session& session) {
  const std::string given = session.io.environment("SOURCE_DATE_EPOCH");
  const bool number = !given.empty() && given.size() < 12 && given.find_first_not_of("0123456789") == std::string::npos;
  const std::time_t time = number ? std::stoll(given) : std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&time));
  return text;
}

ExitCode write_man_page(Session& session, const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!write(folder / "kubectl-podcheck.1", man_page(session.catalogue, version(), page_date(session)))) {
    session.complain(session.say("cli.error.cannot_write", {{"path", folder.string()}, {"detail", problem.message()}}));
    return ExitCode::unreadable;
  }
  return ExitCode::success;
}

}  // namespace

ExitCode run_docs(Session& session) {
  namespace fs = std::filesystem;
  if (session.arguments.has("man")) {
    return write_man_page(session, session.arguments.get("man"));
  }
  fs::path root = session.arguments.get("to");
  if (root.empty()) {
    throw UsageError{session.say("cli.error.missing_flag", {{"verb", "docs"}, {"flag", "--to"}})};
  }
  std::error_code problem;
  for (const char* folder : {"rules", "causes"}) {
    fs::remove_all(root / folder, problem);
    fs::create_directories(root / folder, problem);
  }
  const auto& cards = session.catalogue;
  bool good = write(root / "rules.md", catalogue::rule_index(cards)) &&
              write(root / "causes.md", catalogue::cause_index(cards));
  for (const auto& rule : cards.rules()) {
    good = good && write(root / "rules" / (rule.id + ".md"), catalogue::page_of(cards, rule.id));
  }
  for (const auto& cause : cards.causes()) {
    good = good && write(root / "causes" / (cause.id + ".md"), catalogue::page_of(cards, cause.id));
  }
  if (!good) {
    session.complain(session.say("cli.error.cannot_write", {{"path", root.string()}, {"detail", ""}}));
    return ExitCode::unreadable;
  }
  return ExitCode::success;
}

}  // namespace podcheck::cli
