#include "lint/invalid/checks.hpp"

#include <array>

#include "lint/inputs/kustomize.hpp"
#include "lint/invalid/verdict.hpp"
#include "lint/substitution.hpp"

namespace podcheck::lint {

namespace {

// kubectl never sees the object as it stands: a kustomization adds what it lacks, or Flux what a variable stands for.
bool is_completed(const Place& place, const invalid::Fault& fault) {
  if (is_substituted(place.bundle, fault.hit.at))
    return true;
  const BundleObject& object = *place.object;
  if (is_selected_by_kustomize(object) && (fault.rule == "selector-missing" || fault.rule == "selector-mismatch"))
    return true;
  return is_patched(object) && fault.rule == "volume-mount-unresolved";
}

void check_object(const Place& place, Reporter& reporter) {
  const invalid::Options options{place.settings.kubernetes_minor, place.bundle.custom_types()};
  for (auto& fault : invalid::judge_object(place.object->object.root, place.object->file->text.bytes(), options)) {
    if (is_completed(place, fault))
      continue;
    fault.hit.rule = fault.rule;
    reporter.report(std::move(fault.hit));
  }
}

constexpr std::array<Check, 1> checks = {{
    {"api-server", check_object, true},
}};

}  // namespace

std::span<const Check> invalid_checks() {
  return checks;
}

}  // namespace podcheck::lint
