// Which lines of a log tell why a program stopped.
#include <algorithm>
#include <cctype>

#include "live/causes/exit.hpp"
#include "live/causes/signatures.hpp"
#include "live/settings_of.hpp"
#include "live/text.hpp"

namespace podcheck::live {

namespace {

constexpr std::size_t most_lines = 120;  // the end of a log decides
constexpr std::size_t near_the_end = 12;
constexpr std::size_t most_hits = 24;

const std::vector<Pattern>& compiled() {
  static const std::vector<Pattern> all = [] {
    std::vector<Pattern> out;
    for (const LogSignature& signature : log_signatures()) {
      out.emplace_back(signature.pattern);
    }
    return out;
  }();
  return all;
}

bool is_env_name(std::string_view name) {
  return name.size() >= 3 &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }) &&
         !(name.front() >= '0' && name.front() <= '9');
}

std::string trimmed_name(std::string text) {
  while (!text.empty() && std::string_view(".,:;)]}\"'").find(text.back()) != std::string_view::npos) {
    text.pop_back();
  }
  while (!text.empty() && std::string_view("([{\"'$").find(text.front()) != std::string_view::npos) {
    text.erase(0, 1);
  }
  return text;
}

// Cleans what a signature captured; false when a name is none of a variable.
bool tidy(std::vector<std::pair<std::string, std::string>>& captures) {
  for (auto& [name, value] : captures) {
    if (name == "field") {
      // Settings libraries write the field of a class; the variable has the same name in upper case.
      name = "variable";
      std::transform(value.begin(), value.end(), value.begin(),
                     [](unsigned char c) { return c == '.' ? '_' : static_cast<char>(std::toupper(c)); });
    }
    if (name == "variable") {
      value = trimmed_name(value);
      if (!is_env_name(value)) {
        return false;
      }
    } else if (name == "file" || name == "path" || name == "what" || name == "module" || name == "host") {
      value = trimmed_name(value);
    }
  }
  return true;
}

bool is_about_others(std::string_view cause) {
  return cause.starts_with("dependency-") || cause == "cluster-dns-down" || cause == "tls-verification-failed";
}

// Trouble with another program that the run got over: it says that it is connected afterwards, or it went on for a
// while and ended for a reason that it calls an error, while it called this one a warning at most.
bool got_over(const RunLog& log, std::size_t index) {
  bool mild = level_of(log.lines[index]) == "warn" ||
              contains_any(lower(log.lines[index]), {"retry", "will try again", "trying again", "attempt"});
  bool went_on = false;
  for (std::size_t i = index + 1; i < log.lines.size(); ++i) {
    std::string low = lower(log.lines[i]);
    std::string_view level = level_of(log.lines[i]);
    bool serious = level == "error" || level == "fatal";
    bool denied = contains_any(low, {"not connected", "disconnected", "to be connected", "could not", "cannot"});
    if (!serious && !denied &&
        contains_any(low, {"connected to ", " connected", "connection established", "reconnected"})) {
      return true;
    }
    if (mild && serious && went_on &&
        !contains_any(low, {"connect", "refused", "lookup", "host", "giving up", "dns"})) {
      return true;
    }
    went_on = went_on || level == "info" || (level.empty() && !contains_any(low, {"connect", "retry", "waiting"}));
  }
  return false;
}

// A name that looks like a variable's: in upper case, with an underscore.
std::vector<std::string> variable_names_in(std::string_view line) {
  std::vector<std::string> names;
  std::string name;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    char c = i < line.size() ? line[i] : ' ';
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_') {
      name += c;
      continue;
    }
    bool in_word = c >= 'a' && c <= 'z';
    if (!in_word && is_env_name(name) && name.find('_') != std::string::npos && name.back() != '_') {
      names.push_back(name);
    }
    name.clear();
    for (; in_word && i + 1 < line.size() && std::isalnum(static_cast<unsigned char>(line[i + 1])) != 0; ++i) {
    }
  }
  return names;
}

}  // namespace

std::vector<Decisive> decisive_lines(const RunLog& log) {
  std::vector<std::pair<int, Decisive>> hits;
  std::size_t start = log.lines.size() > most_lines ? log.lines.size() - most_lines : 0;
  for (std::size_t i = start; i < log.lines.size(); ++i) {
    const std::string& line = log.lines[i];
    std::string_view level = level_of(line);
    if (level == "info" || level == "debug") {
      continue;
    }
    std::string lowered = lower(line);
    std::string with_previous = i > 0 ? log.lines[i - 1] + "\n" + line : line;
    std::string lowered_with_previous = lower(with_previous);
    for (std::size_t k = 0; k < compiled().size(); ++k) {
      const LogSignature& signature = log_signatures()[k];
      bool two_lines = contains(signature.pattern, "\n");
      auto hit =
          two_lines ? compiled()[k].match(with_previous, lowered_with_previous) : compiled()[k].match(line, lowered);
      if (!hit || !tidy(hit->values) || (is_about_others(signature.cause) && got_over(log, i))) {
        continue;
      }
      int score = signature.specificity + (log.lines.size() - i <= near_the_end ? 10 : 0) + (level == "fatal" ? 3 : 0);
      hits.emplace_back(score, Decisive{std::string(signature.cause), line, signature.specificity, hit->values, i});
    }
  }
  // Of equals the later line counts, and of one line the later signature.
  std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Decisive> out;
  for (auto hit = hits.rbegin(); hit != hits.rend() && out.size() < most_hits; ++hit) {
    out.push_back(std::move(hit->second));
  }
  return out;
}

std::optional<Decisive> names_a_variable(Patient& patient, const ContainerFacts& container, const RunLog& log,
                                         std::size_t index) {
  const std::string& line = log.lines[index];
  std::string low = lower(line);
  std::vector<std::string> names = variable_names_in(line);
  std::vector<Variable> variables = variables_of(patient, container);
  for (const Variable& one : variables) {
    bool named = std::find(names.begin(), names.end(), one.name) != names.end() ||
                 (one.name.size() >= 4 && contains(" " + line, " " + one.name));
    if (named &&
        contains_any(low, {"invalid",         "unsupported",  "unknown",      "illegal",      "not a ",
                           "not one of",      "must ",        "expected",     "cannot parse", "could not parse",
                           "unable to parse", "malformed",    "out of range", "too large",    "too small",
                           "wrong",           "bad value",    "not allowed",  "not valid",    "failed to parse",
                           "parse error",     "not supported"})) {
      return Decisive{"bad-config-value", line, 74, {{"setting", one.name}, {"value", one.value}}, index};
    }
  }
  for (const std::string& name : names) {
    bool set = std::any_of(variables.begin(), variables.end(), [&](const Variable& one) { return one.name == name; });
    // Names of columns, orders and constants look alike, and are "not found" or "missing" too.
    bool plain = contains_any(low, {"not set", "unset", "must be set", "notpresent", "not defined"});
    bool of_settings = contains_any(low, {"environ", "env ", "env.", "variable", "config", "setting"});
    if (!set && (plain || (of_settings && contains_any(low, {"missing", "required", "undefined", "not provided",
                                                             "no value", "empty", "not present", "not found"})))) {
      return Decisive{"env-var-missing", line, 72, {{"variable", name}}, index};
    }
  }
  return std::nullopt;
}

}  // namespace podcheck::live
