#include "kube/image.hpp"

#include <algorithm>
#include <vector>

namespace podcheck::kube {

namespace {

using Kind = ImageError::Kind;

bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool lower_or_digit(char c) {
  return lower(c) || digit(c);
}
bool alphanumeric(char c) {
  return lower_or_digit(c) || upper(c);
}
bool lower_hex(char c) {
  return digit(c) || (c >= 'a' && c <= 'f');
}
bool tag_character(char c) {
  return alphanumeric(c) || c == '_' || c == '.' || c == '-';
}

// Where a domain stops being one; npos when it is one.
std::size_t domain_error(std::string_view domain) {
  std::size_t at = 0;
  if (domain.starts_with('[')) {
    std::size_t close = domain.find(']');
    if (close == std::string_view::npos || close == 1) {
      return 0;
    }
    std::size_t bad = domain.substr(1, close - 1).find_first_not_of("0123456789abcdefABCDEF:");
    if (bad != std::string_view::npos) {
      return bad + 1;
    }
    at = close + 1;
  } else {
    bool start = true;
    for (; at < domain.size() && domain[at] != ':'; ++at) {
      char c = domain[at];
      bool last = at + 1 == domain.size() || domain[at + 1] == '.' || domain[at + 1] == ':';
      if (c == '.' ? start : !(alphanumeric(c) || (c == '-' && !start && !last))) {
        return at;
      }
      start = c == '.';
    }
    if (start) {
      return at == 0 ? 0 : at - 1;
    }
  }
  if (at == domain.size()) {
    return std::string_view::npos;
  }
  if (domain[at] != ':' || at + 1 == domain.size()) {
    return at;
  }
  std::size_t bad = domain.find_first_not_of("0123456789", at + 1);
  return bad;
}

// A part of the path: lower-case letters and digits, joined by one '.', one or two '_', or any number of '-'.
ImageError component_error(std::string_view part, std::size_t offset) {
  std::size_t at = 0;
  bool separated = true;  // nothing or a separator before
  while (at < part.size()) {
    char c = part[at];
    if (lower_or_digit(c)) {
      separated = false;
      ++at;
      continue;
    }
    if (upper(c)) {
      return {Kind::uppercase, offset + at};
    }
    if (c != '.' && c != '_' && c != '-') {
      return {Kind::bad_character, offset + at};
    }
    std::size_t begin = at;
    while (at < part.size() && part[at] == c) {
      ++at;
    }
    std::size_t length = at - begin;
    if (separated || at == part.size() || (c == '.' && length > 1) || (c == '_' && length > 2)) {
      return {Kind::bad_separator, offset + begin};
    }
    separated = true;
  }
  return {};
}

ImageError digest_error(std::string_view digest, std::size_t offset) {
  if (digest.empty()) {
    return {Kind::empty_digest, offset};
  }
  std::size_t colon = digest.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == digest.size()) {
    return {Kind::bad_digest, offset};
  }
  std::string_view algorithm = digest.substr(0, colon);
  std::string_view hex = digest.substr(colon + 1);
  std::size_t length = algorithm == "sha256" ? 64 : algorithm == "sha384" ? 96 : algorithm == "sha512" ? 128 : 0;
  if (length == 0) {
    return {Kind::digest_algorithm, offset};
  }
  auto bad = std::find_if_not(hex.begin(), hex.end(), lower_hex);
  if (bad != hex.end()) {
    return {Kind::bad_digest, offset + colon + 1 + static_cast<std::size_t>(bad - hex.begin())};
  }
  if (hex.size() != length) {
    return {Kind::digest_length, offset + colon + 1};
  }
  return {};
}

ImageError tag_error(std::string_view tag, std::size_t offset) {
  if (tag.empty()) {
    return {Kind::empty_tag, offset};
  }
  for (std::size_t i = 0; i < tag.size(); ++i) {
    if (!tag_character(tag[i]) || (i == 0 && (tag[i] == '.' || tag[i] == '-'))) {
      return {Kind::bad_tag, offset + i};
    }
  }
  if (tag.size() > 128) {
    return {Kind::bad_tag, offset + 128};
  }
  return {};
}

// What a person most likely did, looked at before the grammar so that the answer is about that.
ImageError obvious_error(std::string_view text) {
  if (text.empty()) {
    return {Kind::empty, 0};
  }
  for (std::string_view mark : {"{{", "${", "$(", "<", "%", "$"}) {
    std::size_t at = text.find(mark);
    if (at != std::string_view::npos) {
      return {Kind::variable, at};
    }
  }
  std::size_t scheme = text.find("://");
  if (scheme != std::string_view::npos) {
    return {Kind::scheme, 0};
  }
  std::size_t blank = text.find_first_of(" \t\r\n\v\f");
  if (blank != std::string_view::npos) {
    return {Kind::blank, blank};
  }
  if (text.size() == 64 && std::all_of(text.begin(), text.end(), lower_hex)) {
    return {Kind::bare_digest, 0};
  }
  return {};
}

bool is_domain(std::string_view first) {
  return first.find_first_of(".:") != std::string_view::npos || first == "localhost" ||
         std::any_of(first.begin(), first.end(), upper);
}

ImageError read(std::string_view text, ImageReference& image) {
  ImageError error = obvious_error(text);
  if (error.kind != Kind::none) {
    return error;
  }
  std::string_view rest = text;
  std::size_t at_sign = rest.find('@');
  if (at_sign != std::string_view::npos) {
    image.digest = rest.substr(at_sign + 1);
    error = digest_error(image.digest, at_sign + 1);
    if (error.kind != Kind::none) {
      return error;
    }
    rest = rest.substr(0, at_sign);
  }
  std::size_t slash = rest.rfind('/');
  std::size_t colon = rest.find(':', slash == std::string_view::npos ? 0 : slash);
  if (colon != std::string_view::npos) {
    image.tag = rest.substr(colon + 1);
    error = tag_error(image.tag, colon + 1);
    if (error.kind != Kind::none) {
      return error;
    }
    rest = rest.substr(0, colon);
  }
  image.repository = rest;
  std::size_t first = rest.find('/');
  std::size_t offset = 0;
  if (first != std::string_view::npos && is_domain(rest.substr(0, first))) {
    image.domain = rest.substr(0, first);
    std::size_t bad = domain_error(image.domain);
    if (bad != std::string_view::npos) {
      return {Kind::bad_domain, bad};
    }
    offset = first + 1;
  }
  image.path = rest.substr(offset);
  for (std::size_t begin = 0;;) {
    std::size_t end = std::min(image.path.find('/', begin), image.path.size());
    if (end == begin) {
      return {Kind::double_slash, offset + begin};
    }
    error = component_error(image.path.substr(begin, end - begin), offset + begin);
    if (error.kind != Kind::none) {
      return error;
    }
    if (end == image.path.size()) {
      break;
    }
    begin = end + 1;
  }
  if (image.canonical_repository().size() > 255) {
    return {Kind::too_long, 0};
  }
  return {};
}

bool is_hub_alias(std::string_view host) {
  return host.empty() || host == "docker.io" || host == "index.docker.io" || host == "registry-1.docker.io" ||
         host == "registry.hub.docker.com";
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) {
      return parts;
    }
    begin = end + 1;
  }
}

