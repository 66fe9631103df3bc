#include "live/causes/table.hpp"

namespace podcheck::live {

namespace {

constexpr FamilyDiagnoser families[] = {
    {"creation", diagnose_creation},
    {"scheduling", diagnose_scheduling},
    {"admission", diagnose_admission},
    {"sandbox", diagnose_sandbox},
    {"volumes", diagnose_volumes},
    {"eviction", diagnose_eviction},
    {"node", diagnose_node},
    {"termination", diagnose_termination},
    {"controller", diagnose_controller},
    {"service", diagnose_service},
    {"claim", diagnose_claim},
    {"policies", diagnose_policies},
    {"resize", diagnose_resize},
    {"image", diagnose_image},
    {"config", diagnose_config},
    {"start", diagnose_start},
    {"init", diagnose_init},
    {"memory", diagnose_memory},
    {"hooks", diagnose_hooks},
    {"crash", diagnose_crash},
    {"probes", diagnose_probes},
};

}  // namespace

std::span<const FamilyDiagnoser> diagnosers() {
  return families;
}

}  // namespace podcheck::live
