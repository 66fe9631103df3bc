// A key that the named ConfigMap or Secret of the input does not have.
#include <algorithm>

#include "lint/checks/container/place.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/reference/checks.hpp"
#include "lint/checks/reference/resolver.hpp"

namespace podcheck::lint {
namespace {

// Filled in by somebody else after it has been applied: without any data, or a token that the cluster issues.
bool is_filled_later(const kube::Object& object) {
  if (object.root["type"].string() == "kubernetes.io/service-account-token")
    return true;
  for (const document::Member& annotation : object.root["metadata"]["annotations"].members())
    if (annotation.key.starts_with("cert-manager.io/") || annotation.key.starts_with("vault.") ||
        annotation.key.starts_with("secret-generator") || annotation.key.starts_with("service.beta.openshift.io/"))
      return true;
  return kube::data_keys(object).empty();
}

std::string listed(const std::vector<std::string_view>& keys) {
  constexpr std::size_t most = 8;
  std::string out;
  for (std::size_t i = 0; i < keys.size() && i < most; ++i) {
    if (i > 0)
      out += ", ";
    out += keys[i];
  }
  return keys.size() > most ? out + ", …" : out;
}

}  // namespace

void check_config_key_unresolved(const Place& place, Reporter& reporter) {
  const Resolver resolver(place);
  for (const BundleObject& object : place.bundle.objects()) {
    if (object.context)
      continue;
    for (const kube::Reference& reference : object.references) {
      if (reference.key.empty() || reference.optional)
        continue;
      if (reference.kind != "ConfigMap" && reference.kind != "Secret")
        continue;
      const Resolver::Answer answer = resolver.resolve(reference, object);
      if (answer.object == nullptr || is_filled_later(answer.object->object))
        continue;
      const std::vector<std::string_view> keys = kube::data_keys(answer.object->object);
      if (std::find(keys.begin(), keys.end(), reference.key) != keys.end())
        continue;
      Hit hit;
      hit.object = &object;
      hit.at = reference.key_at;
      hit.values = {{"kind", std::string(reference.kind)},
                    {"name", std::string(reference.name)},
                    {"key", std::string(reference.key)},
                    {"keys", listed(keys)}};
      const std::string near = catalogue::nearest(reference.key, {keys.begin(), keys.end()});
      if (!near.empty()) {
        hit.variant = "near";
        hit.values.emplace_back("candidate", near);
        if (!reference.key_at.shared())
          hit.changes.push_back(
              {Hit::Change::Kind::replace_value, reference.key_at, {}, scalar_like(reference.key_at, near)});
      }
      const document::Node data =
          answer.object->object.root[answer.object->object.root["data"] ? "data" : "stringData"];
      hit.related.push_back(
          {data ? data : answer.object->object.root["metadata"]["name"], "object", answer.object, hit.values});
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
