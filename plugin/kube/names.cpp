#include "kube/names.hpp"

#include <algorithm>

namespace podcheck::kube {

namespace {

bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool alphanumeric(char c) {
  return lower(c) || upper(c) || digit(c);
}

// [A-Za-z0-9] at both ends, and besides - _ . within.
bool is_name_part(std::string_view text) {
  return !text.empty() && text.size() <= 63 && alphanumeric(text.front()) && alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_label(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return lower(c) || digit(c) || c == '-'; });
}

}  // namespace

bool is_dns1123_label(std::string_view text) {
  return text.size() <= 63 && is_label(text);
}

bool is_dns1123_subdomain(std::string_view text) {
  if (text.empty() || text.size() > 253) {
    return false;
  }
  for (std::size_t begin = 0;;) {
    std::size_t end = std::min(text.find('.', begin), text.size());
    if (!is_label(text.substr(begin, end - begin))) {
      return false;
    }
    if (end == text.size()) {
      return true;
    }
    begin = end + 1;
  }
}

bool is_dns1035_label(std::string_view text) {
  return is_dns1123_label(text) && lower(text.front());
}

bool is_qualified_name(std::string_view text) {
  std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return is_name_part(text);
  }
  return is_dns1123_subdomain(text.substr(0, slash)) && is_name_part(text.substr(slash + 1));
}

bool is_label_value(std::string_view text) {
  return text.empty() || is_name_part(text);
}

bool is_env_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '='; });
}

bool is_c_identifier(std::string_view text) {
  return !text.empty() && !digit(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return alphanumeric(c) || c == '_'; });
}

bool is_port_name(std::string_view text) {
  return text.size() <= 15 && is_label(text) && text.find("--") == std::string_view::npos &&
         std::any_of(text.begin(), text.end(), lower);
}

bool is_config_key(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text != "." && text != ".." && !text.starts_with("..") &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

std::string suggest_name(std::string_view text, std::size_t longest) {
  std::string name;
  for (char c : text) {
    if (name.size() == longest) {
      break;
    }
    if (upper(c)) {
      c = static_cast<char>(c - 'A' + 'a');
    }
    if (lower(c) || digit(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (!name.empty() && name.back() == '-') {
    name.pop_back();
  }
  return name;
}

}  // namespace podcheck::kube
