// Volumes that cannot be attached, mounted or filled, by the words of the kubelet, the attach controller and drivers.
// (pkg/volume, pkg/kubelet/volumemanager, external-attacher; mount(8) for what follows "Output:")
#include <algorithm>
#include <cctype>

#include "live/causes/claims.hpp"
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

// From what names the fault to what only names the step that failed.
constexpr Wording wordings[] = {
    {"configmap \"{name:q}\" not found", "volume-configmap-missing", "", 100},
    {"configmaps \"{name:q}\" not found", "volume-configmap-missing", "", 100},
    {"serviceaccounts \"{name:q}\" not found", "token-serviceaccount-missing", "", 95},
    {"serviceaccount \"{name:q}\" not found", "token-serviceaccount-missing", "", 95},
    {"secret \"{name:q}\" not found", "volume-secret-missing", "", 100},
    {"secrets \"{name:q}\" not found", "volume-secret-missing", "", 100},
    {"references non-existent config key: {key:w}", "volume-key-missing", "configmap", 100},
    {"references non-existent secret key: {key:w}", "volume-key-missing", "secret", 100},
    {"driver name {driver:w} not found in the list of registered", "csi-driver-missing", "", 100},
    {"csinode {node:w} does not contain driver {driver:w}", "csi-driver-missing", "", 100},
    {"failed to fetch token: {detail}", "projected-token-failed", "", 80},
    {"does not have tokenrequest endpoints enabled", "projected-token-failed", "", 80},
    {"podcertificaterequest was permanently {detail}", "pod-certificate-refused", "", 90},
    {"credential bundle is not issued yet", "pod-certificate-refused", "pending", 80},
    {"hostpath type check failed: {path:w} is not {wanted}", "hostpath-type-mismatch", "", 100},
    {"failed to get plugin from volumespec for volume \"{detail:q}\" err=no volume plugin matched",
     "volume-plugin-removed", "", 95},
    {"no volume plugin matched", "volume-plugin-removed", "", 90},
    {"could not find volume plugin", "volume-plugin-removed", "", 90},
    {"conflicting selinux labels of volume {volume:w}: {detail}", "volume-selinux-conflict", "", 95},
    {"failed to set selinux{detail}", "volume-selinux-conflict", "", 80},
    {"applyfsgroup failed for vol {detail}", "volume-fsgroup-failed", "", 90},
    {"you might need a /sbin/mount.{type:w} helper program", "nfs-mount-failed", "client-missing", 100},
    {"bad option; for several filesystems", "nfs-mount-failed", "client-missing", 100},
    {"access denied by server while mounting {export:w}", "nfs-mount-failed", "access-denied", 100},
    {"mount.nfs{version:w}: mounting {export:w} failed, reason given by server: no such file or directory",
     "nfs-mount-failed", "no-export", 100},
    {"mount.nfs: connection timed out", "nfs-mount-failed", "timeout", 100},
    {"mount.nfs4: connection timed out", "nfs-mount-failed", "timeout", 100},
    {"mount.nfs: connection refused", "nfs-mount-failed", "refused", 100},
    {"mount.nfs4: connection refused", "nfs-mount-failed", "refused", 100},
    {"mount.nfs: failed to resolve server {server:w}", "nfs-mount-failed", "unresolved", 100},
    {"mount.nfs4: failed to resolve server {server:w}", "nfs-mount-failed", "unresolved", 100},
    {"stale file handle", "nfs-mount-failed", "stale", 95},
    {"stale nfs file handle", "nfs-mount-failed", "stale", 95},
    {"mount.nfs{detail}", "nfs-mount-failed", "", 85},
    {"mounting arguments: -t nfs{detail}", "nfs-mount-failed", "", 80},
    {"mount error({detail}", "volume-mount-failed", "cifs", 85},
    {"wrong fs type, bad option, bad superblock{detail}", "volume-mount-failed", "filesystem", 85},
    {"special device {detail:w} does not exist", "volume-mount-failed", "device", 90},
    {"timed out waiting for external-attacher of {driver:w} csi driver to attach", "volume-attach-failed",
     "no-attacher", 90},
    {"attachdetachment timeout for volume {detail:w}", "volume-attach-failed", "no-attacher", 85},
    {"volume not attached according to node status{detail}", "volume-attach-failed", "", 60},
    {": lstat {path:w} no such file or directory", "local-path-missing", "", 95},
    {"path \"{path:q}\" does not exist", "local-path-missing", "", 95},
    {"invalid path: {path:w}", "local-path-missing", "", 90},
    {"node affinity check failed{detail}", "volume-node-affinity-conflict", "", 80},
    {"pvc is being deleted", "volume-claim-deleting", "", 90},
    {"no relationship found between node", "volume-claim-forbidden", "", 85},
    {"expand{detail}", "volume-resize-failed", "", 40},
    {"no space left on device", "node-disk-full", "", 80},
    {"input/output error", "volume-unhealthy", "", 70},
};