// One label of a host against one label of a pattern, which may hold '*'.
bool label_matches(std::string_view pattern, std::string_view label) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == label;
  }
  std::string_view before = pattern.substr(0, star);
  std::string_view after = pattern.substr(star + 1);
  return label.size() >= before.size() + after.size() && label.starts_with(before) && label.ends_with(after);
}

struct Address {
  std::string_view host;
  std::string_view port;
  std::string_view path;
};

Address address_of(std::string_view key) {
  Address address;
  std::size_t scheme = key.find("://");
  if (scheme != std::string_view::npos) {
    key.remove_prefix(scheme + 3);
  }
  std::size_t slash = key.find('/');
  address.host = key.substr(0, slash);
  if (slash != std::string_view::npos) {
    address.path = key.substr(slash);
    while (address.path.ends_with('/')) {
      address.path.remove_suffix(1);
    }
  }
  std::size_t colon = address.host.rfind(':');
  if (colon != std::string_view::npos && address.host.find(']', colon) == std::string_view::npos) {
    address.port = address.host.substr(colon + 1);
    address.host = address.host.substr(0, colon);
  }
  return address;
}

}  // namespace

std::string ImageReference::registry() const {
  return is_docker_hub() ? std::string("docker.io") : std::string(domain);
}

std::string ImageReference::canonical_repository() const {
  std::string name = registry();
  name += '/';
  if (is_docker_hub() && path.find('/') == std::string_view::npos) {
    name += "library/";
  }
  name += path;
  return name;
}

std::string_view ImageReference::basename() const {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool ImageReference::is_docker_hub() const {
  return is_hub_alias(domain);
}

bool ImageReference::follows_latest() const {
  return tag.empty() ? digest.empty() : tag == "latest";
}

std::optional<ImageReference> parse_image(std::string_view text, ImageError* error) {
  ImageReference image;
  ImageError found = read(text, image);
  if (found.kind == Kind::none) {
    return image;
  }
  if (error != nullptr) {
    *error = found;
  }
  return std::nullopt;
}

std::string registry_host(std::string_view auths_key) {
  Address address = address_of(auths_key);
  if (is_hub_alias(address.host)) {
    return address.host.empty() ? "" : "docker.io";
  }
  std::string host(address.host);
  if (!address.port.empty()) {
    host += ':';
    host += address.port;
  }
  return host;
}

bool credentials_match(std::string_view auths_key, const ImageReference& image) {
  Address key = address_of(auths_key);
  std::string registry = image.registry();
  Address host = address_of(registry);
  if (is_hub_alias(key.host) && !key.host.empty()) {
    // "https://index.docker.io/v1/" is an address of the API, not a prefix of repositories.
    bool any_repository = key.path.empty() || key.path == "/v1" || key.path == "/v2";
    return image.is_docker_hub() && (any_repository || ("/" + std::string(image.path)).starts_with(key.path));
  }
  if (key.port != host.port) {
    return false;
  }
  std::vector<std::string_view> patterns = split(key.host, '.');
  std::vector<std::string_view> labels = split(host.host, '.');
  if (patterns.size() != labels.size()) {
    return false;
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!label_matches(patterns[i], labels[i])) {
      return false;
    }
  }
  std::string_view path = key.path == "/v1" || key.path == "/v2" ? std::string_view() : key.path;
  return ("/" + std::string(image.path)).starts_with(path);
}

}  // namespace podcheck::kube
