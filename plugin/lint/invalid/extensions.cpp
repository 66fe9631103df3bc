// What extends the API server: webhooks, custom resource definitions, aggregated APIs.
#include <algorithm>
#include <set>
#include <string>

#include "kube/names.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* webhook_rule = "webhook-invalid";
constexpr const char* crd_rule = "crd-invalid";
constexpr const char* api_service_rule = "api-service-invalid";

bool has(Node list, std::string_view word) {
  const auto items = list.items();
  return std::any_of(items.begin(), items.end(), [&](Node item) { return item.string() == word; });
}

// A list that has to be there with at least one element.
bool filled(Faults& faults, std::string_view rule, Node parent, std::string_view key) {
  const Node list = get(parent, key);
  if (!list)
    faults.missing(rule, parent, key);
  else if (list.is_sequence() && list.empty())
    faults.value(rule, "empty", list);
  return !list.empty();
}

void check_service(Faults& faults, std::string_view rule, Node service) {
  required(faults, rule, service, "namespace");
  required(faults, rule, service, "name");
  port_number(faults, rule, get(service, "port"));
  const Node path = get(service, "path");
  if (path.is_string() && !path.string().empty() && path.string()[0] != '/')
    faults.value(rule, "absolute-path", path);
}

void check_client(Faults& faults, Node webhook) {
  const Node client = get(webhook, "clientConfig");
  if (!client) {
    faults.missing(webhook_rule, webhook, "clientConfig", "one-of", {{"allowed", "service, url"}});
    return;
  }
  const Node service = get(client, "service");
  const Node url = get(client, "url");
  if (service && url)
    not_with(faults, webhook_rule, url, "service");
  else if (!service && !url)
    faults.value(webhook_rule, "one-of", client, {{"allowed", "service, url"}});
  if (service.is_mapping())
    check_service(faults, webhook_rule, service);
  if (url.is_string() && url.string().substr(0, 8) != "https://")
    faults.value(webhook_rule, "https", url);
}

void check_webhook_rules(Faults& faults, Node webhook) {
  for (const Node item : get(webhook, "rules").items()) {
    if (!is_struct(item))
      continue;
    for (const char* list : {"operations", "apiGroups", "apiVersions", "resources"}) {
      if (!filled(faults, webhook_rule, item, list) || list == std::string_view("resources"))
        continue;
      const Node values = get(item, list);
      if (values.size() > 1 && has(values, "*"))
        faults.value(webhook_rule, "star-alone", values);
    }
    for (const Node operation : get(item, "operations").items())
      choice(faults, webhook_rule, operation, {"CREATE", "UPDATE", "DELETE", "CONNECT", "*"}, true);
    choice(faults, webhook_rule, get(item, "scope"), {"Cluster", "Namespaced", "*"}, true);
  }
}

// At least three segments.
bool is_fully_qualified(std::string_view name) {
  return kube::is_dns1123_subdomain(name) && std::count(name.begin(), name.end(), '.') >= 2;
}

void check_webhooks(Faults& faults, Node object) {
  std::set<std::string_view> names;
  for (const Node webhook : get(object, "webhooks").items()) {
    if (!is_struct(webhook))
      continue;
    if (const Node name = required(faults, webhook_rule, webhook, "name"); name.is_string()) {
      if (!is_fully_qualified(name.string()))
        faults.value(webhook_rule, "fully-qualified", name);
      else if (!names.insert(name.string()).second)
        faults.value(webhook_rule, "duplicate", name);
    }
    if (filled(faults, webhook_rule, webhook, "admissionReviewVersions")) {
      const Node versions = get(webhook, "admissionReviewVersions");
      if (!has(versions, "v1") && !has(versions, "v1beta1"))
        faults.value(webhook_rule, "review-version", versions);
    }
    if (const Node effects = required(faults, webhook_rule, webhook, "sideEffects"))
      choice(faults, webhook_rule, effects, {"None", "NoneOnDryRun"});
    choice(faults, webhook_rule, get(webhook, "failurePolicy"), {"Ignore", "Fail"}, true);
    choice(faults, webhook_rule, get(webhook, "matchPolicy"), {"Exact", "Equivalent"}, true);
    choice(faults, webhook_rule, get(webhook, "reinvocationPolicy"), {"Never", "IfNeeded"}, true);
    between(faults, webhook_rule, get(webhook, "timeoutSeconds"), 1, 30);
    label_selector(faults, webhook_rule, get(webhook, "namespaceSelector"));
    label_selector(faults, webhook_rule, get(webhook, "objectSelector"));
    check_client(faults, webhook);
    check_webhook_rules(faults, webhook);
  }
}

