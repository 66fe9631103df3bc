// Variables that are not set, values and arguments that a program refuses.
#include <algorithm>
#include <map>

#include "live/causes/exit_context.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

// "$(NAME)" that Kubernetes leaves as it is: NAME is defined later in env, or not at all.
bool unexpanded_reference(const ExitContext& at) {
  std::vector<Variable> variables = variables_of(at.patient, at.container);
  std::size_t index = 0;
  for (const Variable& variable : variables) {
    ++index;
    auto hit = variable.known ? match(variable.value, "$({name:p})") : std::nullopt;
    std::string name = hit ? (*hit)["name"] : "";
    if (std::size_t close = name.find(')'); close != std::string::npos) {
      name.resize(close);
    }
    if (name.empty() || variable.value.find("$$(" + name) != std::string::npos) {
      continue;
    }
    bool before = false;
    bool after = false;
    for (std::size_t k = 0; k < variables.size(); ++k) {
      bool same = variables[k].name == name;
      before = before || (same && k + 1 < index);
      after = after || (same && k + 1 > index);
    }
    if (before) {
      continue;
    }
    at.candidate.cause = "env-reference-unexpanded";
    at.candidate.variant = after ? "" : "undefined";
    at.candidate.specificity = 100;
    at.candidate.confidence = Confidence::confirmed;
    at.candidate.path = variable.path;
    at.set("variable", variable.name);
    at.set("reference", name);
    at.set("value", shown(variable.value, 120));
    at.candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".env"));
    return true;
  }
  return false;
}

// A Secret's or ConfigMap's value with a line break at its end that the container uses.
bool trailing_newline(const ExitContext& at, bool certain) {
  for (const Variable& variable : variables_of(at.patient, at.container)) {
    if (variable.trailing_newline && !variable.source.empty()) {
      at.candidate.cause = "secret-trailing-newline";
      at.candidate.variant.clear();
      at.candidate.specificity = 98;
      at.candidate.confidence = certain ? Confidence::confirmed : Confidence::likely;
      at.candidate.path = variable.path;
      at.set("variable", variable.name);
      at.set("source", variable.source);
      at.set("object", variable.object);
      at.candidate.evidence.push_back(
          computed_evidence(at.say("live.log.trailing_newline", {{"source", variable.source}})));
      at.candidate.evidence.push_back(pod_field(at.patient, variable.path));
      return true;
    }
  }
  return false;
}

bool env_missing(const ExitContext& at) {
  std::string variable = at.get("variable");
  if (contains(lower(at.line.line), "superuser password is not specified")) {
    variable = "POSTGRES_PASSWORD";
  } else if (contains(lower(at.line.line), "password option is not specified")) {
    variable =
        contains(lower(at.candidate.evidence.empty() ? "" : std::string(at.container.spec.node["image"].string())),
                 "mariadb")
            ? "MARIADB_ROOT_PASSWORD"
            : "MYSQL_ROOT_PASSWORD";
  }
  if (variable.empty()) {
    return false;
  }
  std::vector<std::string> names;
  std::map<std::string, std::string> sources;
  for (const Variable& one : variables_of(at.patient, at.container)) {
    if (one.name == variable) {
      // It is set: the application means something else (an empty value, another name).
      at.candidate.confidence = Confidence::possible;
      if (one.known && !one.value.empty()) {
        return false;
      }
    }
    names.push_back(one.name);
    sources[one.name] = one.source;
  }
  std::string near = catalogue::nearest(variable, names);
  if (near.empty()) {
    for (const std::string& name : names) {
      if (name.size() >= 5 && name != variable && (variable.starts_with(name) || name.starts_with(variable))) {
        near = name;
      }
    }
  }
  at.set("variable", variable);
  at.set("hint", near.empty() || near == variable
                     ? ""
                     : " " + at.say(sources[near].empty() ? "live.hint.variable" : "live.hint.variable_from",
                                    {{"name", near}, {"source", sources[near]}}));
  at.candidate.path = at.container.spec_path + ".env";
  if (!near.empty() && !sources[near].empty()) {
    at.candidate.evidence.push_back(computed_evidence(sources[near] + " → " + near));
  } else {
    at.candidate.evidence.push_back(
        computed_evidence(at.say("live.log.variables", {{"container", std::string(at.container.name)},
                                                        {"names", names.empty() ? "-" : join(names, ", ")}})));
  }
  std::string kind = lower(at.patient.owner["kind"].string());
  if ((kind == "deployment" || kind == "statefulset" || kind == "daemonset" || kind == "cronjob") && near.empty()) {
    at.candidate.fixes.push_back(
        command_fix("",
                    kubectl(at.patient, "set env " + kind + "/" + shell_word(name_of(at.patient.owner)) + " -c " +
                                            shell_word(at.container.name) + " " + variable + "=VALUE"),
                    at.say("live.changes", {{"object", label_of(at.patient.owner)}}), finding::Safety::unsafe));
  }
  return true;
}