// Drivers word it each in its own way, whatever the code: the disk is at another machine, or not usable yet.
constexpr Wording driver_words[] = {
    {"resource_in_use_by_another_resource", "csi-volume-in-use", "", 80},
    {"is already being used by {holder}", "csi-volume-in-use", "", 80},
    {"already attached to node({holder})", "csi-volume-in-use", "", 80},
    {"is already attached to an instance", "csi-volume-in-use", "", 80},
    {"already attached to {holder}", "csi-volume-in-use", "", 75},
    {"currently attached to different node", "csi-volume-in-use", "", 80},
    {"attached to a different node", "csi-volume-in-use", "", 80},
    {"rbd image {holder} is still being used", "csi-volume-in-use", "", 80},
    {"volumeinuse: {holder}", "csi-volume-in-use", "", 80},
    {"is not ready for workloads", "volume-unhealthy", "", 75},
    {"volume attachment limit", "volume-limit", "driver", 80},
    {"attachment limit exceeded", "volume-limit", "driver", 80},
};

constexpr Wording rpc_codes[] = {
    {"code = notfound desc = {detail}", "csi-volume-not-found", "", 75},
    {"code = resourceexhausted desc = {detail}", "volume-limit", "driver", 75},
    {"code = failedprecondition desc = {detail}", "csi-volume-in-use", "", 70},
    {"code = aborted desc = {detail}", "csi-operation-pending", "", 60},
    {"code = permissiondenied desc = {detail}", "csi-permission-denied", "", 75},
    {"code = unauthenticated desc = {detail}", "csi-permission-denied", "", 75},
    {"code = {code:w} desc = {detail}", "csi-driver-error", "", 55},
};

bool is_transient(std::string_view text) {
  return contains_any(text, {"cache: timed out waiting for the condition", "not registered"});
}

// The kubelet's summary tells a cause only where processing a volume failed: "…, failed to process volumes=[d]: …".
bool is_mere_timeout(std::string_view summary) {
  std::string_view said =
      trim(summary.substr(summary.rfind("]: ") == std::string_view::npos ? 0 : summary.rfind("]: ") + 3));
  return !contains(summary, "]: ") || said == "timed out waiting for the condition" ||
         said == "context deadline exceeded";
}

Node volume_of(Node pod, std::string_view name, std::string& path) {
  std::size_t index = 0;
  for (Node volume : pod["spec"]["volumes"].items()) {
    if (volume["name"].string() == name) {
      path = "spec.volumes[" + std::to_string(index) + "]";
      return volume;
    }
    ++index;
  }
  return {};
}

// The pod's volume that a persistent volume serves.
Node volume_behind(Patient& patient, std::string_view name, std::string& path, std::string& claim) {
  std::size_t index = 0;
  for (Node volume : patient.pod["spec"]["volumes"].items()) {
    std::string named(volume["persistentVolumeClaim"]["claimName"].string());
    Node object = named.empty() ? Node() : patient.cluster.get("persistentvolumeclaims", patient.namespace_, named);
    if (object && object["spec"]["volumeName"].string() == name) {
      path = "spec.volumes[" + std::to_string(index) + "]";
      claim = named;
      return volume;
    }
    ++index;
  }
  return {};
}

struct Failed {
  Patient& patient;
  const EventFacts& event;
  std::string volume;  // as the event names it
  std::string path;
  std::string claim;
  Node spec;
};

