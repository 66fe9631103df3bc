#include "cli/option_table.hpp"

#include <array>
#include <sstream>

namespace podcheck::cli {

namespace {

using C = Completes;

// Output.
constexpr Option output_report = {
    "output", 'o',     "FORMAT",   "output",
    false,    nullptr, C::choices, "text json sarif github gitlab junit checkstyle gcc markdown html"};
constexpr Option output_list = {"output", 'o', "FORMAT", "output", false, nullptr, C::choices, "text json markdown"};
constexpr Option color = {"color", 0, "WHEN", "common", false, nullptr, C::choices, "auto always never"};
constexpr Option lang = {"lang", 0, "LANGUAGE", "common", false, nullptr, C::choices, "en ja"};
constexpr Option verbose = {"verbose", 'v', nullptr, "common"};
constexpr Option help = {"help", 'h', nullptr, "common"};
constexpr Option fail_on = {"fail-on", 0, "LEVEL", "output", false, nullptr, C::choices, "error warning info never"};

// kubectl's own, passed on unchanged.
constexpr Option namespace_option = {"namespace", 'n', "NAMESPACE", "kubectl", false, nullptr, C::namespaces};
constexpr Option all_namespaces = {"all-namespaces", 'A', nullptr, "kubectl"};
constexpr Option selector = {"selector", 'l', "SELECTOR", "kubectl"};
constexpr Option context = {"context", 0, "NAME", "kubectl", false, nullptr, C::contexts};
constexpr Option kubeconfig = {"kubeconfig", 0, "FILE", "kubectl", false, nullptr, C::files};
constexpr Option cluster = {"cluster", 0, "NAME", "kubectl"};
constexpr Option user = {"user", 0, "NAME", "kubectl"};
constexpr Option as_user = {"as", 0, "USER", "kubectl"};
constexpr Option as_group = {"as-group", 0, "GROUP", "kubectl", true};
constexpr Option request_timeout = {"request-timeout", 0, "DURATION", "kubectl"};
constexpr Option server = {"server", 's', "URL", "kubectl"};
constexpr Option token = {"token", 0, "TOKEN", "kubectl"};
constexpr Option certificate_authority = {"certificate-authority", 0, "FILE", "kubectl", false, nullptr, C::files};
constexpr Option insecure = {"insecure-skip-tls-verify", 0, nullptr, "kubectl"};
constexpr Option tls_server_name = {"tls-server-name", 0, "NAME", "kubectl"};
constexpr Option kubectl = {"kubectl", 0, "PATH", "kubectl", false, nullptr, C::files};
constexpr Option print_commands = {"print-commands", 0, nullptr, "kubectl"};

// Input.
constexpr Option from = {"from", 0, "PATH", "input", false, nullptr, C::files};
constexpr Option default_namespace = {"namespace", 'n', "NAMESPACE", "input"};
constexpr Option filename = {"filename", 'f', "PATH", "input", true, nullptr, C::files, nullptr, true};
constexpr Option recursive = {"recursive", 'R', nullptr, "input", false, nullptr, C::nothing, nullptr, true};
constexpr Option stdin_filename = {"stdin-filename", 0, "NAME", "input"};
constexpr Option config = {"config", 0, "FILE", "input", false, nullptr, C::files};
constexpr Option crds = {"crds", 0, "PATH", "input", true, nullptr, C::files};
constexpr Option kubernetes_version = {"kubernetes-version",
                                       0,
                                       "VERSION",
                                       "input",
                                       false,
                                       nullptr,
                                       C::choices,
                                       "1.28 1.29 1.30 1.31 1.32 1.33 1.34 1.35 1.36"};
constexpr Option closed_bundle = {"closed-bundle", 0, nullptr, "input"};
constexpr Option to = {"to", 0, "DIR", "input", false, nullptr, C::directories};

// Rules and what became of earlier findings.
constexpr Option select = {"select", 0, "RULE,...", "rules", true, nullptr, C::rules};
constexpr Option ignore = {"ignore", 0, "RULE,...", "rules", true, nullptr, C::rules};
constexpr Option rules_dir = {"rules", 0, "DIR", "rules", true, nullptr, C::directories};
constexpr Option baseline = {"baseline", 0, "FILE", "rules", false, nullptr, C::files};
constexpr Option write_baseline = {"write-baseline", 0, "FILE", "rules", false, nullptr, C::files};

// Fixes.
constexpr Option fix = {"fix", 0, nullptr, "fixes"};
constexpr Option diff = {"diff", 0, nullptr, "fixes"};
constexpr Option unsafe_fixes = {"unsafe-fixes", 0, nullptr, "fixes"};
constexpr Option add_ignore = {"add-ignore", 0, nullptr, "fixes"};

// live only.
constexpr Option wait = {"wait", 0, "DURATION", "input", false, "10m"};
constexpr Option shard = {"shard", 0, "I/N", "input"};
constexpr Option inspect_pull_secrets = {"inspect-pull-secrets", 0, nullptr, "input"};
constexpr Option now = {"now", 0, "TIME", "input", false, nullptr, C::nothing, nullptr, true};  // for tests

// docs only.
constexpr Option man = {"man", 0, "DIR", "input", false, nullptr, C::directories};

// rules only.
constexpr Option causes = {"causes", 0, nullptr, "output"};
constexpr Option markdown = {"markdown", 0, nullptr, "output", false, nullptr, C::nothing, nullptr, true};

std::vector<const Option*> with_kubectl(std::vector<const Option*> options) {
  for (const Option* option :
       {&namespace_option, &context, &kubeconfig, &cluster, &user, &as_user, &as_group, &request_timeout, &server,
        &token, &certificate_authority, &insecure, &tls_server_name, &kubectl, &print_commands}) {
    options.push_back(option);
  }
  return options;
}

std::vector<const Option*> with_output(std::vector<const Option*> options, const Option* output) {
  if (output != nullptr) {
    options.push_back(output);
  }
  options.insert(options.end(), {&color, &lang, &verbose, &help});
  return options;
}

const std::vector<Verb>& table() {
  static const std::vector<Verb> verbs = {
      {"live", "[TARGET...]", C::targets,
       with_output(
           with_kubectl({&from, &wait, &shard, &inspect_pull_secrets, &now, &all_namespaces, &selector, &fail_on}),
           &output_report)},
      {"lint", "[PATH...|-]", C::files,
       with_output({&fix, &diff, &unsafe_fixes, &add_ignore, &select, &ignore, &rules_dir, &baseline, &write_baseline,
                    &config, &crds, &kubernetes_version, &closed_bundle, &default_namespace, &filename, &recursive,
                    &stdin_filename, &fail_on},
                   &output_report)},
      {"preflight", "[PATH...|-]", C::files,
       with_output(with_kubectl({&from, &filename, &recursive, &select, &ignore, &rules_dir, &config, &crds,
                                 &kubernetes_version, &fail_on}),
                   &output_report)},
      {"capture", "[TARGET...]", C::targets,
       with_output(with_kubectl({&to, &from, &all_namespaces, &selector}), nullptr)},
      {"explain", "[WORD]", C::causes, with_output({}, nullptr)},
      {"rules", "", C::nothing, with_output({&causes, &rules_dir, &markdown}, &output_list)},
      {"completion", "bash|zsh|fish|powershell|install", C::choices, with_output({}, nullptr)},
      {"version", "", C::nothing, with_output({}, nullptr)},
      {"help", "[COMMAND]", C::nothing, with_output({}, nullptr)},
      {"docs", "", C::nothing, with_output({&to, &man}, nullptr), true},
      {"__complete", "", C::nothing, {}, true},
  };
  return verbs;
}

}  // namespace

std::span<const Verb> verbs() {
  return table();
}

const Verb* find_verb(std::string_view name) {
  for (const Verb& verb : table()) {
    if (verb.name == name) {
      return &verb;
    }
  }
  return nullptr;
}

const Option* find_option(const Verb& verb, std::string_view name) {
  for (const Option* option : verb.options) {
    if (option->name == name) {
      return option;
    }
  }
  return nullptr;
}

std::vector<std::string> choices_of(const Option& option) {
  std::vector<std::string> choices;
  std::istringstream words(option.choices == nullptr ? "" : option.choices);
  for (std::string word; words >> word;) {
    choices.push_back(word);
  }
  return choices;
}

}  // namespace podcheck::cli
