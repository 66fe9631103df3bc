#include "lint/checks/table.hpp"

#include <algorithm>

#include "lint/checks/bundle/checks.hpp"
#include "lint/checks/command/checks.hpp"
#include "lint/checks/config/checks.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/image/checks.hpp"
#include "lint/checks/lifecycle/checks.hpp"
#include "lint/checks/probes/checks.hpp"
#include "lint/checks/reference/checks.hpp"
#include "lint/checks/resources/checks.hpp"
#include "lint/checks/scheduling/checks.hpp"
#include "lint/checks/security/checks.hpp"
#include "lint/invalid/checks.hpp"

namespace podcheck::lint {

const std::vector<Check>& all_checks() {
  static const std::vector<Check> table = [] {
    std::vector<Check> all;
    for (const auto family : {image_checks(), command_checks(), resources_checks(), probes_checks(), lifecycle_checks(),
                              security_checks(), bundle_checks(), config_checks(), reference_checks(),
                              scheduling_checks(), controller_checks(), invalid_checks()}) {
      all.insert(all.end(), family.begin(), family.end());
    }
    std::sort(all.begin(), all.end(), [](const Check& a, const Check& b) { return a.name < b.name; });
    return all;
  }();
  return table;
}

const Check* find_check(std::string_view name) {
  const auto& table = all_checks();
  const auto at = std::lower_bound(table.begin(), table.end(), name,
                                   [](const Check& check, std::string_view key) { return check.name < key; });
  return at != table.end() && at->name == name ? &*at : nullptr;
}

}  // namespace podcheck::lint
