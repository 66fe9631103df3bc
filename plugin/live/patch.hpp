// Commands and patches with the names of this cluster, against the object that people own.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "finding/finding.hpp"
#include "live/cause.hpp"

namespace podcheck::live {

// Which tool owns an object's manifest: "Helm", "Argo CD", "Flux", or empty. Live changes to it would be undone.
std::string managed_by(document::Node object);

// JSON Pointer of the pod spec in a workload: "/spec/template/spec"; empty for kinds that cannot be patched (a Pod's
// containers are immutable).
std::string pod_spec_pointer(std::string_view kind);

// JSON text of a string.
std::string json_string(std::string_view text);

// One operation of a JSON patch below the pod spec: {"replace", "containers/0/image", "\"nginx:1.27\""}; `value` is
// JSON.
struct Operation {
  std::string op;
  std::string path;
  std::string value;
};

// A fix whose command patches the pod's owner. Paths and values are a pod's; they are fitted to the owner's template,
// by name where lists differ. The summary is left empty: the card's own fix gets the command. What cannot be changed in
// place (Jobs, bare pods but for their images) gets a command that makes it anew; an empty command when neither is
// possible.
finding::Fix patch_owner(Patient& patient, const std::vector<Operation>& operations);
// What a change of an object does, as fixes say it: that it changes it, or which tool would undo that.
std::string effect_on(Patient& patient, document::Node object);
// A fix that runs kubectl with these arguments and changes an object.
finding::Fix change(Patient& patient, document::Node object, std::string_view arguments,
                    finding::Safety safety = finding::Safety::unsafe);
// A fix that creates what is missing in the pod's namespace: {"ConfigMap", "configmap web --from-file=FILE", "web"}.
finding::Fix create_object(Patient& patient, std::string_view kind, std::string_view arguments, std::string_view name);
// A merge patch of an object, as JSON.
finding::Fix merge_patch(Patient& patient, document::Node object, std::string patch);
// The owner ends its old pods before it starts new ones; an empty command when it is no Deployment.
finding::Fix recreate(Patient& patient);
// kubectl with this cluster's flags and namespace: "kubectl -n shop patch deployment web".
std::string kubectl(Patient& patient, std::string_view arguments);
// A fix that only runs a command; `changes` names what it touches, empty when it only reads.
finding::Fix command_fix(std::string summary, std::string command, std::string changes, finding::Safety safety);
// "containers/0" below the pod spec, from a path such as spec.containers[0].
std::string pointer_of(std::string_view path);
// A word quoted for a POSIX shell where that is needed.
std::string shell_word(std::string_view text);

}  // namespace podcheck::live
