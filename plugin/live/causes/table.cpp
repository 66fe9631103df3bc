#include "live/causes/table.hpp"

namespace podcheck::live {

namespace {

constexpr FamilyDiagnoser families[] = {
    {"image", diagnose_image},   {"config", diagnose_config}, {"start", diagnose_start}, {"init", diagnose_init},
    {"memory", diagnose_memory}, {"hooks", diagnose_hooks},   {"crash", diagnose_crash}, {"probes", diagnose_probes},
};

}  // namespace

std::span<const FamilyDiagnoser> diagnosers() {
  return families;
}

}  // namespace podcheck::live