bool config_value(const ExitContext& at) {
  std::string setting = at.get("setting");
  std::string value = at.get("value");
  while (!setting.empty() && std::string_view("-([{'\"").find(setting.front()) != std::string_view::npos &&
         !setting.starts_with("--")) {
    setting.erase(0, 1);
  }
  // "invalid configuration: PAYOUT_MODE='x' …": the pair may stand anywhere in the line.
  const Variable* found = nullptr;
  std::vector<Variable> variables = variables_of(at.patient, at.container);
  for (const Variable& one : variables) {
    bool named = !setting.empty() && lower(one.name) == lower(setting);
    bool valued = found == nullptr && !value.empty() && value.size() > 1 && one.known && one.value == value;
    bool mentioned = found == nullptr && setting.empty() && one.name.size() > 3 && contains(at.line.line, one.name);
    if (named || valued || mentioned) {
      found = &one;
      if (named) {
        break;
      }
    }
  }
  if (found == nullptr) {
    for (const char* field : {"args", "command"}) {
      std::size_t index = 0;
      for (Node word : at.container.spec.node[field].items()) {
        std::string text = word.text();
        if ((!value.empty() && value.size() > 1 && contains(text, value)) ||
            (!setting.empty() && setting.size() > 3 && contains(text, setting))) {
          at.candidate.path = at.container.spec_path + "." + field + "[" + std::to_string(index) + "]";
          at.candidate.evidence.push_back(pod_field(at.patient, at.candidate.path));
          at.set("setting", setting.empty() ? text : setting);
          at.set("source", "");
          at.candidate.variant = "argument";
          return true;
        }
        ++index;
      }
    }
    // A loose signature may have taken any word for a setting.
    bool like_a_setting = setting.find_first_of("._-") != std::string::npos || lower(setting) != setting;
    if (setting.empty() || (at.line.specificity < 80 && !like_a_setting)) {
      return false;
    }
  }
  at.set("setting", found != nullptr ? found->name : setting);
  at.set("value", shown(found != nullptr && found->known ? found->value : value, 120));
  at.set("source", found != nullptr && !found->source.empty() ? " (" + found->source + ")" : "");
  at.candidate.variant = "";
  if (found != nullptr) {
    // The log and the manifest name the same value: no doubt is left.
    bool same_value = found->known && !value.empty() && found->value == value;
    at.candidate.confidence = same_value ? Confidence::confirmed : at.candidate.confidence;
    at.candidate.path = found->path;
    at.candidate.evidence.push_back(pod_field(at.patient, found->path));
  }
  return true;
}

