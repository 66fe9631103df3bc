#include "live/causes/claims.hpp"

#include <algorithm>

#include "kube/quantity.hpp"
#include "live/causes/claim_parts.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr const char* default_class = "storageclass.kubernetes.io/is-default-class";

constexpr Wording mismatches[] = {
    {"requested PV is too small", "pv-too-small"},
    {"incompatible accessMode", "pvc-access-mode-mismatch"},
    {"storageClassName does not match", "volume-other-class"},
    {"incompatible volumeMode", "volume-mode-mismatch"},
    {"the volume is marked for deletion", "volume-deleting"},
    {"already bound to a different claim", "volume-taken"},
};

// The claim names its volume: what keeps the two apart.
bool named_volume(Patient& patient, const Followed& followed, const std::vector<EventFacts>& events, Stage stage,
                  std::vector<Candidate>& out) {
  if (followed.volume_name.empty()) {
    return false;
  }
  const EventFacts* event = newest_of(events, {"VolumeMismatch", "FailedBinding"});
  Candidate found = about_claim(patient, followed, "volume-missing", stage, Confidence::confirmed);
  Node volume = followed.volume;
  if (event != nullptr) {
    if (auto known = recognise(patient, mismatches, event->message, stage, Confidence::confirmed)) {
      found.cause = known->cause;
    }
    found.evidence.push_back(event_evidence(*event));
  } else if (volume) {
    auto size = kube::quantity_of(volume["spec"]["capacity"]["storage"]);
    auto wanted = kube::quantity_of(followed.claim["spec"]["resources"]["requests"]["storage"]);
    bool modes = offers_modes(volume, followed.claim);
    Node reference = volume["spec"]["claimRef"];
    bool taken = reference && (reference["name"].string() != followed.name ||
                               reference["namespace"].string() != namespace_of(followed.claim));
    if (taken) {
      found.cause = "volume-taken";
    } else if (size && wanted && *size < *wanted) {
      found.cause = "pv-too-small";
    } else if (!modes) {
      found.cause = "pvc-access-mode-mismatch";
    } else if (volume["spec"]["storageClassName"].string() != followed.class_name) {
      found.cause = "volume-other-class";
    } else {
      return false;
    }
  } else if (!patient.cluster.knows("persistentvolumes", "")) {
    return false;
  }
  prove_claim(found, followed);
  if (volume) {
    prove(found, volume, "spec.capacity.storage");
    prove(found, volume, "spec.accessModes");
    prove(found, volume, "spec.claimRef.name");
    Node reference = volume["spec"]["claimRef"];
    set(found, "detail", std::string(reference["namespace"].string()) + "/" + std::string(reference["name"].string()));
    set(found, "hint", std::string(volume["spec"]["storageClassName"].string()));
  }
  prove(found, followed.claim, "spec.resources.requests.storage");
  prove(found, followed.claim, "spec.accessModes");
  out.push_back(std::move(found));
  return true;
}

bool has_default_class(Patient& patient) {
  for (Node item : patient.cluster.list("storageclasses").items) {
    Node annotations = item["metadata"]["annotations"];
    if (annotations[default_class].string() == "true" ||
        annotations["storageclass.beta.kubernetes.io/is-default-class"].string() == "true") {
      return true;
    }
  }
  return false;
}

// No class: only a volume made by hand can serve the claim.
bool without_class(Patient& patient, const Followed& followed, const std::vector<EventFacts>& events, Stage stage,
                   std::vector<Candidate>& out) {
  const EventFacts* event = newest_of(events, {"FailedBinding"});
  bool named_empty = followed.claim["spec"].has("storageClassName");
  if (event == nullptr &&
      (!patient.cluster.knows("storageclasses", "") || (!named_empty && has_default_class(patient)))) {
    return false;
  }
  if (named_empty) {
    static_volumes(patient, followed, event, stage, out);
    return true;
  }
  Candidate found = about_claim(patient, followed, "no-default-storageclass", stage, Confidence::confirmed);
  if (event != nullptr) {
    found.evidence.push_back(event_evidence(*event));
  }
  prove_claim(found, followed);
  std::string classes = value_of(found, "classes");
  found.evidence.push_back(computed_evidence(patient.catalogue.say(
      classes.empty() ? "live.volume.no_classes" : "live.volume.classes", {{"classes", classes}})));
  out.push_back(std::move(found));
  return true;
}

