#include <algorithm>

#include "kube/image.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/image/checks.hpp"

namespace podcheck::lint {

namespace {

using Kind = kube::ImageError::Kind;

const char* variant_of(Kind kind) {
  switch (kind) {
    case Kind::blank:
      return "blank";
    case Kind::scheme:
      return "scheme";
    case Kind::uppercase:
      return "uppercase";
    case Kind::variable:
      return "variable";
    case Kind::empty_tag:
      return "empty-tag";
    case Kind::bad_tag:
      return "bad-tag";
    case Kind::empty_digest:
    case Kind::bad_digest:
    case Kind::digest_algorithm:
      return "bad-digest";
    case Kind::digest_length:
      return "digest-length";
    case Kind::bad_domain:
      return "bad-domain";
    case Kind::double_slash:
      return "double-slash";
    case Kind::bare_digest:
      return "bare-digest";
    case Kind::too_long:
      return "too-long";
    default:
      return "";
  }
}

// The text a person meant, as far as that is certain; empty when it is not.
std::string repaired(std::string_view text, const kube::ImageError& error) {
  std::string result;
  if (error.kind == Kind::scheme) {
    result = text.substr(text.find("://") + 3);
  } else if (error.kind == Kind::blank) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    std::size_t begin = text.find_first_not_of(blanks);
    if (begin != std::string_view::npos) {
      result = text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
    }
  } else if (error.kind == Kind::uppercase) {
    result = text;
    std::size_t end = std::min(text.find_last_of("@"), text.size());
    std::size_t slash = text.rfind('/', end);
    std::size_t colon = text.find(':', slash == std::string_view::npos ? 0 : slash);
    end = std::min(end, colon);
    std::transform(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(end), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  }
  return kube::parse_image(result) ? result : std::string();
}

}  // namespace

void check_image_reference(const Place& place, Reporter& reporter) {
  document::Node node = place.container->node["image"];
  kube::ImageError error;
  std::string_view text = node.string();
  if (!node.is_string() || text.empty() || kube::parse_image(text, &error)) {
    return;
  }
  if (error.kind == Kind::scheme && text.starts_with("ko://")) {
    return;  // ko replaces these before they are applied
  }
  // The server itself refuses blanks around the image of a Pod, but not in a template.
  bool surrounding = error.kind == Kind::blank && (text.front() == ' ' || text.back() == ' ');
  if (surrounding && place.object->object.kind == "Pod") {
    return;
  }
  Hit hit;
  hit.at = node;
  hit.variant = variant_of(error.kind);
  std::string digits(text.substr(std::min(text.size(), error.at)));
  hit.values = {{"image", std::string(text)},
                {"container", std::string(place.container->name)},
                {"column", std::to_string(error.at + 1)},
                {"character", error.at < text.size() ? std::string(1, text[error.at]) : std::string()},
                {"length", std::to_string(digits.size())},
                {"repaired", repaired(text, error)}};
  if (error.kind == Kind::variable) {
    hit.severity = finding::Severity::warning;
  }
  if (std::string fixed = repaired(text, error); !fixed.empty()) {
    hit.changes.push_back({Hit::Change::Kind::replace_value, node, "", scalar_like(node, fixed)});
  }
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