void key_missing(Failed& failed, Candidate& out) {
  Patient& patient = failed.patient;
  bool secret = out.variant == "secret";
  std::string name(secret ? failed.spec["secret"]["secretName"].string() : failed.spec["configMap"]["name"].string());
  std::string field = secret ? ".secret.items" : ".configMap.items";
  for (Node source : failed.spec["projected"]["sources"].items()) {
    for (Node item : source[secret ? "secret" : "configMap"]["items"].items()) {
      if (item["key"].string() == value_of(out, "key")) {
        name = source[secret ? "secret" : "configMap"]["name"].string();
        field = ".projected.sources";
      }
    }
  }
  Node object = patient.cluster.get(secret ? "secrets" : "configmaps", patient.namespace_, name);
  std::vector<std::string> keys;
  for (const char* member : {"data", "binaryData"}) {
    for (const document::Member& entry : object[member].members()) {
      keys.emplace_back(entry.key);
    }
  }
  std::string near = catalogue::nearest(value_of(out, "key"), keys);
  set(out, "kind", secret ? "Secret" : "ConfigMap");
  set(out, "name", name);
  set(out, "keys", keys.empty() ? "?" : join(keys, ", "));
  set(out, "hint", near.empty() ? "" : " " + patient.catalogue.say("live.hint.near", {{"name", near}}));
  out.variant.clear();
  out.path = failed.path + field;
  if (object) {
    out.evidence.push_back(field_evidence(object, "data", join(keys, ", ")));
  }
  std::size_t index = 0;
  for (Node item : failed.spec[secret ? "secret" : "configMap"]["items"].items()) {
    if (item["key"].string() == value_of(out, "key") && !near.empty()) {
      out.fixes.push_back(patch_owner(
          patient, {{"replace", pointer_of(out.path) + "/" + std::to_string(index) + "/key", json_string(near)}}));
    }
    ++index;
  }
}

void object_missing(Failed& failed, Candidate& out) {
  Patient& patient = failed.patient;
  bool secret = out.cause == "volume-secret-missing";
  const char* resource = secret ? "secrets" : "configmaps";
  std::string name = value_of(out, "name");
  set(out, "hint", hint_for(patient, resource, name));
  if (name == "kube-root-ca.crt") {
    out.cause = "root-ca-missing";
    return;
  }
  std::string near = near_name(patient, resource, name);
  std::string field = secret ? "secret" : "configMap";
  std::string leaf = secret ? "secretName" : "name";
  if (failed.spec[field][leaf].string() == name) {
    out.path = failed.path + "." + field + "." + leaf;
  }
  if (!near.empty() && !out.path.empty()) {
    out.fixes.push_back(patch_owner(patient, {{"replace", pointer_of(out.path), json_string(near)}}));
  } else {
    out.fixes.push_back(
        create_object(patient, secret ? "Secret" : "ConfigMap",
                      (secret ? "secret generic " : "configmap ") + shell_word(name) + " --from-file=FILE", name));
  }
}

void multi_attach(Failed& failed, std::vector<Candidate>& out) {
  Patient& patient = failed.patient;
  Candidate one = candidate_for(patient, "volume-multi-attach", Stage::volume, Confidence::confirmed, 100);
  std::string node(patient.pod["spec"]["nodeName"].string());
  std::string holder_node;
  for (Node attachment : patient.cluster.list("volumeattachments").items) {
    if (attachment["spec"]["source"]["persistentVolumeName"].string() == failed.volume &&
        attachment["spec"]["nodeName"].string() != node) {
      holder_node = attachment["spec"]["nodeName"].string();
      prove(one, attachment, "spec.nodeName");
    }
  }
  std::string holder;
  if (auto hit = match(failed.event.message, "already used by pod(s) {pods}")) {
    holder = (*hit)["pods"];
  }
  for (Node pod : patient.cluster.list("pods", patient.namespace_).items) {
    bool uses = false;
    for (Node volume : pod["spec"]["volumes"].items()) {
      uses = uses || (!failed.claim.empty() && volume["persistentVolumeClaim"]["claimName"].string() == failed.claim);
    }
    std::string_view at = pod["spec"]["nodeName"].string();
    if (uses && name_of(pod) != name_of(patient.pod) && !at.empty() && at != node) {
      holder = holder.empty() ? std::string(name_of(pod)) : holder;
      holder_node = holder_node.empty() ? std::string(at) : holder_node;
      one.evidence.push_back(field_evidence(pod, "spec.nodeName", std::string(at) + " (" + status_column(pod) + ")"));
    }
  }
  set(one, "volume", failed.volume);
  set(one, "claim", failed.claim.empty() ? "?" : failed.claim);
  set(one, "holder", holder.empty() ? "?" : holder);
  set(one, "holder_node", holder_node.empty() ? "?" : holder_node);
  Node dead = patient.cluster.get("nodes", "", holder_node);
  if (dead && !condition_is(dead, "Ready", "True")) {
    one.variant = "node-lost";
    prove(one, dead, "status.conditions[Ready]");
    one.fixes.push_back(command_fix("",
                                    patient.cluster.kubectl() + " taint node " + shell_word(holder_node) +
                                        " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute",
                                    effect_on(patient, dead), finding::Safety::manual));
  } else if (holder.empty() && holder_node.empty()) {
    one.variant = "holder-unknown";
  }
  if (finding::Fix fix = recreate(patient); one.variant.empty() && !fix.command.empty()) {
    one.fixes.push_back(std::move(fix));
  }
  one.evidence.insert(one.evidence.begin(), event_evidence(failed.event));
  out.push_back(std::move(one));
}

