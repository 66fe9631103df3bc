// docs --to DIR: the reference pages, one a rule and one a cause, and their indexes; `./dev docs` calls it.
#include <filesystem>
#include <fstream>
#include <ostream>
#include <system_error>

#include "catalogue/pages.hpp"
#include "cli/session.hpp"

namespace podcheck::cli {

namespace {

bool write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  return static_cast<bool>(out);
}

}  // namespace

ExitCode run_docs(Session& session) {
  namespace fs = std::filesystem;
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
