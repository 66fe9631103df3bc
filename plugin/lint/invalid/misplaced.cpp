#include "lint/invalid/misplaced.hpp"

#include <algorithm>
#include <deque>

#include "catalogue/catalogue.hpp"

namespace podcheck::lint::invalid {

namespace {

using schema::Field;
using schema::Shape;
using schema::Type;
using schema::TypeId;

constexpr int steps_below = 3;
constexpr int steps_beside = 2;

// Names that so many types have that finding one elsewhere says nothing.
constexpr std::string_view everywhere[] = {"name",      "key",    "value", "type", "path",  "port", "host",
                                           "namespace", "values", "kind",  "uid",  "items", "mode", "resource"};

bool fits(const Type& type, Node node) {
  switch (type.shape) {
    case Shape::object:
    case Shape::map:
      return node.is_mapping();
    case Shape::list:
      return node.is_sequence();
    case Shape::boolean:
      return node.is_boolean();
    case Shape::int32:
    case Shape::int64:
    case Shape::number:
      return node.is_number();
    default:
      return node.is_scalar();
  }
}

// The nearest place below a type that has the field, as a path relative to it; empty when there is none.
std::string place_below(const schema::Types& types, TypeId start, const document::Member& member, int minor,
                        int steps) {
  struct Step {
    TypeId type;
    std::string path;
    int depth;
  };
  std::deque<Step> open{{start, "", 0}};
  std::vector<TypeId> seen{start};
  while (!open.empty()) {
    const Step step = std::move(open.front());
    open.pop_front();
    const Type& type = types.type(step.type);
    const Field* found = types.field(type, member.key, minor);
    if (found != nullptr && fits(types.type(found->type), member.value))
      return step.path + std::string(member.key);
    if (step.depth == steps)
      continue;
    for (const Field* field = types.begin(type); field != types.end(type); ++field) {
      if (!field->in(minor) || field->name == "status" || field->name == "managedFields" ||
          field->name == "ephemeralContainers" || field->name == "initContainers")
        continue;
      const bool list = types.type(field->type).shape == Shape::list;
      const TypeId below = list ? types.type(field->type).of : field->type;
      if (types.type(below).shape != Shape::object || std::find(seen.begin(), seen.end(), below) != seen.end())
        continue;
      seen.push_back(below);
      open.push_back({below, step.path + std::string(field->name) + (list ? "[]." : "."), step.depth + 1});
    }
  }
  return {};
}

std::string right_place(const Faults& faults, const schema::Types& types, const std::vector<Level>& levels,
                        const document::Member& member) {
  if (std::find(std::begin(everywhere), std::end(everywhere), member.key) != std::end(everywhere))
    return {};
  for (std::size_t i = levels.size(); i-- > 0;) {
    const bool here = i + 1 == levels.size();
    const std::string below =
        place_below(types, levels[i].type, member, faults.minor(), here ? steps_below : steps_beside);
    if (below.empty())
      continue;
    const std::string above = path_of(faults.root(), levels[i].node);
    return above.empty() ? below : above + "." + below;
  }
  return {};
}

}  // namespace

void unknown_field(Faults& faults, const schema::Types& types, const std::vector<Level>& levels,
                   const document::Member& member) {
  const Type& type = types.type(levels.back().type);
  const auto version = [](int minor) { return "1." + std::to_string(minor); };
  const Values name = {{"name", std::string(member.key)}};
  if (const Field* ever = types.field_ever(type, member.key); ever != nullptr) {
    const bool later = ever->since > faults.minor();
    faults.key("field-not-in-version", later ? "later" : "gone", member.value,
               {{"name", std::string(member.key)},
                {"version", version(faults.minor())},
                {"since", version(ever->since)},
                {"until", version(ever->until)}});
    return;
  }
  std::vector<std::string> names;
  for (const Field* field = types.begin(type); field != types.end(type); ++field)
    if (field->in(faults.minor()))
      names.emplace_back(field->name);
  if (const std::string near = catalogue::nearest(member.key, names); !near.empty()) {
    Hit& hit =
        faults.key("unknown-field", "suggest", member.value, {{"name", std::string(member.key)}, {"suggestion", near}});
    hit.changes.push_back({Hit::Change::Kind::replace_key, member.value, near, {}});
    return;
  }
  if (std::string place = right_place(faults, types, levels, member); !place.empty()) {
    faults.key("field-wrong-level", "", member.value, {{"name", std::string(member.key)}, {"place", std::move(place)}});
    return;
  }
  // Short lists help; long ones do not.
  std::string allowed;
  for (const std::string& known : names)
    allowed.append(allowed.empty() ? "" : ", ").append(known);
  const bool helpful = !names.empty() && names.size() <= 12;
  faults.key("unknown-field", helpful ? "known" : "", member.value,
             {{"name", std::string(member.key)}, {"allowed", std::move(allowed)}});
}

}  // namespace podcheck::lint::invalid
