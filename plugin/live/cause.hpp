// What a diagnoser is: a pure function from a Snapshot and a pod (or another target) to candidate causes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "cluster/snapshot.hpp"
#include "document/node.hpp"
#include "finding/finding.hpp"
#include "kube/object.hpp"

namespace podcheck::live {

// Where in a pod's life a cause strikes; the earliest stage that is stuck decides which candidate can be the root.
// (causes.md 6.3: deletion, Failed phase, unscheduled, sandbox and volumes, init, waiting, terminated, readiness.)
enum class Stage : std::uint8_t {
  creation,
  deletion,
  admission,
  scheduling,
  sandbox,
  volume,
  image,
  config,
  start,
  init,
  crash,
  kill,
  readiness,
  controller,
  service,
  job
};

// A claim with its proof. The ranking (live/ranking.hpp) picks the root among candidates; the rest become
// contributing factors, symptoms, or are dropped with a reason that -v shows.
struct Candidate {
  std::string cause;    // a cause card's id
  std::string variant;  // message variant of the card
  Stage stage = Stage::crash;
  finding::Confidence confidence = finding::Confidence::likely;
  // Within a stage the higher specificity wins: 100 names the exact fault ("key PORT missing in ConfigMap web"),
  // 50 a class ("application error"), 10 a bare symptom ("exit code 1").
  int specificity = 50;
  finding::Role role = finding::Role::cause;  // a diagnoser may know that its claim is only contributing or a symptom
  std::string container;
  std::string path;  // field of the pod that is at fault
  finding::Values values;
  std::vector<finding::Evidence> evidence;
  std::vector<finding::Fix> fixes;      // beyond the card's own fix, most specific first
  std::vector<std::string> chain;       // how the cause was reached through other objects
  std::vector<std::string> supersedes;  // cause ids that are only this one's symptoms
};

// What every diagnoser gets. Helpers on it live in live/facts.hpp.
struct Patient {
  cluster::Snapshot& cluster;
  const catalogue::Catalogue& catalogue;
  document::Node pod;    // the object as the API server has it; missing when the target has no pod
  document::Node owner;  // top-most controller (Deployment, StatefulSet, …); may be missing
  std::string namespace_;
  int depth = 0;  // recursion into dependencies; at most 2
  // The user has named the target: logs of pods that look well may be read too.
  bool requested = false;
};

using Diagnoser = void (*)(Patient&, std::vector<Candidate>&);

}  // namespace podcheck::live
