#include "lint/bundle.hpp"

#include <algorithm>

#include "kube/references.hpp"

namespace podcheck::lint {

namespace {

std::string key_of(std::string_view kind, std::string_view namespace_, std::string_view name) {
  std::string key;
  key.reserve(kind.size() + namespace_.size() + name.size() + 2);
  key.append(kind).append(1, '/');
  if (!kube::is_cluster_scoped(kind)) {
    key.append(namespace_);
  }
  return key.append(1, '/').append(name);
}

}  // namespace

BundleObject& Bundle::add(BundleObject object) {
  BundleObject& added = objects_.emplace_back(std::move(object));
  if (kube::is_cluster_scoped(added.object.kind)) {
    added.namespace_.clear();
  }
  by_kind_[std::string(added.object.kind)].push_back(&added);
  by_name_[key_of(added.object.kind, added.namespace_, added.object.name)] = &added;
  return added;
}

std::vector<const BundleObject*> Bundle::of_kind(std::string_view kind, std::string_view namespace_) const {
  const auto known = by_kind_.find(kind);
  if (known == by_kind_.end()) {
    return {};
  }
  if (namespace_.empty() || kube::is_cluster_scoped(kind)) {
    return known->second;
  }
  std::vector<const BundleObject*> out;
  std::copy_if(known->second.begin(), known->second.end(), std::back_inserter(out),
               [&](const BundleObject* object) { return object->namespace_ == namespace_; });
  return out;
}

const BundleObject* Bundle::find(std::string_view kind, std::string_view namespace_, std::string_view name) const {
  const auto known = by_name_.find(key_of(kind, namespace_, name));
  return known == by_name_.end() ? nullptr : known->second;
}

std::vector<std::string> Bundle::names_of(std::string_view kind, std::string_view namespace_) const {
  std::vector<std::string> out;
  for (const BundleObject* object : of_kind(kind, namespace_)) {
    out.emplace_back(object->object.name);
  }
  return out;
}

}  // namespace podcheck::lint