bool wrong_arguments(const ExitContext& at) {
  std::string argument = at.get("argument");
  std::string word = argument.substr(0, argument.find_first_of(" ="));
  std::vector<std::string> options;
  for (const std::string& line : at.log.lines) {
    for (std::size_t i = line.find("--"); i != std::string::npos; i = line.find("--", i + 2)) {
      std::size_t end = i + 2;
      while (end < line.size() && (std::isalnum(static_cast<unsigned char>(line[end])) != 0 || line[end] == '-')) {
        ++end;
      }
      std::string option = line.substr(i, end - i);
      if (option != word && option.size() > 3) {
        options.push_back(option);
      }
    }
  }
  std::string near = catalogue::nearest(word, options);
  std::size_t longest = 5;
  for (const std::string& option : options) {
    std::size_t common = 0;
    while (common < option.size() && common < word.size() && option[common] == word[common]) {
      ++common;
    }
    if (near.empty() && common > longest) {
      longest = common;
      near = option;
    }
  }
  at.set("argument", word.starts_with("-") ? word : argument);
  at.set("hint", near.empty() ? "" : " " + at.say("live.hint.option", {{"name", near}}));
  for (const char* field : {"args", "command"}) {
    std::size_t index = 0;
    for (Node text : at.container.spec.node[field].items()) {
      if (contains(text.text(), word) && !word.empty()) {
        at.candidate.path = at.container.spec_path + "." + field + "[" + std::to_string(index) + "]";
        at.candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + "." + field));
        if (!near.empty()) {
          at.candidate.fixes.push_back(patch_owner(
              at.patient, {{"replace", pointer_of(at.candidate.path),
                            json_string(near + text.text().substr(std::min(text.text().size(), word.size())))}}));
        }
        return true;
      }
      ++index;
    }
  }
  return true;
}

bool newline(const ExitContext& at) {
  if (trailing_newline(at, true)) {
    return true;
  }
  if (!contains(at.line.line, "\\n") && !contains(at.line.line, "control character")) {
    return false;
  }
  at.candidate.variant = "unread";
  at.candidate.confidence = Confidence::likely;
  // The values were not read; the variables that come from a Secret are those to look at.
  for (const Variable& variable : variables_of(at.patient, at.container)) {
    if (variable.path.find(".env[") != std::string::npos && !variable.known && at.candidate.evidence.size() < 8) {
      at.candidate.evidence.push_back(pod_field(at.patient, variable.path));
    }
  }
  return true;
}

bool literal_reference(Patient& patient, const ContainerFacts& container, const RunLog& log, std::size_t index,
                       Candidate& candidate) {
  const std::string& line = log.lines[index];
  Decisive said{"env-reference-unexpanded", line, 90, {}, index};
  ExitContext at{patient, container, log, said, candidate};
  auto prove_line = [&] {
    if (candidate.evidence.empty() || candidate.evidence.front().kind != "log") {
      candidate.evidence.insert(candidate.evidence.begin(), log_evidence(container.name, log.previous, line));
    }
  };
  if (contains(line, "$(") && unexpanded_reference(at)) {
    prove_line();
    return true;
  }
  // A shell would have expanded $NAME; the runtime passes it on as it is.
  std::string_view program = container.spec.node["command"][0].string();
  if (base_name(program).ends_with("sh")) {
    return false;
  }
  for (const char* field : {"args", "command"}) {
    std::size_t number = 0;
    for (Node word : container.spec.node[field].items()) {
      std::string text = word.text();
      std::size_t dollar = text.find('$');
      std::size_t end = dollar == std::string::npos ? dollar : text.find_first_of("/ :@,;\"'", dollar);
      std::string reference = dollar == std::string::npos ? "" : text.substr(dollar, end - dollar);
      bool is_name = reference.size() > 2 && reference[1] != '(' && reference[1] != '$';
      if (is_name && contains(line, reference)) {
        candidate.cause = "env-reference-unexpanded";
        candidate.variant = "shell";
        candidate.specificity = 90;
        candidate.confidence = Confidence::likely;
        candidate.path = container.spec_path + "." + field + "[" + std::to_string(number) + "]";
        std::string name = reference.substr(reference[1] == '{' ? 2 : 1);
        while (!name.empty() && name.back() == '}') {
          name.pop_back();
        }
        at.set("reference", name);
        at.set("variable", name);
        at.set("value", shown(text, 120));
        prove_line();
        candidate.evidence.push_back(pod_field(patient, candidate.path));
        candidate.fixes.push_back(patch_owner(
            patient,
            {{"replace", pointer_of(candidate.path), json_string(replace_all(text, reference, "$(" + name + ")"))}}));
        return true;
      }
      ++number;
    }
  }
  return false;
}

}  // namespace podcheck::live
