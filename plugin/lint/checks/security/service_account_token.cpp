// No API token in the pod of a program that talks to the API server.
#include "kube/image.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/security/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

// The flag that switches the token off; the pod's own field wins over its ServiceAccount's.
Node switched_off(const Place& place) {
  const Node own = place.pod->spec["automountServiceAccountToken"];
  if (own.is_boolean())
    return own.boolean() == false ? own : Node();
  const Node account = place.pod->spec["serviceAccountName"];
  const BundleObject* found = place.bundle.find("ServiceAccount", place.object->namespace_, account.string("default"));
  if (found == nullptr || found->object.root["automountServiceAccountToken"].boolean() != false)
    return {};
  return account ? account : Node();
}

bool has_projected_token(const kube::PodTemplate& pod) {
  for (Node volume : pod.spec["volumes"].items())
    for (Node source : volume["projected"]["sources"].items())
      if (source["serviceAccountToken"])
        return true;
  return false;
}

// A flag of client-go and controller-runtime, or the word in the image's name.
std::string sign_of_client(const kube::Container& container, Node flags) {
  for (const char* field : {"args", "command"})
    for (Node argument : container.node[field].items())
      for (Node flag : flags.items())
        if (argument.string().starts_with(flag.string()) && !argument.string().ends_with("=false"))
          return std::string(argument.string());
  return {};
}

}  // namespace

void check_automount_disabled_but_used(const Place& place, Reporter& reporter) {
  const Node off = switched_off(place);
  if (!off || has_projected_token(*place.pod))
    return;
  for (const kube::Container& container : place.pod->containers) {
    for (Node mount : container.node["volumeMounts"].items())
      if (mount["mountPath"].string().starts_with("/var/run/secrets/kubernetes.io/serviceaccount"))
        return;
    const std::string sign = sign_of_client(container, place.params()["flags"]);
    if (sign.empty())
      continue;
    Hit hit;
    hit.at = off;
    hit.values = {{"container", std::string(container.name)}, {"sign", sign}};
    reporter.report(std::move(hit));
    return;
  }
}

void check_localhost_profile(const Place& place, Reporter& reporter) {
  const auto look = [&](Node context, std::string_view container) {
    for (const char* field : {"seccompProfile", "appArmorProfile"}) {
      if (context[field]["type"].string() != "Localhost")
        continue;
      const Node profile = context[field]["localhostProfile"];
      Hit hit;
      hit.at = profile ? profile : context[field]["type"];
      hit.values = {{"profile", std::string(profile.string())},
                    {"container", std::string(container)},
                    {"kind", std::string(field) == "seccompProfile" ? "seccomp" : "AppArmor"}};
      reporter.report(std::move(hit));
    }
  };
  look(place.pod->spec["securityContext"], {});
  for (const kube::Container& container : place.pod->containers)
    look(container.node["securityContext"], container.name);
}

}  // namespace podcheck::lint
