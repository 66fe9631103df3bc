// One broken thing under many workloads: the whole story is told once.
#pragma once

#include <map>
#include <string>

#include "catalogue/catalogue.hpp"
#include "finding/finding.hpp"
#include "live/cause.hpp"

namespace podcheck::live {

// What outside of the workload a root cause lies in ("node-lost worker-3", "registry-timeout hub.example.com"); empty
// for causes that are the workload's own.
std::string shared_fault(const Candidate& root);

// `faults` has the shared fault of each subject by its "namespace/Kind/name". Where several have the same, the first
// one's finding names the others, and theirs point to it instead of proving it again.
void tell_once(finding::Report& report, const std::map<std::string, std::string>& faults,
               const catalogue::Catalogue& catalogue);
std::string place_of(const finding::Subject& subject);

}  // namespace podcheck::live
