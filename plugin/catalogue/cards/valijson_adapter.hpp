// A strict valijson adapter over document::Node: a number is never a string, a quoted number never a number.
// Included by json_schema.cpp alone: valijson is slow to compile.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <valijson/internal/adapter.hpp>
#include <valijson/internal/basic_adapter.hpp>
#include <valijson/internal/frozen_value.hpp>

#include "document/node.hpp"

namespace valijson::adapters {

class NodeAdapter;
using NodeMember = std::pair<std::string, NodeAdapter>;
using PodcheckNode = podcheck::document::Node;

// Bidirectional, as valijson's uniqueItems needs; elements of a sequence or members of a mapping by index.
template <typename Value>
class NodeIterator {
 public:
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = Value;
  using difference_type = std::ptrdiff_t;
  using pointer = Value*;
  using reference = Value;

  NodeIterator(PodcheckNode parent, std::size_t index) : parent_(parent), index_(index) {}
  Value operator*() const;
  DerefProxy<Value> operator->() const { return DerefProxy<Value>(**this); }
  bool operator==(const NodeIterator& other) const { return index_ == other.index_; }
  bool operator!=(const NodeIterator& other) const { return index_ != other.index_; }
  NodeIterator& operator++() {
    ++index_;
    return *this;
  }
  NodeIterator operator++(int) {
    NodeIterator before = *this;
    ++index_;
    return before;
  }
  NodeIterator& operator--() {
    --index_;
    return *this;
  }
  void advance(std::ptrdiff_t steps) { index_ += static_cast<std::size_t>(steps); }

 private:
  PodcheckNode parent_;
  std::size_t index_;
};

class NodeArray {
 public:
  using const_iterator = NodeIterator<NodeAdapter>;
  using iterator = const_iterator;
  NodeArray() = default;
  explicit NodeArray(PodcheckNode node) : node_(node) {}
  iterator begin() const { return {node_, 0}; }
  iterator end() const { return {node_, node_.size()}; }
  std::size_t size() const { return node_.size(); }

 private:
  PodcheckNode node_;
};

class NodeObject {
 public:
  using const_iterator = NodeIterator<NodeMember>;
  using iterator = const_iterator;
  NodeObject() = default;
  explicit NodeObject(PodcheckNode node) : node_(node) {}
  iterator begin() const { return {node_, 0}; }
  iterator end() const { return {node_, node_.size()}; }
  iterator find(const std::string& name) const {
    std::size_t index = 0;
    for (const auto& member : node_.members()) {
      if (member.key == name) {
        return {node_, index};
      }
      ++index;
    }
    return end();
  }
  std::size_t size() const { return node_.size(); }

 private:
  PodcheckNode node_;
};

// valijson keeps these for enum and const; the schema's tree outlives the schema, so the handle is enough.
class FrozenNode : public FrozenValue {
 public:
  explicit FrozenNode(PodcheckNode node) : node_(node) {}
  FrozenValue* clone() const override { return new FrozenNode(node_); }
  bool equalTo(const Adapter& other, bool strict) const override;

 private:
  PodcheckNode node_;
};

class NodeValue {
 public:
  NodeValue() = default;
  explicit NodeValue(PodcheckNode node) : node_(node) {}
  PodcheckNode node() const { return node_; }

  FrozenValue* freeze() const { return new FrozenNode(node_); }
  std::optional<NodeArray> getArrayOptional() const {
    return isArray() ? std::optional<NodeArray>(NodeArray(node_)) : std::nullopt;
  }
  std::optional<NodeObject> getObjectOptional() const {
    return isObject() ? std::optional<NodeObject>(NodeObject(node_)) : std::nullopt;
  }
  bool getArraySize(std::size_t& result) const {
    result = node_.size();
    return isArray();
  }
  bool getObjectSize(std::size_t& result) const {
    result = node_.size();
    return isObject();
  }
  bool getBool(bool& result) const {
    result = node_.boolean().value_or(false);
    return isBool();
  }
  bool getDouble(double& result) const {
    result = node_.number().value_or(0);
    return isDouble();
  }
  bool getInteger(std::int64_t& result) const {
    result = node_.integer().value_or(0);
    return isInteger();
  }
  bool getString(std::string& result) const {
    result = node_.string();
    return isString();
  }
  static bool hasStrictTypes() { return true; }
  bool isArray() const { return node_.is_sequence(); }
  bool isBool() const { return node_.is_boolean(); }
  bool isDouble() const { return node_.type() == podcheck::document::Type::real; }
  bool isInteger() const { return node_.is_integer(); }
  bool isNull() const { return node_.type() == podcheck::document::Type::null; }
  bool isNumber() const { return node_.is_number(); }
  bool isObject() const { return node_.is_mapping(); }
  bool isString() const { return node_.is_string(); }

 private:
  PodcheckNode node_;
};

class NodeAdapter : public BasicAdapter<NodeAdapter, NodeArray, NodeMember, NodeObject, NodeValue> {
 public:
  explicit NodeAdapter(PodcheckNode node) : BasicAdapter(NodeValue(node)) {}
};

template <>
struct AdapterTraits<NodeAdapter> {
  using DocumentType = PodcheckNode;
  static std::string adapterName() { return "NodeAdapter"; }
};

inline bool FrozenNode::equalTo(const Adapter& other, bool strict) const {
  return NodeAdapter(node_).equalTo(other, strict);
}

template <>
inline NodeAdapter NodeIterator<NodeAdapter>::operator*() const {
  return NodeAdapter(parent_[index_]);
}

template <>
inline NodeMember NodeIterator<NodeMember>::operator*() const {
  PodcheckNode member = parent_[index_];
  return {std::string(member.key()), NodeAdapter(member)};
}

}  // namespace valijson::adapters
