// A pod that is on no node yet: what the scheduler has said of it, and the parts of its diagnosis.
#pragma once

#include <string>
#include <vector>

#include "live/causes/fit_error.hpp"
#include "live/causes/parts.hpp"
#include "scheduling/scheduling.hpp"
#include "scheduling/verdict.hpp"

namespace podcheck::live {

struct Pending {
  Patient& patient;
  std::vector<EventFacts> events;
  const EventFacts* event = nullptr;  // the scheduler's last refusal
  document::Node unschedulable;       // condition PodScheduled=False; it has the whole message
  std::string message;
  FitError said;
};

void prove_refusal(const Pending& pending, Candidate& out);
// What an autoscaler makes of it, shown beside the cause; and as claims of its own that contribute.
void prove_autoscaler(const Pending& pending, Candidate& out);
void autoscaler_claims(const Pending& pending, std::vector<Candidate>& out);

// Where nodes cannot be read, or say something else than the scheduler did: its own words decide.
void from_message(Pending& pending, std::vector<Candidate>& out);
// No word from any scheduler.
void silence(Pending& pending, std::vector<Candidate>& out);

// The pods that a higher priority has pushed out, which this one replaces.
void preempted(Pending& pending, const std::string& shortage, const std::string& sentence, std::vector<Candidate>& out);
// True when it is nominated for a node and only waits there for its victims to end.
bool waits_for_victims(Pending& pending, std::vector<Candidate>& out);
void preemption_hint(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                     Candidate& out);

// The numbers, and the fields of nodes, pod and volumes that show why they do not fit each other.
void prove_verdict(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                   const scheduling::Verdict& verdict, Candidate& out);
// The pod's resource claims, and what devices there are.
void prove_devices(Pending& pending, Candidate& out);
// The smallest changes that would make it fit, each verified.
void add_changes(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                 Candidate& out);

}  // namespace podcheck::live
