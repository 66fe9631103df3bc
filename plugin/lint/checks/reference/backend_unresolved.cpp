// An Ingress or a route sends requests to a Service, or a port of it, that is not there.
#include "lint/checks/container/place.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/reference/checks.hpp"
#include "lint/checks/reference/resolver.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool has_port(const kube::Object& service, Node port) {
  for (Node item : service.root["spec"]["ports"].items()) {
    if (port.integer() && item["port"].integer() == port.integer())
      return true;
    if (port.is_string() && (item["name"].string() == port.string() || item["port"].text() == port.string()))
      return true;
  }
  return false;
}

std::string ports_of(const kube::Object& service) {
  std::string out;
  for (Node item : service.root["spec"]["ports"].items()) {
    if (!out.empty())
      out += ", ";
    out += item["port"].text();
    if (!item["name"].string().empty())
      out += " (" + std::string(item["name"].string()) + ")";
  }
  return out;
}

}  // namespace

void check_backend_unresolved(const Place& place, Reporter& reporter) {
  const Resolver resolver(place);
  const bool ingress = place.params()["of"].string() == "ingress";
  for (const BundleObject& object : place.bundle.objects()) {
    if (object.context || (object.object.kind == "Ingress") != ingress)
      continue;
    for (const kube::Reference& reference : object.references) {
      if (reference.use != kube::ReferenceUse::backend)
        continue;
      // The AWS controller reads such a backend from an annotation.
      if (reference.port.string() == "use-annotation")
        continue;
      const Resolver::Answer answer = resolver.resolve(reference, object);
      Hit hit;
      hit.object = &object;
      hit.values = {{"name", std::string(reference.name)}, {"namespace", object.namespace_}};
      if (answer.object != nullptr) {
        const kube::Object& service = answer.object->object;
        if (!reference.port || service.root["spec"]["type"].string() == "ExternalName" ||
            has_port(service, reference.port))
          continue;
        hit.at = reference.port;
        hit.variant = "port";
        hit.values.emplace_back("port", reference.port.text());
        hit.values.emplace_back("ports", ports_of(service));
        hit.related.push_back({service.root["spec"]["ports"], "ports", answer.object, hit.values});
        reporter.report(std::move(hit));
        continue;
      }
      if (!resolver.is_reportable(answer))
        continue;
      hit.at = reference.at;
      hit.variant = std::string(variant_of(answer));
      if (answer.candidate != nullptr) {
        hit.values.emplace_back("candidate", std::string(answer.candidate->object.name));
        hit.values.emplace_back("other_namespace", answer.candidate->namespace_);
        hit.related.push_back(
            {answer.candidate->object.root["metadata"]["name"], "candidate", answer.candidate, hit.values});
        if (hit.variant == "near" && !reference.at.shared())
          hit.changes.push_back({Hit::Change::Kind::replace_value,
                                 reference.at,
                                 {},
                                 scalar_like(reference.at, answer.candidate->object.name)});
      }
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
