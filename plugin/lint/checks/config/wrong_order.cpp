// Objects before the Namespace or the CustomResourceDefinition that they need, in one stream.
#include <map>

#include "lint/checks/config/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {

using document::Node;

void check_wrong_order(const Place& place, Reporter& reporter) {
  // kubectl applies the documents of a file in order; where a definition stands in another file is not known here.
  std::map<const document::File*, std::map<std::string, const BundleObject*>> later;
  const auto& objects = place.bundle.objects();
  for (auto object = objects.rbegin(); object != objects.rend(); ++object) {
    auto& needed = later[object->file];
    const kube::Object& o = object->object;
    const auto report = [&](Node at, const std::string& key, const char* variant) {
      const auto found = needed.find(key);
      if (found == needed.end() || object->context)
        return;
      Hit hit;
      hit.object = &*object;
      hit.at = at;
      hit.variant = variant;
      hit.values = {{"kind", std::string(o.kind)},
                    {"name", std::string(o.name)},
                    {"needs", std::string(found->second->object.name)}};
      hit.related.push_back({found->second->object.root["metadata"]["name"], "definition", found->second, hit.values});
      reporter.report(std::move(hit));
    };
    if (!o.namespace_.empty())
      report(o.root["metadata"]["namespace"], "Namespace/" + std::string(o.namespace_), "namespace");
    report(o.root["kind"], "Kind/" + std::string(o.group) + "/" + std::string(o.kind), "definition");
    if (o.kind == "Namespace")
      needed["Namespace/" + std::string(o.name)] = &*object;
    if (o.kind == "CustomResourceDefinition")
      needed["Kind/" + std::string(o.root["spec"]["group"].string()) + "/" +
             std::string(o.root["spec"]["names"]["kind"].string())] = &*object;
  }
}

}  // namespace podcheck::lint
