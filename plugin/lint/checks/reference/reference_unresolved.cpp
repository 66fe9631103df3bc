// A field names an object that is not there. The card says which kinds and which uses.
#include <algorithm>
#include <array>

#include "lint/checks/container/place.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/reference/checks.hpp"
#include "lint/checks/reference/resolver.hpp"

namespace podcheck::lint {
namespace {

using document::Node;
using kube::ReferenceUse;

std::string_view name_of(ReferenceUse use) {
  switch (use) {
    case ReferenceUse::env:
      return "env";
    case ReferenceUse::env_from:
      return "envFrom";
    case ReferenceUse::volume:
      return "volume";
    case ReferenceUse::projected:
      return "projected";
    case ReferenceUse::mount_secret:
      return "mountSecret";
    case ReferenceUse::claim:
      return "claim";
    case ReferenceUse::pull_secret:
      return "pullSecret";
    case ReferenceUse::pod_field:
      return "podField";
    case ReferenceUse::storage_class:
      return "storageClass";
    case ReferenceUse::governing_service:
      return "governingService";
    case ReferenceUse::backend:
      return "backend";
    case ReferenceUse::tls:
      return "tls";
    case ReferenceUse::scale_target:
      return "scaleTarget";
    case ReferenceUse::role:
      return "role";
    case ReferenceUse::subject:
      return "subject";
    case ReferenceUse::webhook:
      return "webhook";
    case ReferenceUse::other:
      return "other";
  }
  return {};
}

bool contains(Node list, std::string_view text) {
  for (Node item : list.items())
    if (item.string() == text)
      return true;
  return false;
}

// The object of another scalable kind that has the name.
const BundleObject* of_other_kind(const Bundle& bundle, const BundleObject& from, const kube::Reference& reference) {
  for (const char* kind : {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Rollout"})
    if (reference.kind != kind)
      if (const BundleObject* other = bundle.find(kind, from.namespace_, reference.name))
        return other;
  return nullptr;
}

Hit hit_for(const Place& place, const BundleObject& object, const kube::Reference& reference,
            const Resolver::Answer& answer) {
  Hit hit;
  hit.object = &object;
  hit.at = reference.at;
  hit.variant = std::string(variant_of(answer));
  hit.values = {{"kind", std::string(reference.kind)},
                {"name", std::string(reference.name)},
                {"namespace", reference.namespace_.empty() ? object.namespace_ : std::string(reference.namespace_)}};
  if (place.settings.closed_bundle && place.rule.severity == finding::Severity::warning &&
      place.params()["closed"].string() == "error")
    hit.severity = finding::Severity::error;
  if (answer.candidate == nullptr)
    return hit;
  hit.values.emplace_back("candidate", std::string(answer.candidate->object.name));
  hit.values.emplace_back("other_namespace", answer.candidate->namespace_);
  hit.related.push_back({answer.candidate->object.root["metadata"]["name"], "candidate", answer.candidate, hit.values});
  if (hit.variant == "near" && !reference.at.shared())
    hit.changes.push_back(
        {Hit::Change::Kind::replace_value, reference.at, {}, scalar_like(reference.at, answer.candidate->object.name)});
  return hit;
}

}  // namespace

void check_reference_unresolved(const Place& place, Reporter& reporter) {
  const Node kinds = place.params()["kinds"];
  const Node uses = place.params()["uses"];
  const Resolver resolver(place);
  for (const BundleObject& object : place.bundle.objects()) {
    if (object.context)
      continue;
    std::vector<Hit> hits;  // one for each absent object; further places of the same name are related
    for (const kube::Reference& reference : object.references) {
      if (reference.optional || (kinds && !contains(kinds, reference.kind)) || !contains(uses, name_of(reference.use)))
        continue;
      const Resolver::Answer answer = resolver.resolve(reference, object);
      if (answer.state == Resolver::Answer::State::found || answer.state == Resolver::Answer::State::known)
        continue;
      const auto same = std::find_if(hits.begin(), hits.end(), [&](const Hit& hit) {
        return hit.at.string() == reference.name && hit.values.front().second == reference.kind;
      });
      if (same != hits.end()) {
        if (!(same->at == reference.at))
          same->related.push_back({reference.at, "also", &object, same->values});
        continue;
      }
      if (reference.use == ReferenceUse::scale_target)
        if (const BundleObject* other = of_other_kind(place.bundle, object, reference)) {
          Hit hit = hit_for(place, object, reference, {});
          hit.at = object.object.root["spec"]["scaleTargetRef"]["kind"];
          hit.variant = "kind";
          hit.values.emplace_back("other_kind", std::string(other->object.kind));
          hit.related.push_back({other->object.root["metadata"]["name"],
                                 "candidate",
                                 other,
                                 {{"candidate", title(*other)}, {"other_namespace", other->namespace_}}});
          hits.push_back(std::move(hit));
          continue;
        }
      if (resolver.is_reportable(answer))
        hits.push_back(hit_for(place, object, reference, answer));
    }
    for (Hit& hit : hits)
      reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
