// __complete: candidates for the last word, one a line with its description, then cobra's directive line.
#include <algorithm>
#include <ostream>
#include <sstream>
#include <utility>

#include "cli/glossary.hpp"
#include "cli/help.hpp"
#include "cli/session.hpp"
#include "cluster/process.hpp"

namespace podcheck::cli {

namespace {

constexpr int no_file_completion = 4;
constexpr int default_completion = 0;

const Option* option_of(const Verb& verb, std::string_view word) {
  if (word.starts_with("--")) {
    return find_option(verb, word.substr(2, word.find('=') == word.npos ? word.npos : word.find('=') - 2));
  }
  if (word.size() >= 2 && word[0] == '-') {
    for (const Option* option : verb.options) {
      if (option->letter == word[1]) {
        return option;
      }
    }
  }
  return nullptr;
}

// The flags typed so far that say which cluster and namespace are meant, and kubectl itself.
struct Typed {
  std::string kubectl;
  std::vector<std::string> flags;
};

Typed typed_flags(const Verb& verb, const std::vector<std::string>& words, const Session& session) {
  Typed typed;
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    const Option* option = option_of(verb, words[i]);
    if (option == nullptr || option->group != std::string_view("kubectl")) {
      continue;
    }
    std::string_view name = option->name;
    std::string value;
    if (option->argument != nullptr) {
      std::size_t equals = words[i].find('=');
      bool joined = !words[i].starts_with("--") && words[i].size() > 2;
      if (equals == std::string::npos && !joined && i + 2 >= words.size()) {
        break;  // its value is what is being typed
      }
      value = equals != std::string::npos ? words[i].substr(equals + 1) : joined ? words[i].substr(2) : words[++i];
    }
    if (name == "kubectl") {
      typed.kubectl = value;
    } else if (name != "print-commands" && name != "selector" && name != "all-namespaces") {
      typed.flags.push_back("--" + std::string(name) + (value.empty() ? "" : "=" + value));
    }
  }
  for (const std::string& choice : {session.io.environment("KUBECTL_PATH"), std::string("kubectl")}) {
    if (typed.kubectl.empty()) {
      typed.kubectl = choice;
    }
  }
  return typed;
}

// Names from the cluster, by kubectl itself with the flags typed so far; nothing when it does not answer in time.
// A kind that was typed ("deploy/w") keeps the form it was typed in.
std::vector<std::string> cluster_names(Completes what, std::string_view prefix, const Typed& typed) {
  static constexpr std::pair<std::string_view, std::string_view> short_kinds[] = {
      {"pod", ""}, {"deployment", "deploy/"}, {"statefulset", "sts/"}, {"daemonset", "ds/"}};
  const std::string kind_typed(prefix.substr(0, prefix.find('/') == prefix.npos ? 0 : prefix.find('/')));
  cluster::Command command;
  command.deadline = std::chrono::seconds(3);
  command.argv = {typed.kubectl, "get", "-o", "name"};
  if (what == Completes::contexts) {
    command.argv = {typed.kubectl, "config", "get-contexts", "-o", "name"};
  } else if (what == Completes::namespaces) {
    command.argv.emplace_back("namespaces");
  } else if (!kind_typed.empty()) {
    command.argv.push_back(kind_typed);
  } else {
    command.argv.emplace_back("pods,deployments,statefulsets,daemonsets,jobs,cronjobs");
  }
  for (const std::string& flag : typed.flags) {
    if (what != Completes::contexts || flag.starts_with("--kubeconfig=")) {
      command.argv.push_back(flag);
    }
  }
  auto outcome = cluster::ProcessRunner().run({command});
  std::vector<std::string> names;
  std::istringstream lines(outcome.front().succeeded() ? outcome.front().output : "");
  for (std::string line; std::getline(lines, line);) {
    std::size_t slash = line.find('/');
    if (what != Completes::targets || slash == std::string::npos) {
      names.push_back(what == Completes::namespaces && slash != std::string::npos ? line.substr(slash + 1) : line);
      continue;
    }
    const std::string name = line.substr(slash + 1);
    const std::string kind = line.substr(0, line.find_first_of("./"));
    std::string head = kind + "/";
    for (const auto& [long_form, short_form] : short_kinds) {
      head = kind == long_form ? std::string(short_form) : head;
    }
    names.push_back((kind_typed.empty() ? head : kind_typed + "/") + name);
  }
  return names;
}

struct Candidates {
  std::vector<std::pair<std::string, std::string>> rows;
  int directive = no_file_completion;
};

void add(Candidates& out, std::string_view prefix, const std::string& word, const std::string& about = "") {
  if (word.starts_with(prefix)) {
    out.rows.emplace_back(word, about);
  }
}

void add_all(Candidates& out, Completes what, const Option* option, std::string_view prefix, const Verb& verb,
             const std::vector<std::string>& words, Session& session) {
  // Lists such as --select a,b complete their last element.
  std::string head;
  if (what == Completes::rules && prefix.find(',') != std::string_view::npos) {
    std::size_t comma = prefix.rfind(',');
    head = prefix.substr(0, comma + 1);
  }
  switch (what) {
    case Completes::nothing:
      break;
    case Completes::files:
    case Completes::directories:
      out.directive = default_completion;
      break;
    case Completes::choices:
      if (option != nullptr) {
        for (const auto& choice : choices_of(*option)) {
          add(out, prefix, choice);
        }
      } else {
        for (const char* shell : {"bash", "zsh", "fish", "powershell", "install"}) {
          add(out, prefix, shell);
        }
      }
      break;
    case Completes::rules:
      for (const auto& rule : session.catalogue.rules()) {
        add(out, prefix, head + rule.id, session.catalogue.text(rule.id, "summary", {}));
      }
      break;
    case Completes::causes:
      for (const auto& rule : session.catalogue.rules()) {
        add(out, prefix, rule.id, session.catalogue.text(rule.id, "summary", {}));
      }
      for (const auto& cause : session.catalogue.causes()) {
        add(out, prefix, cause.id, session.catalogue.text(cause.id, "summary", {}));
      }
      for (const std::string& word : glossary_words(session.catalogue)) {
        add(out, prefix, word);
      }
      break;
    case Completes::contexts:
    case Completes::namespaces:
    case Completes::targets:
      for (const std::string& name : cluster_names(what, prefix, typed_flags(verb, words, session))) {
        add(out, prefix, name);
      }
      break;
  }
}

Candidates candidates(const std::vector<std::string>& words, Session& session) {
  Candidates out;
  std::string_view prefix = words.empty() ? std::string_view() : words.back();
  if (words.size() < 2) {
    for (const Verb& verb : verbs()) {
      if (!verb.hidden) {
        add(out, prefix, verb.name, session.say(std::string("verbs.") + verb.name + ".summary"));
      }
    }
    return out;
  }
  const Verb* verb = find_verb(words.front());
  if (verb == nullptr) {
    return out;
  }
  if (words.front() == "help") {
    for (const Verb& known : verbs()) {
      if (!known.hidden) {
        add(out, prefix, known.name);
      }
    }
    return out;
  }
  const Option* before = words.size() > 2 ? option_of(*verb, words[words.size() - 2]) : nullptr;
  if (before != nullptr && before->argument != nullptr && before->implied == nullptr &&
      words[words.size() - 2].find('=') == std::string::npos) {
    add_all(out, before->completes, before, prefix, *verb, words, session);
    return out;
  }
  if (prefix.starts_with("--") && prefix.find('=') != prefix.npos) {
    const Option* option = option_of(*verb, prefix);
    if (option != nullptr) {
      std::string head(prefix.substr(0, prefix.find('=') + 1));
      add_all(out, option->completes, option, prefix.substr(head.size()), *verb, words, session);
      for (auto& [word, about] : out.rows) {
        word.insert(0, head);
      }
    }
    return out;
  }
  if (prefix.starts_with("-")) {
    for (const Option* option : verb->options) {
      if (!option->hidden) {
        add(out, prefix, std::string("--") + option->name, describe(*verb, *option, session.catalogue));
      }
    }
    return out;
  }
  add_all(out, verb->completes, nullptr, prefix, *verb, words, session);
  return out;
}

}  // namespace

ExitCode run_complete(Session& session) {
  Candidates found = candidates(session.arguments.positional(), session);
  std::sort(found.rows.begin(), found.rows.end());
  for (const auto& [word, about] : found.rows) {
    session.io.out << word << (about.empty() ? "" : "\t" + about) << "\n";
  }
  session.io.out << ":" << found.directive << "\n";
  return ExitCode::success;
}

}  // namespace podcheck::cli
