#include "live/text.hpp"

#include <algorithm>
#include <cctype>

#include "cluster/redact.hpp"
#include "document/document.hpp"
#include "live/facts.hpp"

namespace podcheck::live {

namespace {

char low(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

using Part = Pattern::Part;

std::vector<Part> parts_of(std::string_view pattern) {
  std::vector<Part> parts;
  std::string literal;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    std::size_t close = pattern[i] == '{' ? pattern.find('}', i) : std::string_view::npos;
    // Only {name} and {name:x} are captures; other braces are literal, as in Go's map and struct prints.
    bool is_name = close != std::string_view::npos && close > i + 1;
    for (std::size_t k = i + 1; is_name && k < close; ++k) {
      is_name = (pattern[k] >= 'a' && pattern[k] <= 'z') || pattern[k] == '_' || pattern[k] == ':';
    }
    if (!is_name) {
      literal += low(pattern[i]);
      continue;
    }
    if (!literal.empty()) {
      parts.push_back({literal, "", 'l'});
      literal.clear();
    }
    std::string_view name = pattern.substr(i + 1, close - i - 1);
    std::size_t colon = name.find(':');
    parts.push_back({"", std::string(name.substr(0, colon)),
                     colon == std::string_view::npos ? 'l' : name[std::min(colon + 1, name.size() - 1)]});
    i = close;
  }
  if (!literal.empty()) {
    parts.push_back({literal, "", 'l'});
  }
  return parts;
}

bool allowed(char c, char type) {
  switch (type) {
    case 'w':
      return std::isspace(static_cast<unsigned char>(c)) == 0;
    case 'q':
      return c != '"' && c != '\'' && c != '`' && c != '\n';
    case 'd':
      return c >= '0' && c <= '9';
    case 'p':
      return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
             std::string_view("/._-:@[]%+$(){}").find(c) != std::string_view::npos;
    default:
      return c != '\n';
  }
}

std::size_t find_lower(std::string_view lowered, std::string_view part, std::size_t from) {
  return lowered.find(part, from);
}

// Matches parts[index..] at `at`; every literal is taken at its first occurrence that its capture allows.
bool match_from(std::string_view text, std::string_view lowered, const std::vector<Part>& parts, std::size_t index,
                std::size_t at, Captures& captures) {
  while (index < parts.size()) {
    const Part& part = parts[index];
    if (part.name.empty()) {
      if (lowered.compare(at, part.literal.size(), part.literal) != 0) {
        return false;
      }
      at += part.literal.size();
      ++index;
      continue;
    }
    std::size_t limit = at;
    while (limit < text.size() && allowed(text[limit], part.type)) {
      ++limit;
    }
    std::size_t stop = limit;
    if (index + 1 < parts.size() && parts[index + 1].name.empty()) {
      stop = find_lower(lowered.substr(0, std::min(lowered.size(), limit + parts[index + 1].literal.size())),
                        parts[index + 1].literal, at + 1);
      if (stop == std::string_view::npos || stop > limit) {
        return false;
      }
    }
    if (stop == at) {
      return false;
    }
    captures.values.emplace_back(part.name, std::string(text.substr(at, stop - at)));
    at = stop;
    ++index;
  }
  return true;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), low);
  return out;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return contains(text, part); });
}

std::string_view trim(std::string_view text) {
  std::size_t start = text.find_first_not_of(" \t\r\n");
  return start == std::string_view::npos ? std::string_view()
                                         : text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) {
      line.remove_suffix(1);
    }
    lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    out += out.empty() ? part : std::string(separator) + part;
  }
  return out;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

const std::string& Captures::operator[](std::string_view name) const {
  static const std::string none;
  for (const auto& [key, value] : values) {
    if (key == name) {
      return value;
    }
  }
  return none;
}

Pattern::Pattern(std::string_view text) : parts_(parts_of(text)) {}

