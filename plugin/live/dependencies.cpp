#include "live/dependencies.hpp"

namespace podcheck::live {

using document::Node;

std::vector<std::string> names_in(Patient& patient, std::string_view resource, std::string_view namespace_) {
  std::vector<std::string> names;
  for (Node object : patient.cluster.list(resource, namespace_).items) {
    names.emplace_back(name_of(object));
  }
  return names;
}

Presence presence(Patient& patient, std::string_view resource, std::string_view name) {
  if (patient.cluster.get(resource, patient.namespace_, name)) {
    return Presence::present;
  }
  return patient.cluster.knows(resource, patient.namespace_) ? Presence::absent : Presence::unknown;
}

std::string near_name(Patient& patient, std::string_view resource, std::string_view name) {
  std::vector<std::string> names = names_in(patient, resource, patient.namespace_);
  if (std::string near = catalogue::nearest(name, names); !near.empty()) {
    return near;
  }
  // One name with a part left out or added: notification-settings, notification-api-settings.
  auto parts = [](std::string_view text) {
    std::vector<std::string> out(1);
    for (char c : text) {
      if (c == '-' || c == '.' || c == '_') {
        out.emplace_back();
      } else {
        out.back() += c;
      }
    }
    return out;
  };
  std::string best;
  std::size_t most = 1;
  std::vector<std::string> wanted = parts(name);
  for (const std::string& candidate : names) {
    std::size_t shared = 0;
    std::vector<std::string> have = parts(candidate);
    for (const std::string& part : wanted) {
      for (const std::string& other : have) {
        shared += part == other && !part.empty() ? 1 : 0;
      }
    }
    if (shared > most) {
      most = shared;
      best = candidate;
    }
  }
  return best;
}

std::string hint_for(Patient& patient, std::string_view resource, std::string_view name) {
  if (std::string near = near_name(patient, resource, name); !near.empty()) {
    return " " + patient.catalogue.say("live.hint.near", {{"name", near}});
  }
  cluster::Query query;
  query.resource = resource;
  query.field_selector = "metadata.name=" + std::string(name);
  if (patient.cluster.knows(resource, "")) {
    for (Node object : patient.cluster.query(query).items) {
      if (name_of(object) == name && namespace_of(object) != patient.namespace_) {
        return " " + patient.catalogue.say("live.hint.elsewhere", {{"namespace", std::string(namespace_of(object))}});
      }
    }
  }
  return {};
}

finding::Evidence pod_field(Patient& patient, const std::string& path) {
  Node value = document::at_path(patient.pod, path);
  return field_evidence(patient.pod, path, brief(value));
}

}  // namespace podcheck::live
