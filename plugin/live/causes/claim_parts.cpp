#include "live/causes/claim_parts.hpp"

#include <algorithm>

#include "live/dependencies.hpp"
#include "live/text.hpp"
#include "scheduling/storage.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

// live.volume.unfit.<word>
std::string_view word_of(scheduling::Match match) {
  switch (match) {
    case scheduling::Match::taken:
      return "taken";
    case scheduling::Match::too_small:
      return "size";
    case scheduling::Match::volume_mode:
      return "volume_mode";
    case scheduling::Match::deleting:
      return "deleting";
    case scheduling::Match::not_available:
      return "not_available";
    case scheduling::Match::selector:
      return "selector";
    case scheduling::Match::other_class:
      return "class";
    case scheduling::Match::attributes_class:
      return "attributes_class";
    case scheduling::Match::access_mode:
      return "modes";
    case scheduling::Match::fits:
      break;
  }
  return {};
}

// Words of a driver's name that tell it from others: "ebs" of ebs.csi.aws.com, "longhorn" of driver.longhorn.io.
std::vector<std::string> words_of(std::string_view driver) {
  static constexpr std::string_view common[] = {"csi", "com",        "io",      "org",   "net",
                                                "k8s", "kubernetes", "storage", "aws",   "sigs",
                                                "dev", "driver",     "cluster", "local", "example"};
  std::vector<std::string> out;
  std::string word;
  for (char c : std::string(driver) + ".") {
    if (c != '.' && c != '/' && c != '-') {
      word += c;
      continue;
    }
    if (word.size() > 1 && std::find(std::begin(common), std::end(common), word) == std::end(common)) {
      out.push_back(word);
    }
    word.clear();
  }
  return out;
}

}  // namespace

std::string modes_of(Node object) {
  std::string text;
  for (Node mode : object["spec"]["accessModes"].items()) {
    text += (text.empty() ? "" : ", ") + std::string(mode.string());
  }
  return text;
}

bool offers_modes(Node volume, Node claim) {
  for (Node mode : claim["spec"]["accessModes"].items()) {
    bool offered = false;
    for (Node other : volume["spec"]["accessModes"].items()) {
      offered = offered || other.string() == mode.string();
    }
    if (!offered) {
      return false;
    }
  }
  return true;
}

Followed follow(Patient& patient, Node claim) {
  Followed out;
  out.claim = claim;
  out.name = name_of(claim);
  out.class_name = claim["spec"]["storageClassName"].string(
      claim["metadata"]["annotations"]["volume.beta.kubernetes.io/storage-class"].string());
  out.volume_name = claim["spec"]["volumeName"].string();
  out.wanted = claim["spec"]["resources"]["requests"]["storage"].text();
  out.modes = modes_of(claim);
  if (!out.class_name.empty()) {
    out.storage_class = patient.cluster.get("storageclasses", "", out.class_name);
    out.provisioner = out.storage_class["provisioner"].string();
  }
  if (!out.volume_name.empty()) {
    out.volume = patient.cluster.get("persistentvolumes", "", out.volume_name);
  }
  return out;
}

Candidate about_claim(Patient& patient, const Followed& followed, const char* cause, Stage stage,
                      Confidence confidence) {
  Candidate out = candidate_for(patient, cause, stage, confidence, 100);
  set(out, "claim", followed.name);
  set(out, "class", followed.class_name);
  set(out, "provisioner", followed.provisioner);
  set(out, "volume", followed.volume_name);
  set(out, "wanted", followed.wanted);
  set(out, "modes", followed.modes);
  set(out, "size", followed.volume["spec"]["capacity"]["storage"].text());
  set(out, "offered", modes_of(followed.volume));
  set(out, "hint", "");
  set(out, "verdict", patient.catalogue.say("scheduling.cause.volume-no-match.plain", {{"claim", followed.name}}));
  set(out, "detail", "");
  set(out, "classes", join(names_in(patient, "storageclasses", ""), ", "));
  if (patient.pod) {
    out.chain.push_back(label_of(patient.pod));
  }
  out.chain.push_back("PersistentVolumeClaim/" + followed.name);
  if (!followed.class_name.empty()) {
    out.chain.push_back("StorageClass/" + followed.class_name);
  }
  if (!followed.provisioner.empty()) {
    out.chain.push_back("provisioner " + followed.provisioner);
  }
  if (!followed.volume_name.empty()) {
    out.chain.push_back("PersistentVolume/" + followed.volume_name);
  }
  return out;
}

