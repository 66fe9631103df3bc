#include "lint/invalid/checks.hpp"

#include <array>

#include "lint/invalid/verdict.hpp"

namespace podcheck::lint {

namespace {

void check_object(const Place& place, Reporter& reporter) {
  const invalid::Options options{place.settings.kubernetes_minor, place.bundle.custom_types()};
  for (auto& fault : invalid::judge_object(place.object->object.root, place.object->file->text.bytes(), options)) {
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
