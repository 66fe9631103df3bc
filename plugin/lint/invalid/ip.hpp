// IP addresses and networks as the API server accepts them: no leading zeros, no IPv4 in IPv6.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace podcheck::lint::invalid {

struct Address {
  std::array<std::uint8_t, 16> bytes{};  // an IPv4 address is in the first four
  bool v4 = true;
  bool is_unspecified() const;
  bool is_loopback() const;
  bool is_link_local_unicast() const;
  bool is_link_local_multicast() const;
};

struct Network {
  Address address;
  int prefix = 0;
  bool has_host_bits() const;
  bool contains(const Network& other) const;  // and is not the same
};

std::optional<Address> parse_address(std::string_view text);
std::optional<Network> parse_network(std::string_view text);

}  // namespace podcheck::lint::invalid
