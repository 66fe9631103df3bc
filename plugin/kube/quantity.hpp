// Kubernetes quantities ("800m", "512Mi", "1e3") with exact arithmetic.
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "document/node.hpp"

namespace podcheck::kube {

__extension__ typedef __int128 Int128;

// The value in thousandths of a millionth, as the API server keeps it; more precise input is rounded away from zero,
// as the server rounds it. Sums and products saturate far above anything a cluster can hold.
class Quantity {
 public:
  // What the suffix was written in; decides how it is printed.
  enum class Format : std::uint8_t { decimal, binary, exponent };

  Quantity() = default;
  static Quantity from_units(std::int64_t units, Format format = Format::decimal);
  static Quantity from_milli(std::int64_t milli);
  static Quantity from_nanos(Int128 nanos, Format format = Format::decimal);

  Int128 nanos() const { return nanos_; }
  Format format() const { return format_; }
  bool is_zero() const { return nanos_ == 0; }
  bool is_negative() const { return nanos_ < 0; }
  // Has no fraction of one.
  bool is_whole() const;
  // Rounded up, as Quantity.Value() and MilliValue() round; saturating.
  std::int64_t units() const;
  std::int64_t milli() const;
  double approximate() const;

  Quantity& operator+=(Quantity other);
  Quantity& operator-=(Quantity other);
  friend Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  Quantity times(std::int64_t factor) const;
  std::strong_ordering operator<=>(const Quantity& other) const { return nanos_ <=> other.nanos_; }
  bool operator==(const Quantity& other) const { return nanos_ == other.nanos_; }

 private:
  Int128 nanos_ = 0;
  Format format_ = Format::decimal;
};

// Why a text is no quantity, and at which byte it stops being one.
struct QuantityError {
  enum class Kind : std::uint8_t { none, empty, number, suffix } kind = Kind::none;
  std::size_t at = 0;
};

// Surrounding blanks are trimmed, as the server trims them.
std::optional<Quantity> parse_quantity(std::string_view text, QuantityError* error = nullptr);
// Of a string or number node; nothing for anything else or when it does not parse.
std::optional<Quantity> quantity_of(document::Node node);
// The suffix as written: "m", "Mi", "e3", "".
std::string_view quantity_suffix(std::string_view text);

// The server's canonical form: "800m", "1500m", "512Mi", "1k".
std::string to_string(const Quantity& quantity);
// For people: cpu as "800m" or "2"; memory, storage and other bytes in the largest binary unit ("512Mi", "1.4Gi",
// small values in bytes: "0.512 bytes"); everything else canonical.
std::string format_cpu(const Quantity& quantity);
std::string format_bytes(const Quantity& quantity);
std::string format_resource(std::string_view resource, const Quantity& quantity);
bool counts_bytes(std::string_view resource);  // memory, ephemeral-storage, storage, hugepages-*

}  // namespace podcheck::kube
