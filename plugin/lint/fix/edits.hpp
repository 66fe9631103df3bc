// From the changes that a check proposes to bytes of the file.
#pragma once

#include <vector>

#include "finding/finding.hpp"
#include "lint/check.hpp"

namespace podcheck::lint {

// The byte edits for all changes of a hit; none when one of them cannot be made without touching something else
// (anchors, merge keys, unusual notation).
std::vector<finding::Edit> edits_of(const Hit& hit, const BundleObject& owner);

}  // namespace podcheck::lint
