#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "render/escape.hpp"
#include "render/html_parts.hpp"
#include "render/node_rows.hpp"

namespace podcheck::render {

namespace {

// A quantity as text, "22.4Gi", to a number; 0 when there is none.
double amount(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 11> units = {{{"Ki", 1024.0},
                                                                          {"Mi", 1048576.0},
                                                                          {"Gi", 1073741824.0},
                                                                          {"Ti", 1099511627776.0},
                                                                          {"Pi", 1125899906842624.0},
                                                                          {"m", 1e-3},
                                                                          {"k", 1e3},
                                                                          {"M", 1e6},
                                                                          {"G", 1e9},
                                                                          {"T", 1e12},
                                                                          {"P", 1e15}}};
  double value = 0;
  const char* end = text.data() + text.size();
  const char* stop = std::from_chars(text.data(), end, value).ptr;
  std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  for (const auto& [name, factor] : units) {
    if (unit.starts_with(name)) {
      return value * factor;
    }
  }
  return value;
}

// What is free of what there is, as the cell says it: "500m / 2".
std::string bar(const std::string& cell) {
  std::size_t slash = cell.find(" / ");
  if (slash == std::string::npos) {
    return xml_escape(cell);
  }
  double all = amount(std::string_view(cell).substr(slash + 3));
  double free = amount(std::string_view(cell).substr(0, slash));
  double share = all > 0 ? std::clamp(free / all, 0.0, 1.0) : 0;
  std::string used = std::to_string(static_cast<int>(200 - 200 * share));
  return "<span class=\"amount\">" + xml_escape(cell) +
         "</span><svg class=\"bar\" viewBox=\"0 0 200 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" +
         xml_escape(cell) + "\"><rect class=\"free\" width=\"200\" height=\"10\"/><rect class=\"used\" width=\"" +
         used + "\" height=\"10\"/></svg>";
}

}  // namespace

std::string html_nodes(const finding::Subject& subject, const catalogue::Catalogue& catalogue) {
  if (subject.nodes.empty()) {
    return "";
  }
  std::vector<std::string> columns = node_columns(subject);
  std::string out =
      "<table class=\"nodes\">\n<thead><tr><th>" + xml_escape(catalogue.say("render.nodes.node")) + "</th>";
  for (const std::string& name : columns) {
    out += "<th>" + xml_escape(catalogue.say("render.nodes.free_of", {{"resource", name}})) + "</th>";
  }
  out += "<th>" + xml_escape(catalogue.say("render.nodes.verdict")) + "</th></tr></thead>\n<tbody>\n";
  for (const NodeRow& row : node_rows(subject, false)) {
    std::string name = row.names.front();
    if (row.names.size() > 1) {
      name += " " + catalogue.say("render.nodes.and_more", {{"count", std::to_string(row.names.size() - 1)}});
    }
    out += "<tr><td>" + xml_escape(name) + "</td>";
    for (const std::string& column : columns) {
      out += "<td data-name=\"" + xml_escape(column) + "\">" + bar(node_cell(*row.node, column)) + "</td>";
    }
    out += std::string("<td class=\"") + (row.node->fits ? "good" : "bad") + "\">" + (row.node->fits ? "✓ " : "✗ ") +
           xml_escape(row.node->fits ? catalogue.say("render.nodes.fits") : row.node->detail) + "</td></tr>\n";
  }
  out += "</tbody>\n</table>\n";
  if (!columns.empty()) {
    out += "<p class=\"legend\"><svg viewBox=\"0 0 10 10\"><rect class=\"free\" width=\"10\" height=\"10\"/></svg> " +
           xml_escape(catalogue.say("render.nodes.free")) +
           " <svg viewBox=\"0 0 10 10\"><rect class=\"used\" width=\"10\" height=\"10\"/></svg> " +
           xml_escape(catalogue.say("render.nodes.requested")) + "</p>\n";
  }
  for (const auto& note : subject.node_notes) {
    out += "<p class=\"dim\">" + xml_escape(note) + "</p>\n";
  }
  return out;
}

}  // namespace podcheck::render