// The volumes that the pod itself asks for, where the event does not say which of them it means.
std::string own_volumes(Node pod) {
  std::vector<std::string> names;
  for (Node volume : pod["spec"]["volumes"].items()) {
    if (!volume["name"].string().starts_with("kube-api-access-")) {
      names.emplace_back(volume["name"].string());
    }
  }
  return names.empty() ? "?" : join(names, ", ");
}

void finish(Failed& failed, Candidate one, std::vector<Candidate>& out) {
  Patient& patient = failed.patient;
  leave_blank(one, {"name", "key", "driver", "type", "export", "server", "path", "wanted", "claim", "hint", "code",
                    "keys", "kind", "version", "limit", "class", "size", "volume_type"});
  if (!failed.volume.empty()) {
    set(one, "volume", failed.volume);
  } else if (value_of(one, "volume").empty()) {
    set(one, "volume", own_volumes(patient.pod));
  }
  set(one, "claim", failed.claim);
  set(one, "verdict", shown(failed.event.message, 300));
  std::string node(patient.pod["spec"]["nodeName"].string());
  if (value_of(one, "node").empty()) {
    set(one, "node", node);
  }
  if (one.path.empty()) {
    one.path = failed.path;
  }
  one.evidence.push_back(event_evidence(failed.event));
  if (!failed.path.empty()) {
    prove(one, patient.pod, failed.path);
  }
  if (!failed.claim.empty()) {
    one.chain = {label_of(patient.pod), "PersistentVolumeClaim/" + failed.claim, "PersistentVolume/" + failed.volume};
    prove(one, patient.cluster.get("persistentvolumes", "", failed.volume), "spec.csi.driver");
  }
  if (one.cause == "volume-key-missing") {
    key_missing(failed, one);
  } else if (one.cause == "volume-configmap-missing" || one.cause == "volume-secret-missing") {
    object_missing(failed, one);
  } else if (one.cause == "csi-driver-missing") {
    std::string driver = value_of(one, "driver");
    Node csi = patient.cluster.get("csinodes", "", node);
    std::string drivers;
    for (Node item : csi["spec"]["drivers"].items()) {
      drivers += (drivers.empty() ? "" : ", ") + std::string(item["name"].string());
    }
    if (csi) {
      one.evidence.push_back(field_evidence(csi, "spec.drivers", drivers.empty() ? "[]" : drivers));
    }
    std::string word = driver.substr(0, driver.find('.'));
    add_agents(patient, one, node, {std::string_view(word)});
  } else if (one.cause == "nfs-mount-failed") {
    Node nfs = failed.spec["nfs"];
    if (!nfs && !failed.claim.empty()) {
      nfs = patient.cluster.get("persistentvolumes", "", failed.volume)["spec"]["nfs"];
    }
    std::string server(nfs["server"].string());
    std::string exported(nfs["path"].string());
    if (auto hit = match(failed.event.message, "-t nfs{rest:w} {server:w}:{path:w} ")) {
      server = server.empty() ? (*hit)["server"] : server;
    }
    if (auto hit = match(failed.event.message, "-t nfs {server:w}:{path:w} "); hit && server.empty()) {
      server = (*hit)["server"];
      exported = (*hit)["path"];
    }
    set(one, "server", server.empty() ? value_of(one, "server") : server);
    set(one, "export", exported.empty() ? value_of(one, "export") : exported);
    set(one, "detail",
        shown(trim(std::string_view(failed.event.message)
                       .substr(std::min(failed.event.message.find("Output: "), failed.event.message.size()))),
              200));
  } else if (one.cause == "hostpath-type-mismatch") {
    set(one, "type", std::string(failed.spec["hostPath"]["type"].string()));
  }
  out.push_back(std::move(one));
}

