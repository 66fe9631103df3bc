#include "cluster/shard.hpp"

#include <charconv>

namespace podcheck::cluster {

namespace {

constexpr std::uint32_t most_shards = 10000;

bool read_number(std::string_view text, std::uint32_t& value) {
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end;
}

}  // namespace

bool Shard::holds(std::string_view namespace_) const {
  // FNV-1a, whose low bits alone would be uneven for short names: the halves are folded together.
  std::uint64_t hash = 14695981039346656037ULL;
  for (char c : namespace_) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return (hash ^ (hash >> 32)) % count == index;
}

std::optional<Shard> parse_shard(std::string_view text) {
  std::size_t slash = text.find('/');
  Shard shard;
  bool good = slash != std::string_view::npos && read_number(text.substr(0, slash), shard.index) &&
              read_number(text.substr(slash + 1), shard.count) && shard.count > 0 && shard.count <= most_shards &&
              shard.index < shard.count;
  return good ? std::optional(shard) : std::nullopt;
}

}  // namespace podcheck::cluster
