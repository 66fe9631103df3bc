#pragma once

#include <optional>

#include "catalogue/catalogue.hpp"
#include "lint/engine/selection.hpp"
#include "lint/suppress/suppressions.hpp"

namespace podcheck::lint {

constexpr const char* unused_suppression_rule = "unused-suppression";

// A finding about a suppression that has expired or names rules that found nothing, with the edit that removes it.
// Names of rules that did not run are not judged.
std::optional<finding::Finding> unused_finding(const catalogue::Catalogue& catalogue, const Suppression& suppression,
                                               const RuleSet& rules);

}  // namespace podcheck::lint
