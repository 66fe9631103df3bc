#include "lint/bundle.hpp"

#include <algorithm>

#include "kube/selector.hpp"

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

std::string label_key(std::string_view namespace_, std::string_view key, const std::string& value) {
  std::string text(namespace_);
  return text.append(1, '/').append(key).append(1, '=').append(value);
}

}  // namespace

BundleObject& Bundle::add(BundleObject object) {
  BundleObject& added = objects_.emplace_back(std::move(object));
  if (kube::is_cluster_scoped(added.object.kind)) {
    added.namespace_.clear();
  }
  by_kind_[std::string(added.object.kind)].push_back(&added);
  by_name_[key_of(added.object.kind, added.namespace_, added.object.name)] = &added;
  const document::Node selector = added.object.root["spec"]["selector"];
  if (added.object.kind == "Service" && added.object.group.empty() && selector.is_mapping() && !selector.empty()) {
    by_selector_[label_key(added.namespace_, selector[0].key(), selector[0].text())].push_back(&added);
  }
  return added;
}

Bundle::Index& Bundle::index_of(std::type_index type) const {
  const std::lock_guard lock(indexes_->mutex);
  return indexes_->by_type[type];
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

std::vector<const BundleObject*> Bundle::services_selecting(std::string_view namespace_, document::Node labels) const {
  std::vector<const BundleObject*> out;
  for (const document::Member& label : labels.members()) {
    const auto known = by_selector_.find(label_key(namespace_, label.key, label.value.text()));
    if (known == by_selector_.end()) {
      continue;
    }
    std::copy_if(known->second.begin(), known->second.end(), std::back_inserter(out), [&](const BundleObject* service) {
      return kube::service_matches(service->object.root["spec"]["selector"], labels);
    });
  }
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
