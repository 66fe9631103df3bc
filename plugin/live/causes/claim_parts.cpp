#include "live/causes/claim_parts.hpp"

#include <algorithm>

#include "kube/quantity.hpp"
#include "live/dependencies.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

// Volumes made by hand, each with what keeps it from the claim; the nearest first.
struct Offer {
  Node volume;
  std::vector<std::string> faults;  // live.volume.unfit.<fault>
};

std::vector<Offer> offers(Patient& patient, const Followed& followed) {
  std::vector<Offer> out;
  auto wanted = kube::quantity_of(followed.claim["spec"]["resources"]["requests"]["storage"]);
  for (Node volume : patient.cluster.list("persistentvolumes").items) {
    Offer offer{volume, {}};
    auto size = kube::quantity_of(volume["spec"]["capacity"]["storage"]);
    Node reference = volume["spec"]["claimRef"];
    bool reserved =
        reference["name"].string() == followed.name && reference["namespace"].string() == namespace_of(followed.claim);
    if (volume["spec"]["storageClassName"].string() != followed.class_name) {
      offer.faults.emplace_back("class");
    }
    if (volume["status"]["phase"].string("Available") == "Released") {
      offer.faults.emplace_back("released");
    } else if (reference && !reserved) {
      offer.faults.emplace_back("taken");
    }
    if (size && wanted && *size < *wanted) {
      offer.faults.emplace_back("size");
    }
    if (!offers_modes(volume, followed.claim)) {
      offer.faults.emplace_back("modes");
    }
    if (volume["spec"]["volumeMode"].string("Filesystem") !=
        followed.claim["spec"]["volumeMode"].string("Filesystem")) {
      offer.faults.emplace_back("volume_mode");
    }
    for (const document::Member& label : followed.claim["spec"]["selector"]["matchLabels"].members()) {
      if (volume["metadata"]["labels"][label.key].text() != label.value.text()) {
        offer.faults.emplace_back("selector");
        break;
      }
    }
    out.push_back(std::move(offer));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Offer& a, const Offer& b) { return a.faults.size() < b.faults.size(); });
  out.resize(std::min<std::size_t>(out.size(), 4));
  return out;
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

void static_volumes(Patient& patient, const Followed& followed, const EventFacts* event, Stage stage,
                    std::vector<Candidate>& out) {
  std::vector<Offer> known = offers(patient, followed);
  bool only_modes = !known.empty() && known.front().faults == std::vector<std::string>{"modes"};
  Candidate found = about_claim(patient, followed, only_modes ? "pvc-access-mode-mismatch" : "volume-no-match", stage,
                                Confidence::confirmed);
  if (only_modes) {
    set(found, "volume", std::string(name_of(known.front().volume)));
    set(found, "offered", modes_of(known.front().volume));
    set(found, "size", known.front().volume["spec"]["capacity"]["storage"].text());
  }
  if (event != nullptr) {
    found.evidence.push_back(event_evidence(*event));
  }
  prove_claim(found, followed);
  prove(found, followed.claim, "spec.accessModes");
  prove(found, followed.claim, "spec.resources.requests.storage");
  for (const Offer& offer : known) {
    std::vector<std::string> reasons;
    for (const std::string& fault : offer.faults) {
      Node reference = offer.volume["spec"]["claimRef"];
      reasons.push_back(patient.catalogue.say(
          "live.volume.unfit." + fault,
          {{"class", std::string(offer.volume["spec"]["storageClassName"].string("-"))},
           {"size", offer.volume["spec"]["capacity"]["storage"].text()},
           {"modes", modes_of(offer.volume)},
           {"claim", std::string(reference["namespace"].string()) + "/" + std::string(reference["name"].string())}}));
    }
    if (!reasons.empty()) {
      found.evidence.push_back(computed_evidence(label_of(offer.volume) + ": " + join(reasons, "; ")));
    }
  }
  if (known.empty() && patient.cluster.knows("persistentvolumes", "")) {
    found.evidence.push_back(computed_evidence(patient.catalogue.say("live.volume.no_volumes")));
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
