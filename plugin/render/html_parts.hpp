// The drawings of the HTML page, as inline SVG that takes its colours from the page.
#pragma once

#include <string>

#include "catalogue/catalogue.hpp"
#include "finding/finding.hpp"

namespace podcheck::render {

// A pod's life: a strip with a mark for each moment at its time, and the moments as a list below.
std::string html_timeline(const finding::Subject& subject, const catalogue::Catalogue& catalogue);

// Each node as a row of bars: what is free of what there is.
std::string html_nodes(const finding::Subject& subject, const catalogue::Catalogue& catalogue);

}  // namespace podcheck::render