void check_versions(Faults& faults, Node spec) {
  if (!filled(faults, crd_rule, spec, "versions"))
    return;
  std::set<std::string_view> names;
  std::size_t stored = 0;
  for (const Node version : get(spec, "versions").items()) {
    if (!is_struct(version))
      continue;
    if (const Node name = required(faults, crd_rule, version, "name"); name.is_string()) {
      if (!kube::is_dns1035_label(name.string()))
        faults.value(crd_rule, "dns-1035-label", name);
      else if (!names.insert(name.string()).second)
        faults.value(crd_rule, "duplicate", name);
    }
    for (const char* key : {"served", "storage"})
      if (!get(version, key))
        faults.missing(crd_rule, version, key);
    stored += is_true(get(version, "storage")) ? 1 : 0;
    const Node schema = get(get(version, "schema"), "openAPIV3Schema");
    if (!schema)
      faults.missing(crd_rule, version, "schema.openAPIV3Schema", "schema");
    else if (const Node type = get(schema, "type"); type.string() != "object" && (!type || type.is_string()))
      type ? faults.value(crd_rule, "root-type", type) : faults.missing(crd_rule, schema, "type", "root-type");
  }
  if (stored != 1)
    faults.value(crd_rule, "storage", get(spec, "versions"), {{"count", std::to_string(stored)}});
}

void check_crd_names(Faults& faults, Node object, Node spec) {
  const Node names = get(spec, "names");
  if (!names) {
    faults.missing(crd_rule, spec, "names");
    return;
  }
  for (const char* key : {"plural", "singular", "kind", "listKind"}) {
    const Node name = get(names, key);
    const bool needed = key == std::string_view("plural") || key == std::string_view("kind");
    if (needed && !required(faults, crd_rule, names, key))
      continue;
    std::string lower(name.string());
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const bool as_kind = key == std::string_view("kind") || key == std::string_view("listKind");
    if (!lower.empty() && !kube::is_dns1035_label(as_kind ? lower : std::string(name.string())))
      faults.value(crd_rule, "dns-1035-label", name);
  }
  const Node name = get(get(object, "metadata"), "name");
  const std::string expected =
      std::string(get(names, "plural").string()) + "." + std::string(get(spec, "group").string());
  if (name.is_string() && expected.size() > 1 && expected.front() != '.' && expected.back() != '.' &&
      name.string() != expected)
    faults.value(crd_rule, "name", name, {{"expected", expected}});
}

}  // namespace

void check_webhook_configuration(Faults& faults, Node object) {
  check_webhooks(faults, object);
}

void check_resource_definition(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  if (!spec.is_mapping())
    return;
  if (const Node group = required(faults, crd_rule, spec, "group");
      dns_subdomain(faults, crd_rule, group) && group.is_string() && group.string().find('.') == std::string_view::npos)
    faults.value(crd_rule, "group", group);
  if (const Node scope = required(faults, crd_rule, spec, "scope"))
    choice(faults, crd_rule, scope, {"Cluster", "Namespaced"});
  check_crd_names(faults, object, spec);
  check_versions(faults, spec);
}

void check_api_service(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  if (!spec.is_mapping())
    return;
  const Node group = get(spec, "group");
  const Node version = required(faults, api_service_rule, spec, "version");
  const Node name = get(get(object, "metadata"), "name");
  const std::string expected = std::string(version.string()) + "." + std::string(group.string());
  if (name.is_string() && version.is_string() && name.string() != expected)
    faults.value(api_service_rule, "name", name, {{"expected", expected}});
  for (const auto& [key, most] : {std::pair("groupPriorityMinimum", 20000), std::pair("versionPriority", 1000)}) {
    if (const Node number = get(spec, key))
      between(faults, api_service_rule, number, 1, most);
    else
      faults.missing(api_service_rule, spec, key);
  }
  const Node service = get(spec, "service");
  if (service.is_mapping())
    check_service(faults, api_service_rule, service);
  if (is_true(get(spec, "insecureSkipTLSVerify")) && !string_or(get(spec, "caBundle"), "").empty())
    not_with(faults, api_service_rule, get(spec, "caBundle"), "insecureSkipTLSVerify: true");
  if (!service && is_true(get(spec, "insecureSkipTLSVerify")))
    only_with(faults, api_service_rule, get(spec, "insecureSkipTLSVerify"), "service");
}

}  // namespace podcheck::lint::invalid
