// A binding whose role or whose ServiceAccount is not there: the pod starts and is then refused by the API server.
#include "lint/checks/pods.hpp"
#include "lint/checks/reference/checks.hpp"
#include "lint/checks/reference/resolver.hpp"

namespace podcheck::lint {

void check_rbac_binding_broken(const Place& place, Reporter& reporter) {
  const Resolver resolver(place);
  for (const BundleObject& object : place.bundle.objects()) {
    if (object.context || (object.object.kind != "RoleBinding" && object.object.kind != "ClusterRoleBinding"))
      continue;
    for (const kube::Reference& reference : object.references) {
      const Resolver::Answer answer = resolver.resolve(reference, object);
      if (!resolver.is_reportable(answer))
        continue;
      const bool subject = reference.use == kube::ReferenceUse::subject;
      Hit hit;
      hit.object = &object;
      hit.at = reference.at;
      hit.variant = std::string(subject ? "subject" : "role");
      if (answer.candidate != nullptr)
        hit.variant += "-" + std::string(variant_of(answer));
      hit.values = {
          {"kind", std::string(reference.kind)},
          {"name", std::string(reference.name)},
          {"namespace", reference.namespace_.empty() ? object.namespace_ : std::string(reference.namespace_)}};
      if (answer.candidate != nullptr) {
        hit.values.emplace_back("candidate", std::string(answer.candidate->object.name));
        hit.values.emplace_back("other_namespace", answer.candidate->namespace_);
        hit.related.push_back(
            {answer.candidate->object.root["metadata"]["name"], "candidate", answer.candidate, hit.values});
      }
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
