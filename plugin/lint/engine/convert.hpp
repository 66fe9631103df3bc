// From a check's hit, or a problem of the text, to a finding with its exact place.
#pragma once

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "finding/finding.hpp"
#include "lint/check.hpp"

namespace podcheck::lint {

// What is underlined. A key when `on_key`; for an absent field or a block of several lines the key of the mapping, or
// what names it: an item's `name`, an object's metadata.name or kind.
document::Range span_of(const Hit& hit);
document::Range span_of(document::Node node);

// A range of `text` as lines and columns. Of a very long line the text is left out.
finding::Location locate(const document::SourceText& text, document::Range range);

// `owner` is the object the hit belongs to.
finding::Finding to_finding(const catalogue::Catalogue& catalogue, const catalogue::Rule& rule, const Hit& hit,
                            const BundleObject& owner);

finding::Finding to_finding(const catalogue::Catalogue& catalogue, const document::Problem& problem,
                            const document::File& file);

}  // namespace podcheck::lint
