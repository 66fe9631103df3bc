#include <algorithm>

#include "render/node_rows.hpp"
#include "render/terminal_text.hpp"
#include "render/text.hpp"

namespace podcheck::render {

namespace {

constexpr int gap = 3;
constexpr int widest_name = 40;
constexpr int least_for_verdict = 24;

using Row = std::vector<std::string>;  // name, one cell a resource, verdict

std::vector<Row> rows_of(const finding::Subject& subject, const std::vector<std::string>& columns,
                         const TextContext& context) {
  std::vector<Row> table;
  for (const NodeRow& node : node_rows(subject, context.options.verbose)) {
    std::string name = node.names.front();
    if (node.names.size() > 1) {
      name += " " + context.say("render.nodes.and_more", {{"count", std::to_string(node.names.size() - 1)}});
    }
    Row row = {name};
    for (const auto& column : columns) {
      row.push_back(node_cell(*node.node, column));
    }
    row.push_back(node.node->fits ? context.say("render.nodes.fits") : node.node->detail);
    table.push_back(std::move(row));
  }
  return table;
}

// "500m / 2" and "16 / 16" under each other: what is free ends in the same column.
void align_amounts(std::vector<Row>& table) {
  for (std::size_t column = 1; !table.empty() && column + 1 < table.front().size(); ++column) {
    int widest = 0;
    for (const Row& row : table) {
      widest = std::max(widest, display_width(row[column].substr(0, row[column].find(" / "))));
    }
    for (Row& row : table) {
      std::size_t slash = row[column].find(" / ");
      if (slash != std::string::npos) {
        row[column] = pad_left(row[column].substr(0, slash), widest) + row[column].substr(slash);
      }
    }
  }
}

void write_table(std::string& out, const std::vector<Row>& table, const std::vector<int>& widths, int lead,
                 const TextContext& context) {
  for (std::size_t r = 0; r < table.size(); ++r) {
    std::string line = "  ";
    for (std::size_t i = 0; i + 1 < table[r].size(); ++i) {
      line += pad(i == 0 ? shorten(table[r][i], widths[i]) : table[r][i], widths[i] + gap);
    }
    for (const std::string& part : wrap(table[r].back(), context.options.width - lead)) {
      std::string full = line + part;
      full.resize(full.find_last_not_of(' ') + 1);
      out += (r == 0 ? context.palette.dim(full) : full) + "\n";
      line.assign(static_cast<std::size_t>(lead), ' ');
    }
  }
}

// For narrow terminals: a node's name, then a line for each number, then the verdict.
void write_stacked(std::string& out, const std::vector<Row>& table, const TextContext& context) {
  for (std::size_t r = 1; r < table.size(); ++r) {
    out += "  " + table[r].front() + "\n";
    for (std::size_t i = 1; i + 1 < table[r].size(); ++i) {
      out += table[r][i].empty() ? "" : "    " + context.palette.dim(table[0][i]) + "  " + table[r][i] + "\n";
    }
    for (const std::string& part : wrap(table[r].back(), context.options.width - 4)) {
      out += "    " + part + "\n";
    }
  }
}

}  // namespace

void write_nodes(std::string& out, const finding::Subject& subject, const TextContext& context) {
  std::vector<std::string> columns = node_columns(subject);
  std::vector<Row> table = rows_of(subject, columns, context);
  align_amounts(table);
  Row head = {context.say("render.nodes.node")};
  for (const auto& column : columns) {
    head.push_back(context.say("render.nodes.free_of", {{"resource", column}}));
  }
  head.push_back(context.say("render.nodes.verdict"));
  table.insert(table.begin(), std::move(head));
  std::vector<int> widths(table.front().size(), 0);
  for (const Row& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  widths[0] = std::min(widths[0], widest_name);
  int lead = 2;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    lead += widths[i] + gap;
  }
  if (lead + least_for_verdict > context.options.width) {
    write_stacked(out, table, context);
  } else {
    write_table(out, table, widths, lead, context);
  }
  for (const auto& note : subject.node_notes) {
    for (const std::string& part : wrap(note, context.options.width - 2)) {
      out += "  " + context.palette.dim(part) + "\n";
    }
  }
  out += "\n";
}

}  // namespace podcheck::render
