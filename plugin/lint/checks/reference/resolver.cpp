#include "lint/checks/reference/resolver.hpp"

#include <algorithm>

namespace podcheck::lint {

ReferenceIndex::ReferenceIndex(const Bundle& bundle) {
  for (const BundleObject& object : bundle.objects())
    for (const kube::Definition& definition : kube::definitions(object.object)) {
      Kind& kind = kinds_[definition.kind];
      if (definition.prefix)
        kind.prefixes.push_back({definition, &object});
      else
        kind.by_name[definition.name].push_back({definition, &object});
    }
  find_used(bundle);
}

const ReferenceIndex::Kind* ReferenceIndex::kind(std::string_view name) const {
  const auto found = kinds_.find(name);
  return found == kinds_.end() ? nullptr : &found->second;
}

void ReferenceIndex::find_used(const Bundle& bundle) {
  for (const BundleObject& object : bundle.objects())
    for (const kube::Reference& reference : object.references) {
      // A binding of rights is no use of a ServiceAccount.
      if (reference.use == kube::ReferenceUse::subject)
        continue;
      const auto kind = kinds_.find(reference.kind);
      if (kind == kinds_.end())
        continue;
      const auto entries = kind->second.by_name.find(reference.name);
      if (entries == kind->second.by_name.end())
        continue;
      for (const Entry& entry : entries->second)
        used_.insert(entry.object);
    }
}

Resolver::Answer Resolver::resolve(const kube::Reference& reference, const BundleObject& from) const {
  return resolve(reference.kind, reference.namespace_, reference.name, from);
}

Resolver::Answer Resolver::resolve(std::string_view kind_name, std::string_view named_namespace, std::string_view name,
                                   const BundleObject& from) const {
  using State = Answer::State;
  const bool cluster_scoped = kube::is_cluster_scoped(kind_name);
  const std::string_view wanted = named_namespace.empty() ? std::string_view(from.namespace_) : named_namespace;
  // An object without a namespace goes wherever kubectl's -n says, so nothing speaks against its being here.
  const bool anywhere = named_namespace.empty() && from.object.namespace_.empty();
  const auto reaches = [&](const Entry& entry) {
    if (cluster_scoped || anywhere || entry.definition.every_namespace || entry.object->object.namespace_.empty())
      return true;
    const std::string_view there =
        entry.definition.namespace_.empty() ? std::string_view(entry.object->namespace_) : entry.definition.namespace_;
    return there == wanted;
  };
  const auto known = [&] {
    return kube::exists_in_every_cluster(kind_name, name) || place_.settings.is_known_external(kind_name, name);
  };

  const Kind* kind = index_.kind(kind_name);
  if (kind == nullptr)
    return {known() ? State::known : State::absent, nullptr, nullptr};
  const BundleObject* elsewhere = nullptr;
  bool derived = false;
  if (const auto entries = kind->by_name.find(name); entries != kind->by_name.end())
    for (const Entry& entry : entries->second) {
      if (!reaches(entry)) {
        if (!entry.definition.derived)
          elsewhere = entry.object;
        continue;
      }
      if (!entry.definition.derived)
        return {State::found, entry.object, nullptr};
      derived = true;
    }
  if (derived)
    return {State::found, nullptr, nullptr};
  if (known())
    return {State::known, nullptr, nullptr};
  for (const Entry& entry : kind->prefixes)
    if (name.starts_with(entry.definition.name) && reaches(entry))
      return {State::known, nullptr, nullptr};
  for (auto next = kind->by_name.lower_bound(name); next != kind->by_name.end() && next->first.starts_with(name);
       ++next)
    if (kube::is_hashed_name(next->first, name))
      return {State::known, nullptr, nullptr};
  if (elsewhere != nullptr)
    return {State::elsewhere, nullptr, elsewhere};
  if (const BundleObject* candidate = near(*kind, cluster_scoped || anywhere, wanted, name))
    return {State::near, nullptr, candidate};
  return {State::absent, nullptr, nullptr};
}

const BundleObject* Resolver::near(const Kind& kind, bool any_namespace, std::string_view namespace_,
                                   std::string_view name) const {
  const BundleObject* related = nullptr;
  int related_count = 0;
  for (const auto& [other, entries] : kind.by_name) {
    const bool near = kube::is_near_miss(name, other);
    if (!near && !kube::is_related_name(name, other))
      continue;
    for (const Entry& entry : entries) {
      if (entry.definition.derived || (!any_namespace && entry.object->namespace_ != namespace_))
        continue;
      if (near)
        return entry.object;
      if (index_.is_used(entry.object))
        continue;
      related = entry.object;
      ++related_count;
    }
  }
  return related_count == 1 ? related : nullptr;
}

bool Resolver::is_reportable(const Answer& answer) const {
  using State = Answer::State;
  if (answer.state == State::found || answer.state == State::known)
    return false;
  return closed() || answer.state != State::absent;
}

std::string_view variant_of(const Resolver::Answer& answer) {
  switch (answer.state) {
    case Resolver::Answer::State::near:
      return "near";
    case Resolver::Answer::State::elsewhere:
      return "elsewhere";
    default:
      return {};
  }
}

}  // namespace podcheck::lint
