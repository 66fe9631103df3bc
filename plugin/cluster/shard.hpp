// One of several equal parts of a cluster, cut by namespace.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace podcheck::cluster {

// The same namespace falls into the same shard on every machine and in every version; each into exactly one of them.
struct Shard {
  std::uint32_t index = 0;  // counted from 0, as JOB_COMPLETION_INDEX is
  std::uint32_t count = 1;
  bool holds(std::string_view namespace_) const;
};

// "0/4" to "3/4"; nullopt for anything else.
std::optional<Shard> parse_shard(std::string_view text);

}  // namespace podcheck::cluster
