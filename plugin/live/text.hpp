// Words of messages and logs: matching, normalising, and making them fit to be shown.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace podcheck::live {

std::string lower(std::string_view text);
bool contains(std::string_view text, std::string_view part);
bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts);
std::string_view trim(std::string_view text);
std::vector<std::string_view> lines_of(std::string_view text);  // without "\r" and trailing blanks
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string replace_all(std::string text, std::string_view from, std::string_view to);

// What the {names} of a pattern stood for.
class Captures {
 public:
  const std::string& operator[](std::string_view name) const;  // empty when it is not there
  std::vector<std::pair<std::string, std::string>> values;
};

// Searches `text` for a pattern of literal parts and {captures}: `couldn't find key {key} in ConfigMap {ns}/{name}`.
// A capture is one or more characters of one line; {x:w} takes no white space, {x:q} no quotes, {x:d} digits only,
// {x:p} only what a path or an address is made of. Upper and lower case are equal. The time is linear in the text for
// each occurrence of the first literal part.
std::optional<Captures> match(std::string_view text, std::string_view pattern);

// A pattern prepared once for many texts; `lowered` is lower(text).
class Pattern {
 public:
  explicit Pattern(std::string_view text);
  std::optional<Captures> match(std::string_view text, std::string_view lowered) const;

  struct Part {
    std::string literal;  // lower case; empty for a capture
    std::string name;
    char type = 'l';
  };

 private:
  std::vector<Part> parts_;
};

// A message without what wraps it in some versions only: "(combined from similar events): ", "rpc error: code = X
// desc = ", a trailing ": unknown". `code` receives the RPC code.
std::string normalise(std::string_view message, std::string* code = nullptr);

// Control characters become visible ("\x1b"), so that no terminal acts on them; tabs become spaces.
std::string visible(std::string_view text);
// Visible, without secrets (facts.hpp), and at most `longest` bytes, cut at a character with " …".
std::string shown(std::string_view text, std::size_t longest = 400);

// A line of a structured log (JSON or logfmt) as a sentence: 'fatal: listen addr=":9102" error="unknown port"'. Other
// lines come back as they are. `level` receives the level in lower case where there is one.
std::string log_sentence(std::string_view line, std::string* level = nullptr);

}  // namespace podcheck::live
