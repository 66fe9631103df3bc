#include "render/node_rows.hpp"

#include <algorithm>
#include <map>

namespace podcheck::render {

namespace {

constexpr std::size_t many_nodes = 12;

}  // namespace

std::vector<NodeRow> node_rows(const finding::Subject& subject, bool all) {
  std::vector<NodeRow> rows;
  std::map<std::string, std::size_t> seen;
  bool folds = subject.nodes.size() > many_nodes && !all;
  for (const auto& node : subject.nodes) {
    std::string key = node.fits ? "fits" : "";
    for (const auto& reason : node.reasons) {
      key += " " + reason;
    }
    auto [place, is_new] = seen.emplace(key, rows.size());
    if (!folds || is_new) {
      rows.push_back({{node.name}, &node});
    } else {
      rows[place->second].names.push_back(node.name);
    }
  }
  return rows;
}

std::vector<std::string> node_columns(const finding::Subject& subject) {
  constexpr std::size_t most = 4;
  std::vector<std::string> columns;
  for (const auto& node : subject.nodes) {
    for (const auto& [name, value] : node.resources) {
      if (columns.size() < most && std::find(columns.begin(), columns.end(), name) == columns.end()) {
        columns.push_back(name);
      }
    }
  }
  return columns;
}

std::string node_cell(const finding::NodeVerdict& node, const std::string& resource) {
  for (const auto& [name, value] : node.resources) {
    if (name == resource) {
      return value;
    }
  }
  return "";
}

}  // namespace podcheck::render