void prove_claim(Candidate& out, const Followed& followed) {
  prove(out, followed.claim, "status.phase");
  prove(out, followed.claim, "spec.storageClassName");
  prove(out, followed.claim, "spec.volumeName");
}

std::vector<Node> prove_offers(Patient& patient, Node claim, Candidate& out) {
  std::vector<Node> unfit;
  std::vector<Node> only_modes;
  const std::vector<Node>& volumes = patient.cluster.list("persistentvolumes").items;
  for (Node volume : volumes) {
    scheduling::Match match = scheduling::match(claim, volume);
    // Volumes of other classes, and those that others have, are no offers; they show only where there is nothing else.
    bool near = match != scheduling::Match::fits && match != scheduling::Match::other_class &&
                match != scheduling::Match::taken;
    if (near) {
      unfit.push_back(volume);
    }
    if (match == scheduling::Match::access_mode) {
      only_modes.push_back(volume);
    }
  }
  std::size_t count = 0;
  for (Node volume : unfit.empty() ? volumes : unfit) {
    std::string_view word = word_of(scheduling::match(claim, volume));
    if (word.empty() || count++ >= 4) {
      continue;
    }
    Node holder = volume["spec"]["claimRef"];
    out.evidence.push_back(computed_evidence(
        label_of(volume) + ": " +
        patient.catalogue.say(
            std::string("live.volume.unfit.").append(word),
            {{"class", std::string(scheduling::class_of_volume(volume))},
             {"size", volume["spec"]["capacity"]["storage"].text()},
             {"modes", modes_of(volume)},
             {"phase", std::string(volume["status"]["phase"].string())},
             {"claim", std::string(holder["namespace"].string()) + "/" + std::string(holder["name"].string())}})));
  }
  if (volumes.empty() && patient.cluster.knows("persistentvolumes", "")) {
    out.evidence.push_back(computed_evidence(patient.catalogue.say("live.volume.no_volumes")));
  }
  return only_modes;
}

void static_volumes(Patient& patient, const Followed& followed, const EventFacts* event, Stage stage,
                    std::vector<Candidate>& out) {
  Candidate found = about_claim(patient, followed, "volume-no-match", stage, Confidence::confirmed);
  if (event != nullptr) {
    found.evidence.push_back(event_evidence(*event));
  }
  prove_claim(found, followed);
  prove(found, followed.claim, "spec.accessModes");
  prove(found, followed.claim, "spec.resources.requests.storage");
  std::vector<Node> only_modes = prove_offers(patient, followed.claim, found);
  if (!only_modes.empty()) {
    found.cause = "pvc-access-mode-mismatch";
    set(found, "volume", std::string(name_of(only_modes.front())));
    set(found, "offered", modes_of(only_modes.front()));
    set(found, "size", only_modes.front()["spec"]["capacity"]["storage"].text());
  }
  out.push_back(std::move(found));
}

void follow_provisioner(Patient& patient, std::string_view provisioner, Candidate& out) {
  std::vector<std::string> words = words_of(provisioner);
  std::size_t seen = 0;
  for (Node pod : patient.cluster.list("pods").items) {
    std::string place = std::string(namespace_of(pod)) + "/" + std::string(name_of(pod));
    bool acts = contains_any(name_of(pod), {"provisioner", "controller"});
    bool its = std::any_of(words.begin(), words.end(), [&](const std::string& word) { return contains(place, word); });
    if (!acts || !its || seen++ >= 3) {
      continue;
    }
    follow_pod(patient, pod, out);
  }
  if (seen == 0 && !words.empty() && patient.cluster.knows("pods", "")) {
    out.evidence.push_back(computed_evidence(
        patient.catalogue.say("live.volume.no_provisioner", {{"provisioner", std::string(provisioner)}})));
  }
}

}  // namespace podcheck::live
