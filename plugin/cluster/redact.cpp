#include "cluster/redact.hpp"

#include <algorithm>
#include <array>

namespace podcheck::cluster {

namespace {

constexpr std::string_view mask = "***";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool token_char(char c) {
  return is_word(c) || c == '.' || c == '+' || c == '/' || c == '=' || c == '~';
}

std::size_t run_of(std::string_view text, std::size_t at, bool (*accept)(char)) {
  std::size_t end = at;
  while (end < text.size() && accept(text[end])) {
    ++end;
  }
  return end;
}

bool same_at(std::string_view text, std::size_t at, std::string_view wanted) {
  return text.size() - at >= wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, char b) { return a == lower(b); });
}

// How many bytes at `at` are a credential that is known by its shape; 0 when none are.
std::size_t credential_at(std::string_view text, std::size_t at) {
  bool word_start = at == 0 || !is_word(text[at - 1]);
  if (!word_start) {
    return 0;
  }
  std::string_view rest = text.substr(at);
  if (rest.starts_with("eyJ")) {
    std::size_t end = run_of(text, at, token_char) - at;
    return end >= 40 && rest.substr(0, end).find('.') != std::string_view::npos ? end : 0;
  }
  if (rest.starts_with("AKIA") || rest.starts_with("ASIA")) {
    std::size_t end = run_of(text, at, is_word) - at;
    return end == 20 ? end : 0;
  }
  for (std::string_view prefix : {"ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "sk_live_"}) {
    if (rest.starts_with(prefix)) {
      return run_of(text, at, is_word) - at;
    }
  }
  if (rest.starts_with("-----BEGIN ") && rest.substr(0, 64).find("PRIVATE KEY-----") != std::string_view::npos) {
    std::size_t end = rest.find("-----END ");
    std::size_t close = end == std::string_view::npos ? end : rest.find("-----", end + 9);
    return close == std::string_view::npos ? rest.size() : close + 5;
  }
  return 0;
}

// After "://": the length of "user:password" before the last "@" of the authority; 0 when there is no password.
std::size_t userinfo(std::string_view text, std::size_t at) {
  std::size_t stop = std::min(text.find_first_of("/ \t\r\n\"'<>", at), text.size());
  std::size_t end = text.substr(at, stop - at).rfind('@');
  if (end == std::string_view::npos || text.substr(at, end).find(':') == std::string_view::npos) {
    return 0;
  }
  return end;
}

// "Basic " and base64: what HTTP sends of a user and a password.
std::size_t basic_credential(std::string_view text, std::size_t at) {
  constexpr std::string_view word = "basic ";
  constexpr std::size_t shortest = 12;
  if (at < word.size() || !same_at(text, at - word.size(), word)) {
    return 0;
  }
  std::size_t length = run_of(text, at, token_char) - at;
  return length >= shortest ? length : 0;
}

constexpr auto secret_words =
    std::to_array<std::string_view>({"password", "passwd", "passphrase", "secret", "token", "apikey", "api_key",
                                     "api-key", "access_key", "private_key", "credential", "authorization", "bearer"});

// Where the value begins behind a word that promises a secret and "=", ":" or a blank; npos when there is none.
std::size_t value_behind(std::string_view text, std::size_t at) {
  for (std::string_view word : secret_words) {
    if (!same_at(text, at, word)) {
      continue;
    }
    std::size_t next = at + word.size();
    if (word == "bearer" && next < text.size() && text[next] == ' ') {
      return next + 1;
    }
    while (next < text.size() && (text[next] == '"' || text[next] == '\'')) {
      ++next;
    }
    if (next >= text.size() || (text[next] != '=' && text[next] != ':')) {
      continue;
    }
    ++next;
    while (next < text.size() && (text[next] == ' ' || text[next] == '"' || text[next] == '\'')) {
      ++next;
    }
    return same_at(text, next, "bearer ") ? next + 7 : next;
  }
  return std::string_view::npos;
}

bool value_char(char c) {
  return c != ' ' && c != '"' && c != '\'' && c != ',' && c != ';' && c != '&' && c != '\n' && c != '\r' && c != '\t' &&
         c != '}' && c != ')' && c != '{' && c != '[';
}

// "token: not found" is a sentence: after a colon and a blank, a bare word without a digit that others follow.
bool is_prose(std::string_view text, std::size_t start, std::size_t end) {
  bool after_blank = start >= 2 && text[start - 1] == ' ' && text[start - 2] == ':';
  bool digit =
      std::any_of(text.begin() + static_cast<std::ptrdiff_t>(start), text.begin() + static_cast<std::ptrdiff_t>(end),
                  [](char c) { return c >= '0' && c <= '9'; });
  bool followed = end + 1 < text.size() && text[end] == ' ' && is_word(text[end + 1]);
  return after_blank && !digit && followed;
}

// A line break that a program printed in its escaped form at the end of a quoted value ('abc\n') is no secret, and
// often the very fault: it is kept. `end` is one past the value in `text`; the result is one past what is secret of it.
std::size_t before_escaped_breaks(std::string_view text, std::size_t start, std::size_t end) {
  bool quoted = end < text.size() && (text[end] == '"' || text[end] == '\'');
  auto is_break = [&](std::size_t at) { return text[at - 2] == '\\' && (text[at - 1] == 'n' || text[at - 1] == 'r'); };
  while (quoted && end > start + 2 && is_break(end)) {
    end -= 2;
  }
  return end;
}

}  // namespace

std::string redact(std::string_view text, std::size_t* removed) {
  std::string out;
  out.reserve(text.size());
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = std::max(credential_at(text, at), basic_credential(text, at));
    if (length == 0 && at >= 3 && text.substr(at - 3, 3) == "://") {
      length = userinfo(text, at);
    }
    if (length > 0) {
      out += mask;
      at += length;
      ++count;
      continue;
    }
    std::size_t value = value_behind(text, at);
    std::size_t end = value == std::string_view::npos ? value : run_of(text, value, value_char);
    if (value != std::string_view::npos && end > value && !is_prose(text, value, end)) {
      out += text.substr(at, value - at);
      out += mask;
      at = before_escaped_breaks(text, value, end);
      ++count;
      continue;
    }
    out += text[at++];
  }
  if (removed != nullptr) {
    *removed += count;
  }
  return out;
}

bool names_a_secret(std::string_view name) {
  std::string plain;
  for (char c : name) {
    plain += lower(c);
  }
  auto has = [&](std::string_view word) { return plain.find(word) != std::string::npos; };
  return std::any_of(secret_words.begin(), secret_words.end(), has) || has("pwd") || has("passwort");
}

}  // namespace podcheck::cluster
