// completion: thin scripts; every candidate comes from the hidden verb __complete.
#include <filesystem>
#include <fstream>
#include <ostream>
#include <system_error>

#include "cli/session.hpp"

namespace podcheck::cli {

namespace {

// Readline splits words at = and :, and completes only the last piece.
constexpr const char* bash = R"(# bash completion for kubectl-podcheck
_kubectl_podcheck() {
  local IFS=$'\n' line words=() i word head='' directive=0
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((${#words[@]})) && { [[ $word == = ]] || [[ ${words[-1]} == --*= ]]; }; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  [[ ${words[-1]} != --*=* ]] || head=${words[-1]%%=*}=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in :*) directive=${line#:} && continue ;; esac
    line=${line%%$'\t'*}
    COMPREPLY+=("${line#"$head"}")
  done < <("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
  if [ ${#COMPREPLY[@]} -eq 0 ] && [ "$directive" = 0 ]; then
    compopt -o default
  elif [ ${#COMPREPLY[@]} -eq 1 ] && [[ ${COMPREPLY[0]} == */ ]]; then
    compopt -o nospace
  fi
}
complete -F _kubectl_podcheck kubectl-podcheck
)";

constexpr const char* zsh = R"(#compdef kubectl-podcheck
_kubectl_podcheck() {
  local -a candidates
  local line directive=0
  while IFS= read -r line; do
    case $line in
      :*) directive=${line#:} ;;
      *) candidates+=("${${line//:/\\:}/$'\t'/:}") ;;
    esac
  done < <("${words[1]}" __complete "${words[@]:1:$((CURRENT-1))}" 2>/dev/null)
  if (( ${#candidates} )); then
    _describe -V 'podcheck' candidates
  elif [[ $directive == 0 ]]; then
    _files
  fi
}
# Autoloaded from $fpath this file is the function's body; sourced, it registers the function.
if [[ "${funcstack[1]}" == _kubectl?podcheck ]]; then
  _kubectl_podcheck "$@"
else
  compdef _kubectl_podcheck kubectl-podcheck
fi
)";

constexpr const char* fish = R"(# fish completion for kubectl-podcheck
function __kubectl_podcheck
    set -l words (commandline -opc)[2..-1] (commandline -ct)
    set -l lines (kubectl-podcheck __complete $words 2>/dev/null)
    set -l candidates (string match -v -r '^:' -- $lines)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else if contains -- :0 $lines
        __fish_complete_path (commandline -ct)
    end
end
complete -c kubectl-podcheck -f -a '(__kubectl_podcheck)'
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

#ifdef _WIN32
constexpr char path_separator = ';';
constexpr const char* program_file = "kubectl-podcheck.exe";
constexpr const char* shim_file = "kubectl_complete-podcheck.cmd";
constexpr const char* shim = "@kubectl-podcheck __complete %*\r\n";
#else
constexpr char path_separator = ':';
constexpr const char* program_file = "kubectl-podcheck";
constexpr const char* shim_file = "kubectl_complete-podcheck";
constexpr const char* shim = "#!/bin/sh\nexec kubectl-podcheck __complete \"$@\"\n";
#endif

// kubectl runs kubectl_complete-podcheck from PATH; Krew links one executable only, so it is written beside the link.
ExitCode install(Session& session) {
  namespace fs = std::filesystem;
  fs::path folder;
  std::string path = session.io.environment("PATH");
  for (std::size_t begin = 0; begin <= path.size() && folder.empty();) {
    std::size_t end = std::min(path.find(path_separator, begin), path.size());
    fs::path candidate = path.substr(begin, end - begin);
    std::error_code ignored;
    if (!candidate.empty() && fs::exists(candidate / program_file, ignored)) {
      folder = candidate;
    }
    begin = end + 1;
  }
  if (folder.empty()) {
    throw UsageError{session.say("completion.not_on_path")};
  }
  fs::path file = folder / shim_file;
  std::ofstream out(file, std::ios::binary);
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
