// Modes of the files in ConfigMap, Secret and projected volumes.
#include <algorithm>
#include <array>
#include <functional>

#include "lint/checks/pods.hpp"
#include "lint/checks/security/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

// Written in decimal although the digits are those of a file mode: 400 is 0620. Numbers that are sensible modes when
// read as decimal (420 is 0644) are left alone.
bool is_mistaken(std::int64_t mode, std::string_view written) {
  if (written.size() != 3 || written.find_first_not_of("01234567") != std::string_view::npos || written[0] == '0')
    return false;
  constexpr auto taken_for_octal = std::to_array<std::int64_t>({400, 440, 444, 500});
  constexpr std::int64_t largest = 0777;
  return mode > largest || std::find(taken_for_octal.begin(), taken_for_octal.end(), mode) != taken_for_octal.end();
}

std::string octal(std::int64_t mode) {
  std::string digits;
  for (; mode > 0; mode /= 8)
    digits.insert(digits.begin(), static_cast<char>('0' + mode % 8));
  return "0" + (digits.empty() ? "0" : digits);
}

std::string_view source_text(const Place& place, Node node) {
  const auto range = node.range();
  const std::string_view bytes = place.object->file->text.bytes();
  if (range.begin >= range.end || range.end > bytes.size())
    return {};
  return bytes.substr(range.begin, range.end - range.begin);
}

void look(const Place& place, Reporter& reporter, Node mode, std::string_view volume) {
  const auto value = mode.integer();
  if (!value)
    return;
  const std::string written(source_text(place, mode));
  if (!is_mistaken(*value, written))
    return;
  Hit hit;
  hit.at = mode;
  hit.values = {{"written", written}, {"octal", octal(*value)}, {"volume", std::string(volume)}};
  const bool json = place.object->document->language == document::Language::json;
  // JSON has no octal numbers.
  const std::string meant = json ? std::to_string(std::stoi(written, nullptr, 8)) : "0" + written;
  hit.values.emplace_back("meant", meant);
  if (*value > 0777)
    hit.variant = "too-large";
  hit.safety = finding::Safety::safe;
  if (!mode.shared())
    hit.changes.push_back({Hit::Change::Kind::replace_value, mode, {}, meant});
  reporter.report(std::move(hit));
}

void each_mode(Node volume, const std::function<void(Node)>& visit) {
  const auto source = [&](Node node) {
    visit(node["defaultMode"]);
    for (Node item : node["items"].items())
      visit(item["mode"]);
  };
  for (const char* type : {"configMap", "secret", "downwardAPI", "projected"})
    source(volume[type]);
  for (Node projected : volume["projected"]["sources"].items())
    for (const char* type : {"configMap", "secret", "downwardAPI"})
      source(projected[type]);
}

}  // namespace

void check_file_mode_decimal(const Place& place, Reporter& reporter) {
  for (Node volume : place.pod->spec["volumes"].items())
    each_mode(volume, [&](Node mode) { look(place, reporter, mode, volume["name"].string()); });
}

// Files that only root may read, mounted into a container that is not root and without a group that may.
void check_file_mode_unreadable(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  const Node user = effective_security(container, "runAsUser");
  if (user.integer().value_or(0) == 0 || is_windows(container))
    return;
  if (place.pod->spec["securityContext"]["fsGroup"].integer())
    return;
  if (effective_security(container, "runAsGroup").integer() == 0)
    return;
  for (Node mount : container.node["volumeMounts"].items())
    for (Node volume : place.pod->spec["volumes"].items()) {
      if (volume["name"].string() != mount["name"].string() || !mount["name"].is_string())
        continue;
      each_mode(volume, [&](Node mode) {
        constexpr std::int64_t others_may_read = 0004;
        const auto value = mode.integer();
        if (!value || *value < 0 || (*value & others_may_read) != 0 || is_mistaken(*value, source_text(place, mode)))
          return;
        Hit hit;
        hit.at = mode;
        hit.values = {{"container", std::string(container.name)},
                      {"user", user.text()},
                      {"mode", octal(*value)},
                      {"volume", std::string(volume["name"].string())},
                      {"path", std::string(mount["mountPath"].string())}};
        hit.related.push_back({mount, "mount", nullptr, hit.values});
        hit.related.push_back({user, "user", nullptr, hit.values});
        reporter.report(std::move(hit));
      });
    }
}

}  // namespace podcheck::lint
