#include "lint/engine/convert.hpp"

#include <algorithm>

#include "lint/fix/edits.hpp"

namespace podcheck::lint {

namespace {

using document::Node;
using document::Range;

constexpr std::size_t longest_source_line = 4096;

bool is_block(Node node) {
  return (node.is_mapping() || node.is_sequence()) && node.style() != document::Style::flow;
}

// Of a mapping that no key leads to: a list item or a whole object.
Range name_span(Node mapping) {
  for (Node name : {mapping["metadata"]["name"], mapping["name"], mapping["kind"]}) {
    if (name.is_scalar() && name.range().end > name.range().begin) {
      return name.range();
    }
  }
  for (const auto& member : mapping.members()) {
    return member.value.key_range();
  }
  return mapping.range();
}

bool is_empty(Range range) {
  return range.begin == range.end;
}

}  // namespace

Range span_of(Node node) {
  if (!is_block(node)) {
    return is_empty(node.range()) && !is_empty(node.key_range()) ? node.key_range() : node.range();
  }
  if (!is_empty(node.key_range())) {
    return node.key_range();
  }
  if (node.is_sequence()) {
    return node.empty() ? node.range() : span_of(node[0]);
  }
  return name_span(node);
}

Range span_of(const Hit& hit) {
  if (hit.on_key && !is_empty(hit.at.key_range())) {
    return hit.at.key_range();
  }
  if (!hit.absent.empty()) {
    if (!is_empty(hit.at.key_range())) {
      return hit.at.key_range();
    }
    if (hit.at.is_mapping()) {
      return name_span(hit.at);
    }
  }
  return span_of(hit.at);
}

finding::Location locate(const document::SourceText& text, Range range) {
  finding::Location location;
  location.file = text.name();
  const auto begin = text.position(range.begin);
  const auto end = text.position(std::max(range.begin, range.end));
  location.line = begin.line;
  location.column = begin.column;
  location.end_line = end.line;
  location.end_column = end.column;
  const std::string_view line = text.line(begin.line);
  if (line.size() <= longest_source_line) {
    location.source_line = line;
  }
  return location;
}

// A line of a Secret's data is not shown: reports end up in logs that more people read than the file.
void hide_secret(finding::Location& location, const kube::Object& object, Node at) {
  const std::string path = document::path_of(object.root, at);
  if (object.kind == "Secret" && (path.starts_with("data") || path.starts_with("stringData")))
    location.source_line.clear();
}

finding::Finding to_finding(const catalogue::Catalogue& catalogue, const catalogue::Rule& rule, const Hit& hit,
                            const BundleObject& owner) {
  finding::Finding out = catalogue.finding(rule.id, hit.values, hit.variant);
  out.severity = hit.severity.value_or(out.severity);
  const document::SourceText& text = owner.file->text;
  out.location = locate(text, span_of(hit));
  hide_secret(*out.location, owner.object, hit.at);
  out.path = document::path_of(owner.object.root, hit.at);
  if (!hit.absent.empty()) {
    out.path += (out.path.empty() ? "" : ".") + hit.absent;
  }
  if (!out.fixes.empty()) {
    finding::Fix& fix = out.fixes.front();
    fix.edits = edits_of(hit, owner);
    fix.safety = fix.edits.empty() ? finding::Safety::manual : hit.safety.value_or(fix.safety);
  }
  for (const auto& pointer : hit.related) {
    const BundleObject& other = pointer.object != nullptr ? *pointer.object : owner;
    finding::Related related;
    related.location = locate(other.file->text, span_of(pointer.at));
    hide_secret(related.location, other.object, pointer.at);
    related.message = catalogue.text(rule.id, "related." + pointer.label, pointer.values);
    out.related.push_back(std::move(related));
  }
  return out;
}

finding::Finding to_finding(const catalogue::Catalogue& catalogue, const document::Problem& problem,
                            const document::File& file) {
  finding::Finding out = catalogue.finding(problem.id, problem.values, problem.variant);
  out.location = locate(file.text, problem.range);
  if (!is_empty(problem.related)) {
    out.related.push_back(
        {locate(file.text, problem.related), catalogue.text(problem.id, "related.first", problem.values)});
  }
  return out;
}

}  // namespace podcheck::lint
