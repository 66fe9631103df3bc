// Any bytes as each of the small texts that fields hold; what is printed again is read as the same value.
#include "fuzz/fuzz.hpp"
#include "kube/cron.hpp"
#include "kube/duration.hpp"
#include "kube/image.hpp"
#include "kube/names.hpp"
#include "kube/quantity.hpp"
#include "kube/selector.hpp"

using namespace podcheck;
using fuzz::require;

namespace {

void quantity(std::string_view text) {
  kube::QuantityError error;
  const auto read = kube::parse_quantity(text, &error);
  require(read.has_value() == (error.kind == kube::QuantityError::Kind::none));
  if (!read) {
    require(error.at <= text.size());
    return;
  }
  const auto again = kube::parse_quantity(kube::to_string(*read));
  require(again.has_value() && *again == *read);
  for (const char* resource : {"cpu", "memory", "pods"}) {
    require(!kube::format_resource(resource, *read).empty());
  }
}

void image(std::string_view text) {
  kube::ImageError error;
  const auto read = kube::parse_image(text, &error);
  require(read.has_value() == (error.kind == kube::ImageError::Kind::none));
  if (!read) {
    require(error.at <= text.size());
    return;
  }
  require(!read->registry().empty() && !read->canonical_repository().empty());
  kube::credentials_match(text, *read);
}

void times(std::string_view text) {
  if (const auto time = kube::parse_time(text)) {
    kube::to_rfc3339(*time);
  }
  kube::parse_duration(text);
  kube::CronError error;
  if (const auto cron = kube::parse_cron(text, &error)) {
    const kube::Time from{};
    const auto next = cron->next(from);
    require(!next || *next > from);
    cron->shortest_interval(from);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  quantity(text);
  image(text);
  times(text);
  kube::parse_selector(text);
  kube::registry_host(text);
  return 0;
}
