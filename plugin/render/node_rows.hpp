// The table of nodes as it is shown.
#pragma once

#include <string>
#include <vector>

#include "finding/finding.hpp"

namespace podcheck::render {

// One node, or several that say the same.
struct NodeRow {
  std::vector<std::string> names;
  const finding::NodeVerdict* node;  // the first of them
};

// Two hundred rows help nobody: where there are many, nodes that say the same become one row, unless `all` are wanted.
std::vector<NodeRow> node_rows(const finding::Subject& subject, bool all);

// The resources that have a column, at most four.
std::vector<std::string> node_columns(const finding::Subject& subject);

// "500m / 2"; empty when the node has no number for the resource.
std::string node_cell(const finding::NodeVerdict& node, const std::string& resource);

}  // namespace podcheck::render
