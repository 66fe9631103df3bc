#include "lint/glob.hpp"

#include <cstddef>

namespace podcheck::lint {

namespace {

constexpr std::size_t none = std::string_view::npos;

// Matches one character against the class at pattern[at] == '['. Sets `next` behind the class; an unclosed '[' is a
// character like any other.
bool match_class(std::string_view pattern, std::size_t at, char c, std::size_t& next) {
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  i += negated ? 1 : 0;
  bool found = false;
  bool first = true;
  for (; i < pattern.size() && (first || pattern[i] != ']'); ++i, first = false) {
    const char low = pattern[i];
    char high = low;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      high = pattern[i + 2];
      i += 2;
    }
    found = found || (low <= c && c <= high);
  }
  if (i >= pattern.size()) {
    next = at + 1;
    return c == '[';
  }
  next = i + 1;
  return found != negated;
}

// Backtracks to the last `*` and the last `**` only: that is enough, for a later star can always take over.
bool match(std::string_view pattern, std::string_view text, bool paths) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = none;
  std::size_t star_text = 0;
  std::size_t deep = none;
  std::size_t deep_text = 0;
  while (true) {
    if (p < pattern.size() && pattern[p] == '*') {
      if (paths && p + 1 < pattern.size() && pattern[p + 1] == '*') {
        p += 2;
        if (p < pattern.size() && pattern[p] == '/') {
          ++p;  // "**/x" matches "x" too: whole segments or none
          deep = p;
          deep_text = t;
          star = none;
          continue;
        }
        deep = p;
        deep_text = t;
        star = none;
        continue;
      }
      star = ++p;
      star_text = t;
      continue;
    }
    if (t == text.size()) {
      if (p == pattern.size()) {
        return true;
      }
      return false;
    }
    std::size_t next = p + 1;
    bool same = false;
    if (p < pattern.size()) {
      const char c = pattern[p];
      if (c == '?') {
        same = !paths || text[t] != '/';
      } else if (c == '[') {
        same = match_class(pattern, p, text[t], next) && (!paths || text[t] != '/');
      } else if (c == '\\' && p + 1 < pattern.size()) {
        same = pattern[p + 1] == text[t];
        next = p + 2;
      } else {
        same = c == text[t];
      }
    }
    if (same) {
      p = next;
      ++t;
      continue;
    }
    if (star != none && (!paths || text[star_text] != '/')) {
      p = star;
      t = ++star_text;
      continue;
    }
    if (deep != none) {
      p = deep;
      const bool segments = deep >= 3 && pattern[deep - 1] == '/' && pattern[deep - 2] == '*';
      if (segments) {
        const std::size_t slash = text.find('/', deep_text);
        if (slash == none) {
          return false;
        }
        deep_text = slash + 1;
      } else {
        ++deep_text;
      }
      t = deep_text;
      star = none;
      continue;
    }
    return false;
  }
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view path) {
  return match(pattern, path, true);
}
bool glob_match_name(std::string_view pattern, std::string_view name) {
  return match(pattern, name, false);
}

bool is_glob(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '*' || text[i] == '?' || text[i] == '[') {
      return true;
    }
  }
  return false;
}

}  // namespace podcheck::lint
