#include "catalogue/cards/codec.hpp"

#include <bit>
#include <cassert>

namespace podcheck::catalogue {

namespace {
constexpr std::uint8_t missing_tag = 0xff;
}

void Packer::number(std::uint64_t value) {
  while (value >= 0x80) {
    bytes_.push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  bytes_.push_back(static_cast<char>(value));
}

void Packer::string(std::string_view text) {
  number(text.size());
  bytes_.append(text);
}

void Packer::strings(const std::vector<std::string>& list) {
  number(list.size());
  for (const auto& text : list) {
    string(text);
  }
}

void Packer::node(document::Node node) {
  using document::Type;
  if (!node) {
    bytes_.push_back(static_cast<char>(missing_tag));
    return;
  }
  bytes_.push_back(static_cast<char>(node.type()));
  switch (node.type()) {
    case Type::null:
      break;
    case Type::boolean:
      number(*node.boolean() ? 1 : 0);
      break;
    case Type::integer:
      number(static_cast<std::uint64_t>(*node.integer()));
      break;
    case Type::real:
      number(std::bit_cast<std::uint64_t>(*node.number()));
      break;
    case Type::string:
      string(node.string());
      break;
    case Type::sequence:
      number(node.size());
      for (document::Node item : node.items()) {
        this->node(item);
      }
      break;
    case Type::mapping:
      number(node.size());
      for (const auto& member : node.members()) {
        string(member.key);
        this->node(member.value);
      }
      break;
  }
}

std::uint64_t Unpacker::number() {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    assert(!rest_.empty());
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      return value;
    }
  }
}

std::string_view Unpacker::string() {
  const std::size_t size = number();
  assert(size <= rest_.size());
  std::string_view text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return text;
}

std::vector<std::string> Unpacker::strings() {
  std::vector<std::string> list(number());
  for (auto& text : list) {
    text = string();
  }
  return list;
}

bool Unpacker::node(document::Tree& tree) {
  const auto tag = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  if (tag == missing_tag) {
    return false;
  }
  document::TreeBuilder builder(tree);
  node_into(builder, tag);
  return true;
}

void Unpacker::node_into(document::TreeBuilder& builder, std::uint8_t tag) {
  using document::Type;
  const auto next_tag = [this] {
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  };
  switch (static_cast<Type>(tag)) {
    case Type::null:
      builder.null();
      break;
    case Type::boolean:
      builder.boolean(number() != 0);
      break;
    case Type::integer:
      builder.integer(static_cast<std::int64_t>(number()));
      break;
    case Type::real:
      builder.real(std::bit_cast<double>(number()));
      break;
    case Type::string:
      builder.string(string());
      break;
    case Type::sequence: {
      builder.begin_sequence();
      for (std::uint64_t left = number(); left > 0; --left) {
        node_into(builder, next_tag());
      }
      builder.end();
      break;
    }
    case Type::mapping: {
      builder.begin_mapping();
      for (std::uint64_t left = number(); left > 0; --left) {
        builder.key(string());
        node_into(builder, next_tag());
      }
      builder.end();
      break;
    }
  }
}

}  // namespace podcheck::catalogue