void explain(Patient& patient, const EventFacts& event, std::vector<Candidate>& out) {
  // Names of volumes are quoted after "for volume"; claims' volumes are named by their PersistentVolume.
  Failed failed{patient, event, "", "", "", Node()};
  if (auto hit = match(event.message, "for volume \"{name:q}\"")) {
    failed.volume = (*hit)["name"];
  }
  failed.spec = volume_of(patient.pod, failed.volume, failed.path);
  if (!failed.spec) {
    failed.spec = volume_behind(patient, failed.volume, failed.path, failed.claim);
  }
  if (contains(event.message, "Multi-Attach error")) {
    multi_attach(failed, out);
    return;
  }
  auto known = recognise(patient, wordings, event.message, Stage::volume, Confidence::confirmed);
  if (known && known->cause == "node-disk-full") {
    for (const ContainerFacts& container : containers_of(patient.pod)) {
      auto limit = container.spec.node["resources"]["limits"]["memory"].text();
      // A memory limit of a few bytes bounds the token's tmpfs too.
      known = limit.ends_with('m') || (limit.size() < 7 && !limit.empty() &&
                                       std::isdigit(static_cast<unsigned char>(limit.back())) != 0)
                  ? std::nullopt
                  : known;
      if (!known) {
        return;
      }
    }
  }
  if (!known) {
    std::string raw(event.node["message"].string(event.node["note"].string()));
    known = recognise(patient, rpc_codes, raw, Stage::volume, Confidence::likely);
    if (auto named = recognise(patient, driver_words, raw, Stage::volume, Confidence::confirmed)) {
      set(*named, "detail", known ? value_of(*known, "detail") : shown(event.message, 300));
      known = std::move(named);
    }
  }
  if (!known && event.reason == "FailedAttachVolume") {
    known = candidate_for(patient, "volume-attach-failed", Stage::volume, Confidence::likely, 50);
    set(*known, "detail", shown(event.message, 300));
  }
  if (!known && !contains(event.message, "Unable to attach or mount volumes")) {
    known = candidate_for(patient, "volume-mount-failed", Stage::volume, Confidence::likely, 45);
    set(*known, "detail", shown(event.message, 300));
  }
  if (known) {
    finish(failed, std::move(*known), out);
  }
}

// Only the kubelet's summary is left: which volumes, of what kind, and whether what they name is there.
void from_summary(Patient& patient, const EventFacts& event, std::vector<Candidate>& out) {
  auto hit = match(event.message, "unmounted volumes=[{names}]");
  if (!hit) {
    return;
  }
  std::string names = (*hit)["names"];
  std::string list = names;
  while (!list.empty()) {
    std::size_t stop = std::min(list.find(' '), list.size());
    std::string name = list.substr(0, stop);
    list.erase(0, std::min(stop + 1, list.size()));
    std::string path;
    Node volume = volume_of(patient.pod, name, path);
    std::string map(volume["configMap"]["name"].string());
    std::string secret(volume["secret"]["secretName"].string());
    std::string claim(volume["persistentVolumeClaim"]["claimName"].string());
    bool is_map = !map.empty() && presence(patient, "configmaps", map) == Presence::absent;
    bool is_secret = !secret.empty() && presence(patient, "secrets", secret) == Presence::absent;
    if (is_map || is_secret) {
      Failed failed{patient, event, name, path, "", volume};
      Candidate one = candidate_for(patient, is_map ? "volume-configmap-missing" : "volume-secret-missing",
                                    Stage::volume, Confidence::confirmed, 90);
      set(one, "name", is_map ? map : secret);
      finish(failed, std::move(one), out);
      return;
    }
    if (!claim.empty() && explain_claim(patient, claim, Stage::volume, out)) {
      return;
    }
  }
  Candidate one = candidate_for(patient, "volume-not-mounted", Stage::volume, Confidence::possible, 20);
  set(one, "volumes", names);
  set(one, "detail", shown(event.message, 300));
  one.evidence.push_back(event_evidence(event));
  out.push_back(std::move(one));
}

