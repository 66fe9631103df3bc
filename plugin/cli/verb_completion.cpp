// completion: thin scripts; every candidate comes from the hidden verb __complete.
#include <filesystem>
#include <fstream>
#include <ostream>
#include <system_error>

#include "cli/session.hpp"

namespace podcheck::cli {

namespace {

constexpr const char* bash = R"(# bash completion for kubectl-podcheck
_kubectl_podcheck() {
  local IFS=$'\n' line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in :*) continue ;; esac
    COMPREPLY+=("${line%%$'\t'*}")
  done < <(kubectl-podcheck __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default
}
complete -F _kubectl_podcheck kubectl-podcheck
)";

constexpr const char* zsh = R"(#compdef kubectl-podcheck
_kubectl_podcheck() {
  local -a candidates
  local line
  while IFS= read -r line; do
    case $line in :*) continue ;; esac
    candidates+=("${${line//:/\\:}/$'\t'/:}")
  done < <(kubectl-podcheck __complete "${words[@]:1:$((CURRENT-1))}" 2>/dev/null)
  if (( ${#candidates} )); then
    _describe 'podcheck' candidates
  else
    _files
  fi
}
compdef _kubectl_podcheck kubectl-podcheck
)";

constexpr const char* fish = R"(# fish completion for kubectl-podcheck
function __kubectl_podcheck
    set -l words (commandline -opc)[2..-1] (commandline -ct)
    kubectl-podcheck __complete $words 2>/dev/null | string match -v -r '^:'
end
complete -c kubectl-podcheck -a '(__kubectl_podcheck)'
)";

constexpr const char* powershell = R"(# PowerShell completion for kubectl-podcheck
Register-ArgumentCompleter -Native -CommandName kubectl-podcheck -ScriptBlock {
    param($word, $ast, $position)
    $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($word -eq '') { $words += '' }
    kubectl-podcheck __complete @words 2>$null | Where-Object { -not $_.StartsWith(':') } | ForEach-Object {
        $parts = $_ -split "`t", 2
        $about = if ($parts.Count -gt 1) { $parts[1] } else { $parts[0] }
        [System.Management.Automation.CompletionResult]::new($parts[0], $parts[0], 'ParameterValue', $about)
    }
}
)";

constexpr const char* shim = "#!/bin/sh\nexec kubectl-podcheck __complete \"$@\"\n";

// kubectl runs kubectl_complete-podcheck from PATH; Krew links one executable only, so it is written beside the link.
ExitCode install(Session& session) {
  namespace fs = std::filesystem;
  fs::path folder;
  std::string path = session.io.environment("PATH");
  for (std::size_t begin = 0; begin <= path.size() && folder.empty();) {
    std::size_t end = std::min(path.find(':', begin), path.size());
    fs::path candidate = path.substr(begin, end - begin);
    std::error_code ignored;
    if (!candidate.empty() && fs::exists(candidate / "kubectl-podcheck", ignored)) {
      folder = candidate;
    }
    begin = end + 1;
  }
  if (folder.empty()) {
    throw UsageError{session.say("completion.not_on_path")};
  }
  fs::path file = folder / "kubectl_complete-podcheck";
  std::ofstream out(file);
  out << shim;
  out.close();
  std::error_code problem;
  if (out) {
    fs::permissions(file,
                    fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                        fs::perms::others_exec,
                    problem);
  }
  if (!out || problem) {
    session.complain(session.say("completion.cannot_write", {{"path", file.string()}}));
    session.io.out << shim;
    return ExitCode::unreadable;
  }
  session.io.out << session.say("completion.installed", {{"path", file.string()}}) << "\n";
  return ExitCode::success;
}

}  // namespace

ExitCode run_completion(Session& session) {
  std::string shell = session.arguments.positional().empty() ? "" : session.arguments.positional().front();
  if (shell == "install") {
    return install(session);
  }
  for (auto [name, script] : {std::pair{"bash", bash}, {"zsh", zsh}, {"fish", fish}, {"powershell", powershell}}) {
    if (shell == name) {
      session.io.out << script;
      return ExitCode::success;
    }
  }
  throw UsageError{session.say("completion.which_shell", {{"shell", shell}})};
}

}  // namespace podcheck::cli