bool with_class(Patient& patient, const Followed& followed, const std::vector<EventFacts>& events, Stage stage,
                std::vector<Candidate>& out) {
  const EventFacts* failed = newest_of(events, {"ProvisioningFailed"});
  const EventFacts* waiting = newest_of(events, {"ExternalProvisioning", "Provisioning"});
  bool says_absent = failed != nullptr && contains(failed->message, "storageclass.storage.k8s.io \"") &&
                     contains(failed->message, "not found");
  if ((!followed.storage_class && patient.cluster.knows("storageclasses", "")) || says_absent) {
    Candidate found = about_claim(patient, followed, "storageclass-not-found", stage, Confidence::confirmed);
    if (failed != nullptr) {
      found.evidence.push_back(event_evidence(*failed));
    }
    prove_claim(found, followed);
    set(found, "hint", hint_for(patient, "storageclasses", followed.class_name));
    std::string classes = value_of(found, "classes");
    found.evidence.push_back(computed_evidence(patient.catalogue.say(
        classes.empty() ? "live.volume.no_classes" : "live.volume.classes", {{"classes", classes}})));
    out.push_back(std::move(found));
    return true;
  }
  if (followed.provisioner == "kubernetes.io/no-provisioner") {
    if (followed.storage_class["volumeBindingMode"].string() == "WaitForFirstConsumer") {
      return false;  // the scheduler picks the volume
    }
    static_volumes(patient, followed, failed, stage, out);
    return true;
  }
  if (failed != nullptr && (waiting == nullptr || !waiting->time || !failed->time || *failed->time >= *waiting->time)) {
    Candidate found = about_claim(patient, followed, "provisioning-failed", stage, Confidence::confirmed);
    set(found, "detail", shown(failed->message, 300));
    found.evidence.push_back(event_evidence(*failed));
    prove_claim(found, followed);
    out.push_back(std::move(found));
    return true;
  }
  std::string selected(followed.claim["metadata"]["annotations"]["volume.kubernetes.io/selected-node"].string());
  bool waits_for_pod =
      followed.storage_class["volumeBindingMode"].string() == "WaitForFirstConsumer" && selected.empty();
  auto created = time_at(followed.claim["metadata"]["creationTimestamp"]);
  bool old = created && patient.cluster.now() - *created > std::chrono::seconds(30);
  if (waiting != nullptr || (!waits_for_pod && followed.storage_class && old)) {
    Candidate found = about_claim(patient, followed, "provisioner-not-responding", stage,
                                  waiting != nullptr ? Confidence::confirmed : Confidence::likely);
    if (followed.provisioner.empty() && waiting != nullptr) {
      auto hit = match(waiting->message, "external provisioner '{name:q}'");
      hit = hit ? hit : match(waiting->message, "external provisioner \"{name:q}\"");
      set(found, "provisioner", hit ? (*hit)["name"] : "");
    }
    if (waiting != nullptr) {
      found.evidence.push_back(event_evidence(*waiting));
    }
    prove_claim(found, followed);
    prove(found, followed.storage_class, "provisioner");
    std::string provisioner = value_of(found, "provisioner");
    follow_provisioner(patient, provisioner, found);
    bool driver = static_cast<bool>(patient.cluster.get("csidrivers", "", provisioner));
    if (!driver && patient.cluster.knows("csidrivers", "")) {
      std::string drivers = join(names_in(patient, "csidrivers", ""), ", ");
      found.evidence.push_back(
          computed_evidence(patient.catalogue.say(drivers.empty() ? "live.volume.no_drivers" : "live.volume.drivers",
                                                  {{"driver", provisioner}, {"drivers", drivers}})));
    }
    out.push_back(std::move(found));
    return true;
  }
  return false;
}

constexpr Wording spoken[] = {
    {"storageclass.storage.k8s.io \"{class:q}\" not found", "storageclass-not-found"},
    {"cannot bind to requested volume \"{volume:q}\": requested pv is too small", "pv-too-small"},
    {"cannot bind to requested volume \"{volume:q}\": incompatible accessmode", "pvc-access-mode-mismatch"},
    {"cannot bind to requested volume \"{volume:q}\": storageclassname does not match", "volume-other-class"},
    {"cannot bind to requested volume \"{volume:q}\": incompatible volumemode", "volume-mode-mismatch"},
    {"volume \"{volume:q}\" already bound to a different claim", "volume-taken"},
    {"no storage class is set", "no-default-storageclass"},
    {"external provisioner '{provisioner:q}'", "provisioner-not-responding"},
    {"external provisioner \"{provisioner:q}\"", "provisioner-not-responding"},
    {"claim has lost", "pvc-lost"},
    {"failed to provision volume with storageclass \"{class:q}\": {detail}", "provisioning-failed"},
};

