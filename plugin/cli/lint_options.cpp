#include "cli/lint_options.hpp"

#include <ctime>
#include <istream>

namespace podcheck::cli {

lint::FileSystem::Bytes SessionFiles::read(const std::string& path, std::size_t limit) {
  if (path != "-") {
    return DiskFileSystem::read(path, limit);
  }
  Bytes out;
  char buffer[65536];
  while (session_.io.in.read(buffer, sizeof buffer) || session_.io.in.gcount() > 0) {
    out.bytes.append(buffer, static_cast<std::size_t>(session_.io.in.gcount()));
    if (out.bytes.size() > limit) {
      out.too_large = true;
      return out;
    }
  }
  out.ok = true;
  return out;
}

namespace {

std::string today() {
  std::time_t now = std::time(nullptr);
  std::tm parts{};
#ifdef _WIN32
  gmtime_s(&parts, &now);
#else
  gmtime_r(&now, &parts);
#endif
  char text[11];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

}  // namespace

int kubernetes_minor_of(const Session& session) {
  std::string version = session.arguments.get("kubernetes-version");
  std::string_view rest = version;
  if (rest.starts_with("v")) {
    rest.remove_prefix(1);
  }
  if (rest.starts_with("1.")) {
    rest.remove_prefix(2);
    std::string minor(rest.substr(0, rest.find('.')));  // 1.31.4 is 1.31 here
    if (minor.size() == 2 && minor[0] >= '0' && minor[0] <= '9' && minor[1] >= '0' && minor[1] <= '9') {
      int number = (minor[0] - '0') * 10 + (minor[1] - '0');
      if (number >= 28 && number <= 36) {
        return number;
      }
    }
  }
  throw UsageError{session.say("cli.error.bad_version", {{"value", version}})};
}

lint::Options lint_options(const Session& session) {
  const Arguments& arguments = session.arguments;
  lint::Options options;
  options.paths = arguments.positional();
  for (const std::string& path : arguments.all("filename")) {
    options.paths.push_back(path);
  }
  options.stdin_name = arguments.get("stdin-filename", "-");
  options.select = arguments.list("select");
  options.ignore = arguments.list("ignore");
  options.rule_directories = arguments.all("rules");
  options.crds = arguments.all("crds");
  if (arguments.has("kubernetes-version")) {
    options.kubernetes_minor = kubernetes_minor_of(session);
  }
  if (arguments.has("closed-bundle")) {
    options.closed_bundle = true;
  }
  options.default_namespace = arguments.get("namespace");
  options.config = arguments.get("config");
  options.baseline = arguments.get("baseline");
  options.today = today();
  return options;
}

// Nothing named and nothing piped in: somebody wants to know how, or means the current folder.
void default_input(const Session& session, lint::Options& options) {
  if (!options.paths.empty()) {
    return;
  }
  if (session.io.in_is_terminal) {
    throw UsageError{session.say("cli.error.no_input", {{"command", session.command}})};
  }
  options.paths.push_back("-");
}

}  // namespace podcheck::cli
