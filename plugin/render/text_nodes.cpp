#include <algorithm>
#include <map>

#include "render/terminal_text.hpp"
#include "render/text.hpp"

namespace podcheck::render {

namespace {

struct Row {
  std::vector<std::string> names;
  const finding::NodeVerdict* node;
};

// Two hundred rows help nobody: where there are many, nodes that say the same become one row.
std::vector<Row> fold(const finding::Subject& subject, bool verbose) {
  std::vector<Row> rows;
  std::map<std::string, std::size_t> seen;
  bool many = subject.nodes.size() > 12 && !verbose;
  for (const auto& node : subject.nodes) {
    std::string key = node.fits ? "fits" : "";
    for (const auto& reason : node.reasons) {
      key += " " + reason;
    }
    auto [place, is_new] = seen.emplace(key, rows.size());
    if (!many || is_new) {
      rows.push_back({{node.name}, &node});
    } else {
      rows[place->second].names.push_back(node.name);
    }
  }
  return rows;
}

std::string cell(const finding::NodeVerdict& node, const std::string& resource) {
  for (const auto& [name, value] : node.resources) {
    if (name == resource) {
      return value;
    }
  }
  return "";
}

}  // namespace

void write_nodes(std::string& out, const finding::Subject& subject, const TextContext& context) {
  auto rows = fold(subject, context.options.verbose);
  std::vector<std::string> columns;
  for (const auto& node : subject.nodes) {
    for (const auto& [name, value] : node.resources) {
      if (std::find(columns.begin(), columns.end(), name) == columns.end() && columns.size() < 4) {
        columns.push_back(name);
      }
    }
  }
  std::vector<std::vector<std::string>> table;
  std::vector<std::string> head = {context.say("render.nodes.node")};
  for (const auto& column : columns) {
    head.push_back(context.say("render.nodes.free_of", {{"resource", column}}));
  }
  head.push_back(context.say("render.nodes.verdict"));
  table.push_back(head);
  for (const Row& row : rows) {
    std::string name = row.names.front();
    if (row.names.size() > 1) {
      name += " " + context.say("render.nodes.and_more", {{"count", std::to_string(row.names.size() - 1)}});
    }
    std::vector<std::string> line = {name};
    for (const auto& column : columns) {
      line.push_back(cell(*row.node, column));
    }
    line.push_back(row.node->fits ? context.say("render.nodes.fits") : row.node->detail);
    table.push_back(line);
  }
  std::vector<int> widths(table[0].size(), 0);
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(line[i]));
    }
  }
  widths[0] = std::min(widths[0], 40);
  int lead = 2;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    lead += widths[i] + 3;
  }
  for (std::size_t r = 0; r < table.size(); ++r) {
    std::string line = "  ";
    for (std::size_t i = 0; i + 1 < table[r].size(); ++i) {
      line += pad(i == 0 ? shorten(table[r][i], widths[i]) : table[r][i], widths[i] + 3);
    }
    bool first = true;
    for (const std::string& part : wrap(table[r].back(), std::max(30, context.options.width - lead))) {
      std::string full = (first ? line : std::string(static_cast<std::size_t>(lead), ' ')) + part;
      out += (r == 0 ? context.palette.dim(full) : full) + "\n";
      first = false;
    }
  }
  for (const auto& note : subject.node_notes) {
    out += "  " + context.palette.dim(note) + "\n";
  }
  out += "\n";
}

}  // namespace podcheck::render
