// The explicit table of diagnosers, one a family, in the order of a pod's life.
#pragma once

#include <span>
#include <string_view>

#include "live/cause.hpp"

namespace podcheck::live {

struct FamilyDiagnoser {
  std::string_view family;
  Diagnoser run;
};

// Each is called once for a workload itself (patient.pod is missing) and once for each pod that is examined.
std::span<const FamilyDiagnoser> diagnosers();

void diagnose_creation(Patient&, std::vector<Candidate>&);  // quota, Pod Security, webhooks, missing ServiceAccount …
void diagnose_scheduling(Patient&, std::vector<Candidate>&);  // no node takes it
void diagnose_admission(Patient&, std::vector<Candidate>&);   // the kubelet refused it
void diagnose_sandbox(Patient&, std::vector<Candidate>&);     // network and runtime
void diagnose_volumes(Patient&, std::vector<Candidate>&);
void diagnose_image(Patient&, std::vector<Candidate>&);
void diagnose_config(Patient&, std::vector<Candidate>&);  // CreateContainerConfigError
void diagnose_start(Patient&, std::vector<Candidate>&);   // the runtime could not start it
void diagnose_crash(Patient&, std::vector<Candidate>&);   // it ended: exit codes and logs
void diagnose_memory(Patient&, std::vector<Candidate>&);
void diagnose_hooks(Patient&, std::vector<Candidate>&);
void diagnose_probes(Patient&, std::vector<Candidate>&);
void diagnose_eviction(Patient&, std::vector<Candidate>&);
void diagnose_node(Patient&, std::vector<Candidate>&);
void diagnose_termination(Patient&, std::vector<Candidate>&);
void diagnose_init(Patient&, std::vector<Candidate>&);        // init containers and sidecars that hold the pod up
void diagnose_controller(Patient&, std::vector<Candidate>&);  // rollouts, ordinals, DaemonSets, Jobs, CronJobs
void diagnose_service(Patient&, std::vector<Candidate>&);
void diagnose_resize(Patient&, std::vector<Candidate>&);    // an in-place resize that cannot be done
void diagnose_policies(Patient&, std::vector<Candidate>&);  // a disruption budget or an autoscaler as the target
void diagnose_claim(Patient&, std::vector<Candidate>&);     // a claim as the target

}  // namespace podcheck::live
