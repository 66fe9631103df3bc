#include "live/causes/table.hpp"

namespace podcheck::live {

std::span<const FamilyDiagnoser> diagnosers() {
  return {};
}

}  // namespace podcheck::live
