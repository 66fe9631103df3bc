// The parts of a log that speak of its end: unhandled errors, aborts, the last error.
#include "live/causes/last_words.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "live/causes/signatures.hpp"
#include "live/text.hpp"

namespace podcheck::live {

namespace {

std::vector<Pattern> compile(std::span<const std::string_view> texts) {
  return {texts.begin(), texts.end()};
}

bool any_matches(const std::vector<Pattern>& patterns, const std::string& line) {
  std::string lowered = lower(line);
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Pattern& pattern) { return pattern.match(line, lowered).has_value(); });
}

}  // namespace

std::size_t abort_line(const RunLog& log) {
  static const std::vector<Pattern> patterns = compile(abort_patterns());
  for (std::size_t i = log.lines.size(); i-- > 0;) {
    if (any_matches(patterns, log.lines[i])) {
      return i;
    }
  }
  return log.lines.size();
}

std::string panic_of(const RunLog& log, std::size_t& index) {
  static const std::vector<Pattern> patterns = compile(panic_patterns());
  std::string found;
  bool in_traceback = false;
  bool node_stack = false;
  for (std::size_t i = 0; i < log.lines.size(); ++i) {
    const std::string& line = log.lines[i];
    if (contains(line, "Traceback (most recent call last)")) {
      in_traceback = true;
      continue;
    }
    if (in_traceback && !line.starts_with(" ") && !line.starts_with("\t") && contains(line, ":")) {
      found = line;
      index = i;
      in_traceback = false;
      continue;
    }
    if (any_matches(patterns, line)) {
      found = std::string(trim(line));
      index = i;
    }
    // Node: "TypeError: …" followed by "    at …".
    if (!node_stack && i + 1 < log.lines.size() && contains(line, "Error:") &&
        trim(log.lines[i + 1]).starts_with("at ")) {
      found = std::string(trim(line));
      index = i;
      node_stack = true;
    }
  }
  return found;
}

std::size_t frame_below(const RunLog& log, std::size_t index) {
  static const std::vector<Pattern> places = compile(
      std::array<std::string_view, 3>{"{file:p}.go:{line:d}", "at {what}:{line:d}", "from {file:p}:{line:d}:in"});
  for (std::size_t i = index + 1; i < log.lines.size() && i < index + 10; ++i) {
    const std::string& line = log.lines[i];
    if (any_matches(places, line) && !contains_any(line, {"/usr/local/go/", "node:internal", "node_modules"})) {
      return i;
    }
  }
  return index;
}

std::size_t last_words(const RunLog& log) {
  std::size_t best = log.lines.size() - 1;
  int rank = 0;
  for (std::size_t i = log.lines.size(); i-- > 0;) {
    std::string_view level = level_of(log.lines[i]);
    int value = level == "fatal" ? 3 : level == "error" ? 2 : 0;
    if (value > rank) {
      rank = value;
      best = i;
    }
  }
  return best;
}

void quote(Candidate& candidate, const ContainerFacts& container, const RunLog& log, std::size_t index) {
  std::size_t begin = index >= 3 ? index - 3 : 0;
  std::size_t end = std::min(log.lines.size(), index + 3);
  std::vector<std::size_t> order = {index};
  for (std::size_t i = begin; i < end; ++i) {
    // Around the decisive line only what is as serious as it, or what belongs to it.
    if (i != index && !level_of(log.lines[i]).empty() && level_of(log.lines[i]) != "info" &&
        level_of(log.lines[i]) != "debug") {
      order.push_back(i);
    } else if (i > index && level_of(log.lines[i]).empty()) {
      order.push_back(i);
    } else if (i < index && contains_any(lower(log.lines[i]), {"exception", "failed", "failure"})) {
      order.push_back(i);
    }
  }
  for (std::size_t i : order) {
    candidate.evidence.push_back(log_evidence(container.name, log.previous, log.lines[i]));
  }
}

}  // namespace podcheck::live
