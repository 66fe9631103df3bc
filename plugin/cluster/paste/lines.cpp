#include "cluster/paste/lines.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "cluster/time.hpp"

namespace podcheck::cluster::paste {

namespace {

// Decodes what browsers and editors leave in copied text; the result has no control characters.
std::string plain_text(std::string_view raw) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> replacements{{
      {"\xC2\xA0", " "},
      {"\xE2\x80\x8B", ""},
      {"\xEF\xBB\xBF", ""},
      {"\xE2\x94\x82", " "},
      {"\xE2\x94\x83", " "},
      {"\xE2\x80\x9C", "\""},
      {"\xE2\x80\x9D", "\""},
      {"&lt;", "<"},
      {"&gt;", ">"},
      {"&quot;", "\""},
      {"&#39;", "'"},
      {"&#34;", "\""},
      {"&amp;", "&"},
  }};
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size();) {
    char c = raw[i];
    if (c == '\x1b') {
      ++i;
      if (i < raw.size() && raw[i] == '[') {
        ++i;
        while (i < raw.size() && (raw[i] < '@' || raw[i] > '~')) {
          ++i;
        }
        ++i;
      }
      continue;
    }
    if (c == '\t') {
      out.append(8 - out.size() % 8 < 2 ? 9 : 8 - out.size() % 8, ' ');
      ++i;
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      ++i;
      continue;
    }
    bool replaced = false;
    if (c == '&' || static_cast<unsigned char>(c) >= 0xC2) {
      for (const auto& [from, to] : replacements) {
        if (raw.substr(i, from.size()) == from) {
          out += to;
          i += from.size();
          replaced = true;
          break;
        }
      }
    }
    if (!replaced) {
      out += c;
      ++i;
    }
  }
  return out;
}

void strip_quote_marks(std::string& text) {
  std::size_t at = 0;
  while (true) {
    std::size_t mark = text.find_first_not_of(' ', at);
    if (mark == std::string::npos || text[mark] != '>' || mark > at + 3) {
      break;
    }
    at = mark + 1;
    if (at < text.size() && text[at] == ' ') {
      ++at;
    }
  }
  text.erase(0, at);
}

// "```", "```sh", "``` console": nothing of the text stands behind it.
bool is_fence(std::string_view text) {
  std::string_view info = trim(text.substr(3));
  return info.size() <= 20 && std::all_of(info.begin(), info.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-';
         });
}

// People write the first line of a block behind its fence, and the fence behind the last one.
void add_with_fences(Line line, std::vector<Line>& lines) {
  bool opens = line.text.starts_with("```") || line.text.starts_with("~~~");
  if (opens && is_fence(line.text)) {
    line.fence = true;
    lines.push_back(std::move(line));
    return;
  }
  std::string mark = opens ? line.text.substr(0, 3) : "```";
  bool closes = line.text.size() > 3 && line.text.ends_with("```");
  Line fence{mark, 0, true};
  if (opens) {
    lines.push_back(fence);
    line.text.erase(0, line.text.find_first_not_of(" `~"));
  }
  if (closes) {
    line.text.resize(line.text.find_last_not_of(" `") + 1);
  }
  lines.push_back(std::move(line));
  if (closes) {
    lines.push_back(std::move(fence));
  }
}

}  // namespace

std::vector<Line> clean_lines(std::string_view text, std::size_t limit) {
  std::vector<Line> lines;
  text = text.substr(0, limit);
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string raw = plain_text(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    strip_quote_marks(raw);
    Line line;
    std::size_t first = raw.find_first_not_of(' ');
    if (first != std::string::npos) {
      line.indent = first;
      line.text = raw.substr(first, raw.find_last_not_of(' ') - first + 1);
    }
    add_with_fences(std::move(line), lines);
  }
  return lines;
}

std::optional<KeyValue> key_value(std::string_view text) {
  std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 60 ||
      (colon + 1 < text.size() && text[colon + 1] != ' ')) {
    return std::nullopt;
  }
  std::string_view key = text.substr(0, colon);
  char first = key.front();
  bool letter = (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || (first >= '0' && first <= '9') ||
                first == '_' || first == '/';
  if (!letter || key.find("  ") != std::string_view::npos) {
    return std::nullopt;
  }
  std::size_t value = text.find_first_not_of(' ', colon + 1);
  return KeyValue{key, value == std::string_view::npos ? std::string_view() : text.substr(value),
                  value == std::string_view::npos ? text.size() : value};
}

std::string_view trim(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(' ', at)) != std::string_view::npos) {
    std::size_t end = std::min(text.find(' ', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end;
  }
  return parts;
}

std::vector<std::string_view> cells(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t gap = text.find("  ");
    std::string_view cell = trim(text.substr(0, gap));
    if (!cell.empty()) {
      parts.push_back(cell);
    }
    text.remove_prefix(gap == std::string_view::npos ? text.size()
                                                     : std::min(text.find_first_not_of(' ', gap), text.size()));
  }
  return parts;
}

bool is_none(std::string_view value) {
  return value.empty() || value == "<none>" || value == "<unset>" || value == "<nil>" || value == "<unknown>";
}

std::string rfc3339_of(std::string_view text) {
  if (std::optional<Time> time = parse_time(text)) {
    return format_time(*time);
  }
  std::vector<std::string_view> parts = words(text);
  if (parts.size() == 6 && parts[0].ends_with(',')) {
    parts.erase(parts.begin());
  }
  if (parts.size() < 5) {
    return "";
  }
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::size_t month = months.find(parts[1]);
  std::string_view zone = parts[4];
  if (parts[1].size() != 3 || month == std::string_view::npos || zone.size() != 5 || parts[0].size() > 2) {
    return "";
  }
  std::string number = std::to_string(month / 3 + 1);
  std::string iso = std::string(parts[2]) + "-" + (number.size() == 1 ? "0" : "") + number + "-" +
                    (parts[0].size() == 1 ? "0" : "") + std::string(parts[0]) + "T" + std::string(parts[3]) +
                    std::string(zone.substr(0, 3)) + ":" + std::string(zone.substr(3));
  std::optional<Time> time = parse_time(iso);
  return time ? format_time(*time) : "";
}

bool is_name(std::string_view text) {
  auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 253 && alphanumeric(text.front()) && alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return alphanumeric(c) || c == '-' || c == '.'; });
}

}  // namespace podcheck::cluster::paste