bool has_begun(const std::vector<ContainerFacts>& containers) {
  return std::any_of(containers.begin(), containers.end(), [](const ContainerFacts& container) {
    return container.running || container.now || container.last || container.restarts > 0;
  });
}

bool image_phase(const std::vector<ContainerFacts>& containers) {
  return std::any_of(containers.begin(), containers.end(), [](const ContainerFacts& container) {
    return !container.waiting_reason.empty() && container.waiting_reason != "ContainerCreating" &&
           container.waiting_reason != "PodInitializing";
  });
}

}  // namespace

void diagnose_volumes(Patient& patient, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  if (!pod || !is_placed(pod) || pod["metadata"].has("deletionTimestamp") ||
      pod["status"]["phase"].string("Pending") != "Pending") {
    return;
  }
  auto containers = containers_of(pod);
  if (has_begun(containers) || image_phase(containers)) {
    return;  // its volumes are there
  }
  auto events = events_of(patient.cluster, pod);
  std::size_t before = out.size();
  const EventFacts* summary = nullptr;
  std::vector<std::string> seen;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    bool failed = event->reason == "FailedMount" || event->reason == "FailedAttachVolume" ||
                  event->reason == "FailedMapVolume" || event->reason == "VolumeResizeFailed" ||
                  event->reason == "FileSystemResizeFailed";
    if (!failed || is_transient(event->message)) {
      continue;
    }
    if (contains(event->message, "Unable to attach or mount volumes")) {
      summary = summary == nullptr ? &*event : summary;
      if (is_mere_timeout(event->message)) {
        continue;
      }
    }
    if (seen.size() < 4) {
      seen.push_back(event->message);
      explain(patient, *event, out);
    }
  }
  if (out.size() == before && summary != nullptr) {
    from_summary(patient, *summary, out);
  }
  const EventFacts* owner_change = newest(events, "VolumePermissionChangeInProgress");
  if (out.size() == before && owner_change != nullptr) {
    Candidate one = candidate_for(patient, "volume-ownership-slow", Stage::volume, Confidence::confirmed, 70);
    set(one, "detail", shown(owner_change->message, 300));
    one.evidence.push_back(event_evidence(*owner_change));
    one.fixes.push_back(patch_owner(patient, {{"add", "securityContext/fsGroupChangePolicy", "\"OnRootMismatch\""}}));
    out.push_back(std::move(one));
  }
  if (const EventFacts* devices = newest(events, "FailedPrepareDynamicResources")) {
    Candidate one = candidate_for(patient, "device-prepare-failed", Stage::volume, Confidence::confirmed, 85);
    set(one, "detail", shown(devices->message, 300));
    one.evidence.push_back(event_evidence(*devices));
    out.push_back(std::move(one));
  }
}

void diagnose_claim(Patient& patient, std::vector<Candidate>& out) {
  if (patient.pod || patient.owner["kind"].string() != "PersistentVolumeClaim") {
    return;
  }
  Node claim = patient.owner;
  if (explain_claim(patient, name_of(claim), Stage::volume, out)) {
    return;
  }
  for (const char* type : {"ControllerResizeError", "NodeResizeError", "FileSystemResizePending"}) {
    if (condition_is(claim, type, "True")) {
      Candidate one = candidate_for(patient, "volume-resize-failed", Stage::volume, Confidence::confirmed, 70);
      set(one, "detail", shown(condition(claim, type)["message"].string(type), 200));
      set(one, "volume", std::string(claim["spec"]["volumeName"].string()));
      set(one, "claim", std::string(name_of(claim)));
      prove(one, claim, "status.conditions");
      out.push_back(std::move(one));
      return;
    }
  }
}

}  // namespace podcheck::live
