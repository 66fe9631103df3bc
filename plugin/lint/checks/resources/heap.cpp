#include <algorithm>
#include <charconv>

#include "lint/checks/container/argv.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/resources/checks.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

struct Setting {
  Node node;          // where it is written
  std::string flag;   // "-Xmx2g"
  std::string value;  // "2g"
};

// The last `flag` in the text: what follows it up to a blank or a quote.
std::optional<std::string> value_behind(std::string_view text, std::string_view flag) {
  std::optional<std::string> found;
  for (std::size_t at = text.find(flag); at != std::string_view::npos; at = text.find(flag, at + 1)) {
    bool begins = at == 0 || std::string_view(" \t\n\"'=,").find(text[at - 1]) != std::string_view::npos;
    std::string_view rest = text.substr(at + flag.size());
    std::string_view value = rest.substr(0, rest.find_first_of(" \t\n\"',;&|)"));
    if (begins && !value.empty()) {
      found = std::string(value);
    }
  }
  return found;
}

std::optional<Setting> last_setting(const Place& place, std::string_view flag) {
  std::optional<Setting> found;
  auto look = [&](Node node) {
    if (std::optional<std::string> value = value_behind(node.string(), flag)) {
      found = Setting{node, std::string(flag) + *value, *value};
    }
  };
  for (Node entry : place.container->node["env"].items()) {
    Node name = entry["name"];
    bool listed = false;
    for (Node pattern : place.params()["env"].items()) {
      std::string_view text = pattern.string();
      listed = listed || (text.starts_with('*') ? name.string().ends_with(text.substr(1)) : name.string() == text);
    }
    if (listed && flag.empty()) {
      std::string value(entry["value"].string());
      found = Setting{entry["value"], value, value};
    } else if (listed) {
      look(entry["value"]);
    }
  }
  if (!flag.empty()) {
    for (Node word : argv_of(*place.container)) {
      look(word);
    }
  }
  return found;
}

// "512m", "2g", "1073741824" as Java reads them; "512" with `plain` as the unit; "512MiB" as Go does.
std::optional<kube::Quantity> read_size(std::string_view text, std::string_view plain) {
  std::int64_t value = 0;
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end == text.data() || value < 0) {
    return std::nullopt;
  }
  std::string unit(text.substr(static_cast<std::size_t>(end - text.data())));
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  if (unit.empty()) {
    unit = plain;
  }
  struct Unit {
    std::string_view name;
    std::int64_t bytes;
  };
  static constexpr Unit units[] = {{"B", 1},           {"K", 1 << 10},   {"KIB", 1 << 10},
                                   {"M", 1 << 20},     {"MIB", 1 << 20}, {"G", 1LL << 30},
                                   {"GIB", 1LL << 30}, {"T", 1LL << 40}, {"TIB", 1LL << 40}};
  for (const Unit& candidate : units) {
    if (candidate.name == unit) {
      return kube::Quantity::from_units(candidate.bytes, kube::Quantity::Format::binary).times(value);
    }
  }
  return std::nullopt;
}

void report(const Place& place, Reporter& reporter, const Setting& setting, const kube::Quantity& size,
            const kube::Quantity& limit) {
  std::int64_t warn = place.params()["warn-percent"].integer().value_or(100);
  bool exceeds = size >= limit;
  if (!exceeds && !(size.times(100) > limit.times(warn))) {
    return;
  }
  Hit hit;
  hit.at = setting.node;
  hit.variant = exceeds ? "" : "close";
  if (!exceeds) {
    hit.severity = finding::Severity::warning;
  }
  Node limit_node = place.container->node["resources"]["limits"]["memory"];
  hit.related.push_back({limit_node, "limit"});
  hit.values = {{"setting", setting.flag},
                {"size", kube::format_bytes(size)},
                {"limit", kube::format_bytes(limit)},
                {"percent", std::to_string(static_cast<int>(size.approximate() * 100 / limit.approximate()))},
                {"container", std::string(place.container->name)}};
  reporter.report(std::move(hit));
}

}  // namespace

// params: {flags: [-Xmx], env: [JAVA_OPTS, "*_HEAP_OPTS"], unit: B, percent-flags: […], warn-percent: 90}
void check_heap_limit(const Place& place, Reporter& reporter) {
  std::optional<kube::Quantity> limit = kube::limit(*place.container, "memory");
  if (!limit || limit->is_zero()) {
    return;
  }
  for (Node flag : place.params()["flags"].items()) {
    std::optional<Setting> setting = last_setting(place, flag.string());
    std::optional<kube::Quantity> size =
        setting ? read_size(setting->value, place.params()["unit"].string("B")) : std::nullopt;
    if (size && !size->is_zero()) {
      report(place, reporter, *setting, *size, *limit);
    }
  }
  for (Node flag : place.params()["percent-flags"].items()) {
    std::optional<Setting> setting = last_setting(place, flag.string());
    double percent = 0;
    if (!setting) {
      continue;
    }
    auto [end, status] = std::from_chars(setting->value.data(), setting->value.data() + setting->value.size(), percent);
    if (status == std::errc() && end == setting->value.data() + setting->value.size() && percent > 0 &&
        percent <= 1000) {
      auto size = kube::Quantity::from_nanos(limit->nanos() / 1000 * static_cast<std::int64_t>(percent * 10),
                                             kube::Quantity::Format::binary);
      report(place, reporter, *setting, size, *limit);
    }
  }
}

// GOMAXPROCS set by hand above the CPU limit.
void check_gomaxprocs(const Place& place, Reporter& reporter) {
  Node value = env_value(*place.container, "GOMAXPROCS");
  std::optional<kube::Quantity> limit = kube::limit(*place.container, "cpu");
  std::optional<kube::Quantity> wanted = value.is_string() ? kube::parse_quantity(value.string()) : std::nullopt;
  if (!limit || limit->is_zero() || !wanted || wanted->units() <= limit->units()) {
    return;
  }
  Hit hit;
  hit.at = value;
  hit.related.push_back({place.container->node["resources"]["limits"]["cpu"], "limit"});
  hit.values = {{"threads", value.text()},
                {"limit", kube::format_cpu(*limit)},
                {"container", std::string(place.container->name)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
