#include "lint/checks/resources/fields.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

using Use = ResourceField::Use;

void add_lists(Node resources, const std::string& owner, const kube::Container* container,
               std::vector<ResourceField>& fields) {
  for (const document::Member& member : resources["requests"].members()) {
    fields.push_back({Use::request, member.value, member.key, owner, container});
  }
  for (const document::Member& member : resources["limits"].members()) {
    fields.push_back({Use::limit, member.value, member.key, owner, container});
  }
}

std::optional<kube::Quantity> from_limit_range(const Place& place, std::string_view resource, const char* first,
                                               const char* second) {
  for (const BundleObject* range : place.bundle.of_kind("LimitRange", place.object->namespace_)) {
    for (Node item : range->object.root["spec"]["limits"].items()) {
      if (item["type"].string() != "Container") {
        continue;
      }
      for (const char* field : {first, second}) {
        if (std::optional<kube::Quantity> quantity = kube::quantity_of(item[field][resource])) {
          return quantity;
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<ResourceField> resource_fields(const kube::PodTemplate& pod) {
  std::vector<ResourceField> fields;
  add_lists(pod.spec["resources"], "pod", nullptr, fields);
  for (const kube::Container& container : pod.containers) {
    add_lists(container.node["resources"], std::string(container.name), &container, fields);
  }
  for (Node volume : pod.spec["volumes"].items()) {
    Node size = volume["emptyDir"]["sizeLimit"];
    if (size && !size.is_null()) {
      fields.push_back({Use::volume, size, "emptyDir", std::string(volume["name"].string()), nullptr});
    }
  }
  return fields;
}

std::string field_name(const ResourceField& field) {
  switch (field.use) {
    case Use::request:
      return "requests." + std::string(field.resource);
    case Use::limit:
      return "limits." + std::string(field.resource);
    default:
      return "sizeLimit";
  }
}

// Without defaultRequest the server takes default, without default max.
std::optional<kube::Quantity> default_request(const Place& place, std::string_view resource) {
  std::optional<kube::Quantity> request = from_limit_range(place, resource, "defaultRequest", "default");
  return request ? request : from_limit_range(place, resource, "max", "max");
}

std::optional<kube::Quantity> default_limit(const Place& place, std::string_view resource) {
  return from_limit_range(place, resource, "default", "max");
}

}  // namespace podcheck::lint
