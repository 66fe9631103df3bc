// Fields that are written without a value: null, which erases what a base or a default would have given.
#include "lint/checks/config/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

void walk(Node node, Reporter& reporter, int depth) {
  constexpr int deepest = 100;
  if (depth > deepest)
    return;
  for (const document::Member& member : node.members()) {
    if (member.value.is_null()) {
      Hit hit;
      hit.at = member.value;
      hit.on_key = true;
      hit.values = {{"field", std::string(member.key)}};
      reporter.report(std::move(hit));
    } else {
      walk(member.value, reporter, depth + 1);
    }
  }
  std::size_t index = 0;
  for (Node item : node.items()) {
    if (item.is_null()) {
      Hit hit;
      hit.at = item;
      hit.variant = "item";
      hit.values = {{"field", std::string(node.key())}, {"index", std::to_string(index)}};
      reporter.report(std::move(hit));
    } else {
      walk(item, reporter, depth + 1);
    }
    ++index;
  }
}

}  // namespace

void check_null_map_entry(const Place& place, Reporter& reporter) {
  walk(place.object->object.root["spec"], reporter, 0);
}

}  // namespace podcheck::lint
