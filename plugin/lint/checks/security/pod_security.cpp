// The Pod Security level that a Namespace of the input enforces, against the pods made in it.
#include "kube/pod_security.hpp"

#include "lint/checks/pods.hpp"
#include "lint/checks/security/checks.hpp"

namespace podcheck::lint {
namespace {

using Change = Hit::Change;

// The fixes that cannot stop the container from starting: only fields beside existing ones.
void add_changes(Hit& hit, const kube::PodSecurityViolation& violation, const kube::PodTemplate& pod) {
  for (const kube::PodSecurityField& field : violation.fields) {
    if (field.at.shared())
      continue;
    if (violation.id == "allowPrivilegeEscalation") {
      const document::Node context = field.at["securityContext"];
      if (field.absent.empty())
        hit.changes.push_back({Change::Kind::replace_value, field.at, {}, "false"});
      else if (context.is_mapping())
        hit.changes.push_back({Change::Kind::insert_member, context, "allowPrivilegeEscalation", "false"});
      else
        hit.changes.push_back(
            {Change::Kind::insert_member, field.at, "securityContext", "{allowPrivilegeEscalation: false}"});
    } else if (violation.id == "seccompProfile_restricted" && !field.absent.empty()) {
      const document::Node context = pod.spec["securityContext"];
      if (context.shared() || pod.spec.shared())
        continue;
      if (context.is_mapping())
        hit.changes.push_back({Change::Kind::insert_member, context, "seccompProfile", "{type: RuntimeDefault}"});
      else
        hit.changes.push_back(
            {Change::Kind::insert_member, pod.spec, "securityContext", "{seccompProfile: {type: RuntimeDefault}}"});
      return;  // one entry for the whole pod
    }
  }
}

}  // namespace

void check_psa_would_reject(const Place& place, Reporter& reporter) {
  for (const BundleObject& object : place.bundle.objects()) {
    if (object.context || object.pods.empty())
      continue;
    const BundleObject* home = place.bundle.find("Namespace", {}, object.namespace_);
    if (home == nullptr)
      continue;
    const document::Node labels = home->object.root["metadata"]["labels"];
    const kube::PodSecurityPolicy policy = kube::enforced_policy(labels);
    for (const kube::PodTemplate& pod : object.pods)
      for (const kube::PodSecurityViolation& violation : kube::pod_security_violations(pod, policy)) {
        const kube::PodSecurityField& first = violation.fields.front();
        Hit hit;
        hit.object = &object;
        hit.at = first.at;
        hit.absent = first.absent;
        hit.values = {{"namespace", object.namespace_},
                      {"policy", policy.name()},
                      {"reason", violation.reason},
                      {"detail", violation.detail},
                      {"workload", title(object)}};
        if (object.object.kind == "Pod")
          hit.variant = "pod";
        hit.related.push_back({labels["pod-security.kubernetes.io/enforce"], "label", home, hit.values});
        for (std::size_t i = 1; i < violation.fields.size(); ++i)
          hit.related.push_back({violation.fields[i].at, "also", &object, hit.values});
        add_changes(hit, violation, pod);
        reporter.report(std::move(hit));
      }
  }
}

}  // namespace podcheck::lint
