// A claim and what it leads to, for the diagnosers of claims.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "live/causes/parts.hpp"

namespace podcheck::live {

// The path of a claim as the reader follows it: pod, claim, class, provisioner, volume.
struct Followed {
  document::Node claim;
  document::Node storage_class;
  document::Node volume;
  std::string name, class_name, provisioner, volume_name, wanted, modes;
};

Followed follow(Patient& patient, document::Node claim);
// A candidate with the claim's values and chain, and the fields that every verdict on a claim shows.
Candidate about_claim(Patient& patient, const Followed& followed, const char* cause, Stage stage,
                      finding::Confidence confidence);
void prove_claim(Candidate& out, const Followed& followed);

std::string modes_of(document::Node object);  // "ReadWriteOnce, ReadOnlyMany"
bool offers_modes(document::Node volume, document::Node claim);

// What keeps each volume that comes near from the claim; returns those that only lack an access mode.
std::vector<document::Node> prove_offers(Patient& patient, document::Node claim, Candidate& out);
// Nobody provisions for the claim: which volumes there are, and why none of them serves.
void static_volumes(Patient& patient, const Followed& followed, const EventFacts* event, Stage stage,
                    std::vector<Candidate>& out);
// The pods that should act on the claim, by name: those of the driver's controller. One that is not well is diagnosed.
void follow_provisioner(Patient& patient, std::string_view provisioner, Candidate& out);

}  // namespace podcheck::live
