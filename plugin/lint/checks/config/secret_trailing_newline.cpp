// A password that ends with a line break, as `echo secret | base64` makes it.
#include <algorithm>
#include <optional>

#include "lint/checks/config/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

int digit(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == '+')
    return 62;
  return c == '/' ? 63 : -1;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  int bits = 0;
  unsigned buffer = 0;
  for (char c : text) {
    if (c == '=' || c == '\n' || c == '\r')
      continue;
    const int value = digit(c);
    if (value < 0)
      return std::nullopt;
    buffer = (buffer << 6 | static_cast<unsigned>(value)) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(buffer >> bits & 0xff);
    }
  }
  return out;
}

std::string encoded(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += k <= count ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

// Values that are files end with a line break by right.
bool is_file_like(std::string_view key) {
  if (key.find('.') != std::string_view::npos)
    return true;
  for (const char* word : {"cert", "crt", "pem", "ca", "config", "conf", "json", "yaml", "script", "ssh", "known",
                           "rsa", "ed25519", "kubeconfig", "htpasswd", "auth"})
    if (key.find(word) != std::string_view::npos)
      return true;
  return false;
}

// One line and its end, nothing more.
bool is_line_with_break(std::string_view value) {
  return value.size() > 1 && value.ends_with('\n') && value.find('\n') == value.size() - 1;
}

}  // namespace

void check_secret_trailing_newline(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (object.kind != "Secret" || !object.group.empty())
    return;
  const std::string_view type = object.root["type"].string("Opaque");
  if (type != "Opaque" && type != "kubernetes.io/basic-auth")
    return;
  const auto report = [&](std::string_view key, Node at, std::string replacement) {
    Hit hit;
    hit.at = at;
    hit.values = {{"key", std::string(key)}, {"name", std::string(object.name)}};
    if (!replacement.empty() && !at.shared())
      hit.changes.push_back({Hit::Change::Kind::replace_value, at, {}, std::move(replacement)});
    reporter.report(std::move(hit));
  };
  constexpr std::size_t longest = 4096;
  for (const document::Member& member : object.root["data"].members()) {
    if (is_file_like(member.key) || member.value.string().size() > longest)
      continue;
    const auto value = decoded(member.value.string());
    if (value && is_line_with_break(*value))
      report(member.key, member.value, encoded(std::string_view(*value).substr(0, value->size() - 1)));
  }
  for (const document::Member& member : object.root["stringData"].members())
    if (!is_file_like(member.key) && is_line_with_break(member.value.string()))
      report(member.key, member.value, {});
}

}  // namespace podcheck::lint