std::optional<Captures> Pattern::match(std::string_view text, std::string_view lowered) const {
  // A pattern that begins with a capture starts at a word: its characters reach back from the first literal part.
  bool leading = !parts_.empty() && !parts_.front().name.empty();
  std::size_t first = leading ? 1 : 0;
  if (first >= parts_.size()) {
    return std::nullopt;
  }
  const std::string& anchor = parts_[first].literal;
  int tries = 0;
  for (std::size_t at = lowered.find(anchor); at != std::string_view::npos && tries < 64;
       at = lowered.find(anchor, at + 1), ++tries) {
    Captures captures;
    if (leading) {
      std::size_t start = at;
      while (start > 0 && allowed(text[start - 1], parts_.front().type)) {
        --start;
      }
      if (start == at) {
        continue;
      }
      captures.values.emplace_back(parts_.front().name, std::string(text.substr(start, at - start)));
    }
    if (match_from(text, lowered, parts_, first, at, captures)) {
      return captures;
    }
  }
  return std::nullopt;
}

std::optional<Captures> match(std::string_view text, std::string_view pattern) {
  return Pattern(pattern).match(text, lower(text));
}

std::string normalise(std::string_view message, std::string* code) {
  constexpr std::string_view combined = "(combined from similar events): ";
  while (message.starts_with(combined)) {
    message.remove_prefix(combined.size());
  }
  std::string text(trim(message));
  constexpr std::string_view rpc = "rpc error: code = ";
  constexpr std::string_view description = " desc = ";
  for (std::size_t at = text.find(rpc); at != std::string::npos; at = text.find(rpc, at)) {
    std::size_t stop = text.find(description, at);
    if (stop == std::string::npos || stop - at > 60) {
      break;
    }
    if (code != nullptr && code->empty()) {
      *code = text.substr(at + rpc.size(), stop - at - rpc.size());
    }
    text.erase(at, stop + description.size() - at);
  }
  while (text.ends_with(": unknown")) {
    text.resize(text.size() - 9);
  }
  return text;
}

std::string visible(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\t') {
      out += ' ';
    } else if (byte < 0x20 || byte == 0x7f) {
      out += c == '\n' ? std::string("\\n") : std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

std::string shown(std::string_view text, std::size_t longest) {
  std::string out = visible(cluster::redact(text.substr(0, longest * 4)));
  if (out.size() > longest) {
    std::size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xc0) == 0x80) {
      --cut;
    }
    out = out.substr(0, cut) + " …";
  }
  return out;
}

std::string log_sentence(std::string_view line, std::string* level) {
  std::string_view text = trim(line);
  if (text.size() < 2 || text.front() != '{' || text.back() != '}' || text.size() > 16384) {
    return std::string(text);
  }
  document::Tree tree;
  std::string error;
  if (!document::parse_json(text, tree, error) || !tree.root().is_mapping()) {
    return std::string(text);
  }
  document::Node root = tree.root();
  std::string head;
  std::string message;
  std::string rest;
  for (const document::Member& member : root.members()) {
    std::string key = lower(member.key);
    std::string value = member.value.is_scalar() ? member.value.text() : document::to_json(member.value);
    if (key == "level" || key == "severity" || key == "lvl" || key == "loglevel") {
      head = lower(value);
    } else if (key == "msg" || key == "message") {
      message = value;
    } else if (key == "ts" || key == "time" || key == "timestamp" || key == "@timestamp" || key == "service" ||
               key == "pid" || key == "logger" || key == "caller" || key == "version" || key == "@version" ||
               key == "thread") {
      continue;
    } else if (rest.size() < 600) {
      rest += " " + std::string(member.key) + "=" + (contains(value, " ") ? "\"" + value + "\"" : value);
    }
  }
  if (message.empty()) {
    return std::string(text);
  }
  if (level != nullptr) {
    *level = head;
  }
  return (head.empty() ? "" : head + ": ") + message + rest;
}

}  // namespace podcheck::live
