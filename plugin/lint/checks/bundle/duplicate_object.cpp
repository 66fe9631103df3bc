#include <map>
#include <tuple>

#include "lint/checks/bundle/checks.hpp"

namespace podcheck::lint {

// Two documents that are one object in the cluster but say different things. Environments of one application lie in
// different folders with the same names, so files are only compared with themselves, unless the input is known to be
// applied as a whole.
void duplicate_object(const Place& place, Reporter& reporter) {
  using Key = std::tuple<const document::File*, std::string_view, std::string_view, std::string_view, std::string_view>;
  std::map<Key, const BundleObject*> seen;
  for (const auto& object : place.bundle.objects()) {
    const document::Node name = object.object.root["metadata"]["name"];
    if (!name.is_string() || name.string().empty()) {
      continue;  // generateName makes a new object each time
    }
    const document::File* file = place.settings.closed_bundle ? nullptr : object.file;
    const Key key{file, object.object.group, object.object.kind, object.namespace_, object.object.name};
    const auto [first, added] = seen.emplace(key, &object);
    if (added || document::equal(first->second->object.root, object.object.root)) {
      continue;
    }
    Hit hit;
    hit.at = name;
    hit.object = &object;
    hit.values = {{"kind", std::string(object.object.kind)}, {"name", std::string(object.object.name)}};
    hit.related.push_back({first->second->object.root["metadata"]["name"], "first", first->second});
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
