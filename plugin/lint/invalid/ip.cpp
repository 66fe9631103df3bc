#include "lint/invalid/ip.hpp"

#include <algorithm>
#include <vector>

namespace podcheck::lint::invalid {

namespace {

std::optional<int> decimal(std::string_view text, int maximum) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0'))
    return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value <= maximum ? std::optional<int>(value) : std::nullopt;
}

std::optional<Address> parse_v4(std::string_view text) {
  Address address;
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3))
      return std::nullopt;
    const auto part = decimal(text.substr(0, dot), 255);
    if (!part)
      return std::nullopt;
    address.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(*part);
    text.remove_prefix(i == 3 ? text.size() : dot + 1);
  }
  return address;
}

int hex(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

// Groups of one side of "::".
bool groups(std::string_view text, std::vector<std::uint8_t>& bytes) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    const std::string_view group = text.substr(0, end);
    if (group.find('.') != std::string_view::npos) {
      const auto v4 = end == text.size() ? parse_v4(group) : std::nullopt;
      if (!v4)
        return false;
      bytes.insert(bytes.end(), v4->bytes.begin(), v4->bytes.begin() + 4);
      return true;
    }
    if (group.empty() || group.size() > 4)
      return false;
    int value = 0;
    for (const char c : group) {
      if (hex(c) < 0)
        return false;
      value = value * 16 + hex(c);
    }
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value & 0xff));
    if (end + 1 == text.size())
      return false;  // a colon at the end
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return bytes.size() <= 16;
}

std::optional<Address> parse_v6(std::string_view text) {
  Address address;
  address.v4 = false;
  std::vector<std::uint8_t> head, tail;
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    if (!groups(text, head) || head.size() != 16)
      return std::nullopt;
  } else {
    if (!groups(text.substr(0, gap), head) || !groups(text.substr(gap + 2), tail))
      return std::nullopt;
    if (head.size() + tail.size() > 14)
      return std::nullopt;
  }
  std::copy(head.begin(), head.end(), address.bytes.begin());
  std::copy_backward(tail.begin(), tail.end(), address.bytes.end());
  const bool mapped = std::all_of(address.bytes.begin(), address.bytes.begin() + 10, [](auto b) { return b == 0; }) &&
                      address.bytes[10] == 0xff && address.bytes[11] == 0xff;
  return mapped ? std::nullopt : std::optional<Address>(address);
}

bool bit(const Address& address, int index) {
  return (address.bytes[static_cast<std::size_t>(index / 8)] >> (7 - index % 8)) & 1;
}

}  // namespace

bool Address::is_unspecified() const {
  return std::all_of(bytes.begin(), bytes.end(), [](auto b) { return b == 0; });
}

bool Address::is_loopback() const {
  if (v4)
    return bytes[0] == 127;
  return std::all_of(bytes.begin(), bytes.end() - 1, [](auto b) { return b == 0; }) && bytes[15] == 1;
}

bool Address::is_link_local_unicast() const {
  return v4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

bool Address::is_link_local_multicast() const {
  return v4 ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0 : bytes[0] == 0xff && (bytes[1] & 0x0f) == 0x02;
}

bool Network::has_host_bits() const {
  for (int i = prefix; i < (address.v4 ? 32 : 128); ++i)
    if (bit(address, i))
      return true;
  return false;
}

bool Network::contains(const Network& other) const {
  if (address.v4 != other.address.v4 || other.prefix <= prefix)
    return false;
  for (int i = 0; i < prefix; ++i)
    if (bit(address, i) != bit(other.address, i))
      return false;
  return true;
}

std::optional<Address> parse_address(std::string_view text) {
  return text.find(':') == std::string_view::npos ? parse_v4(text) : parse_v6(text);
}

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos)
    return std::nullopt;
  const auto address = parse_address(text.substr(0, slash));
  if (!address)
    return std::nullopt;
  const auto prefix = decimal(text.substr(slash + 1), address->v4 ? 32 : 128);
  if (!prefix)
    return std::nullopt;
  return Network{*address, *prefix};
}

}  // namespace podcheck::lint::invalid