// The claim itself was not recorded, but its events were.
bool from_events(Patient& patient, std::string_view claim, Stage stage, std::vector<Candidate>& out) {
  Node latest;
  for (Node event : patient.cluster.list("events", patient.namespace_).items) {
    Node about_object = event["involvedObject"] ? event["involvedObject"] : event["regarding"];
    std::string_view reason = event["reason"].string();
    bool ours = about_object["kind"].string() == "PersistentVolumeClaim" && about_object["name"].string() == claim;
    latest = ours && reason != "WaitForFirstConsumer" ? event : latest;
  }
  std::string text(latest["message"].string(latest["note"].string()));
  auto known = recognise(patient, spoken, text, stage, Confidence::likely);
  if (!known) {
    return false;
  }
  Followed followed;
  followed.name = claim;
  Candidate found = about_claim(patient, followed, "pvc-lost", stage, Confidence::likely);
  found.cause = known->cause;
  for (const char* name : {"class", "volume", "provisioner", "detail"}) {
    set(found, name, value_of(*known, name));
  }
  for (const char* name : {"wanted", "size", "modes", "offered"}) {
    set(found, name, "");
  }
  if (found.cause == "pv-too-small" || found.cause == "pvc-access-mode-mismatch") {
    found.variant = "untold";  // the event says which, not how much
  }
  finding::Evidence proof;
  proof.kind = "event";
  proof.source = latest["reason"].string();
  proof.text = shown(std::string(claim) + ": " + text, 300);
  found.evidence.push_back(std::move(proof));
  out.push_back(std::move(found));
  return true;
}

}  // namespace

bool explain_claim(Patient& patient, std::string_view name, Stage stage, std::vector<Candidate>& out) {
  cluster::Failure failure;
  Node claim = patient.cluster.get("persistentvolumeclaims", patient.namespace_, name, &failure);
  Followed followed;
  if (!claim) {
    if (!patient.cluster.knows("persistentvolumeclaims", patient.namespace_)) {
      return from_events(patient, name, stage, out);
    }
    followed.name = name;
    Candidate found = about_claim(patient, followed, "pvc-not-found", stage, Confidence::confirmed);
    set(found, "hint", hint_for(patient, "persistentvolumeclaims", name));
    std::size_t index = 0;
    for (Node volume : patient.pod["spec"]["volumes"].items()) {
      std::string path = "spec.volumes[" + std::to_string(index++) + "]";
      if (volume["persistentVolumeClaim"]["claimName"].string() == name) {
        found.path = path + ".persistentVolumeClaim.claimName";
        prove(found, patient.pod, found.path);
        std::string near = near_name(patient, "persistentvolumeclaims", name);
        if (!near.empty()) {
          found.fixes.push_back(patch_owner(patient, {{"replace", pointer_of(found.path), json_string(near)}}));
        }
      }
    }
    std::string names = join(names_in(patient, "persistentvolumeclaims", patient.namespace_), ", ");
    found.evidence.push_back(
        computed_evidence(patient.catalogue.say(names.empty() ? "live.volume.no_claims" : "live.volume.claims",
                                                {{"claims", names}, {"namespace", patient.namespace_}})));
    out.push_back(std::move(found));
    return true;
  }
  followed = follow(patient, claim);
  std::string_view phase = claim["status"]["phase"].string();
  auto events = events_of(patient.cluster, claim);
  if (claim["metadata"].has("deletionTimestamp")) {
    Candidate found = about_claim(patient, followed, "volume-claim-deleting", stage, Confidence::confirmed);
    prove(found, claim, "metadata.deletionTimestamp");
    prove(found, claim, "metadata.finalizers");
    for (Node pod : pods_of(patient.cluster, claim)) {
      std::string_view ended = pod["status"]["phase"].string();
      if (ended != "Succeeded" && ended != "Failed" && found.evidence.size() < 6) {
        found.evidence.push_back(field_evidence(pod, "spec.volumes", status_column(pod)));
      }
    }
    out.push_back(std::move(found));
    return true;
  }
  bool orphan = !followed.volume_name.empty() && !followed.volume && patient.cluster.knows("persistentvolumes", "");
  if (phase == "Lost" || (phase == "Bound" && orphan)) {
    Candidate found = about_claim(patient, followed, "pvc-lost", stage, Confidence::confirmed);
    if (const EventFacts* event = newest_of(events, {"ClaimLost", "ClaimMisbound"})) {
      found.evidence.push_back(event_evidence(*event));
    }
    prove_claim(found, followed);
    out.push_back(std::move(found));
    return true;
  }
  if (phase == "Bound") {
    return false;
  }
  if (named_volume(patient, followed, events, stage, out)) {
    return true;
  }
  return followed.class_name.empty() ? without_class(patient, followed, events, stage, out)
                                     : with_class(patient, followed, events, stage, out);
}

}  // namespace podcheck::live
