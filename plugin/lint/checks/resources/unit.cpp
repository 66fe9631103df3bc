#include <string>

#include "lint/checks/container/place.hpp"
#include "lint/checks/resources/checks.hpp"
#include "lint/checks/resources/fields.hpp"

namespace podcheck::lint {

namespace {

using Use = ResourceField::Use;
using Kind = Hit::Change::Kind;

bool is_bytes(const ResourceField& field) {
  return field.use == Use::volume || kube::counts_bytes(field.resource);
}

kube::Quantity quantity_param(const Place& place, const char* name, const char* fallback) {
  std::optional<kube::Quantity> quantity = kube::quantity_of(place.params()[name]);
  return quantity ? *quantity : *kube::parse_quantity(fallback);
}

std::string trimmed(std::string_view text) {
  std::size_t begin = text.find_first_not_of(" \t");
  std::size_t end = text.find_last_not_of(" \t");
  return begin == std::string_view::npos ? "" : std::string(text.substr(begin, end - begin + 1));
}

Hit hit_at(const ResourceField& field, const kube::Quantity& quantity) {
  Hit hit;
  hit.at = field.node;
  std::string text = trimmed(field.node.text());
  std::string digits = text.substr(0, text.size() - kube::quantity_suffix(text).size());
  hit.values = {{"field", field_name(field)},
                {"value", text},
                {"number", digits},
                {"meaning", is_bytes(field) ? kube::format_bytes(quantity) : kube::format_cpu(quantity)},
                {"owner", field.owner}};
  return hit;
}

void replace(Hit& hit, const ResourceField& field, const std::string& text) {
  hit.values.emplace_back("instead", text);
  hit.changes.push_back({Kind::replace_value, field.node, "", scalar_like(field.node, text)});
}

}  // namespace

// params: {threshold: below which "m" cannot be meant}. The API server itself writes fractions of bytes as "m", so a
// value that is large enough is left alone.
void check_memory_unit_milli(const Place& place, Reporter& reporter) {
  kube::Quantity threshold = quantity_param(place, "threshold", "4Mi");
  for (const ResourceField& field : resource_fields(*place.pod)) {
    std::optional<kube::Quantity> quantity = kube::quantity_of(field.node);
    if (!is_bytes(field) || !quantity || quantity->is_zero() || !(*quantity < threshold) ||
        kube::quantity_suffix(field.node.text()) != "m") {
      continue;
    }
    Hit hit = hit_at(field, *quantity);
    if (field.use == Use::request) {
      hit.variant = "request";
      hit.severity = finding::Severity::warning;
    } else if (field.use == Use::volume || field.resource != "memory") {
      hit.variant = "storage";
    }
    replace(hit, field, trimmed(field.node.text()).empty() ? "" : hit.values[2].second + "Mi");
    reporter.report(std::move(hit));
  }
}

// params: {fatal, doubtful, bare}: limits below which nothing starts, hardly anything does, and a number without a
// unit is surely not meant in bytes.
void check_memory_too_small(const Place& place, Reporter& reporter) {
  kube::Quantity fatal = quantity_param(place, "fatal", "4Mi");
  kube::Quantity doubtful = quantity_param(place, "doubtful", "6Mi");
  kube::Quantity bare_below = quantity_param(place, "bare", "64Ki");
  for (const ResourceField& field : resource_fields(*place.pod)) {
    std::optional<kube::Quantity> quantity = kube::quantity_of(field.node);
    std::string_view suffix = kube::quantity_suffix(field.node.text());
    std::string text = field.node.text();
    if (!is_bytes(field) || !quantity || quantity->is_zero() || quantity->is_negative() ||
        kube::quantity_suffix(text) == "m") {
      continue;
    }
    bool bare = suffix.empty() && quantity->is_whole() && *quantity < bare_below;
    bool memory_limit = field.use == Use::limit && field.resource == "memory";
    bool small = memory_limit && *quantity < doubtful;
    if (!bare && !small) {
      continue;
    }
    Hit hit = hit_at(field, *quantity);
    hit.variant = bare ? field.use == Use::request ? "request" : memory_limit ? "bare" : "storage" : "";
    if (field.use == Use::request || (small && !bare && !(*quantity < fatal))) {
      hit.severity = finding::Severity::warning;
    }
    if (bare) {
      replace(hit, field, hit.values[2].second + "Mi");
    }
    reporter.report(std::move(hit));
  }
}

// params: {cores: from which a number without a unit is doubtful, impossible: from which no machine has as many}
void check_cpu_unit(const Place& place, Reporter& reporter) {
  std::int64_t cores = place.params()["cores"].integer().value_or(64);
  std::int64_t impossible = place.params()["impossible"].integer().value_or(1000);
  for (const ResourceField& field : resource_fields(*place.pod)) {
    std::optional<kube::Quantity> quantity = kube::quantity_of(field.node);
    if (field.resource != "cpu" || !quantity || quantity->is_negative() || quantity->is_zero()) {
      continue;
    }
    std::string_view owner_list = field.use == Use::limit ? "requests" : "";
    document::Node resources =
        field.container != nullptr ? field.container->node["resources"] : place.pod->spec["resources"];
    // A limit beside a request of its own only caps; without one it becomes the request.
    bool decides = owner_list.empty() || !resources["requests"].has("cpu");
    std::string text = field.node.text();
    std::string_view suffix = kube::quantity_suffix(text);
    Hit hit = hit_at(field, *quantity);
    if (suffix.size() == 2 && suffix[1] == 'i') {
      hit.variant = "binary";
    } else if (suffix.empty() && *quantity >= kube::Quantity::from_units(cores) && quantity->is_whole()) {
      if (*quantity < kube::Quantity::from_units(impossible)) {
        hit.severity = finding::Severity::warning;
      }
      replace(hit, field, hit.values[2].second + "m");
    } else if (*quantity < kube::Quantity::from_milli(1)) {
      hit.variant = "tiny";
      hit.severity = finding::Severity::warning;
      decides = true;
    } else {
      continue;
    }
    if (!decides) {
      hit.severity = finding::Severity::warning;
    }
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
