#include "scheduling/value.hpp"

#include <algorithm>
#include <charconv>

#include "document/document.hpp"

namespace podcheck::scheduling {

using document::Node;
using document::Type;

Value Value::string(std::string_view text) {
  Value value;
  value.type_ = Type::string;
  value.text_ = text;
  return value;
}

Value Value::integer(std::int64_t number) {
  Value value;
  value.type_ = Type::integer;
  value.integer_ = number;
  return value;
}

Value Value::boolean(bool flag) {
  Value value;
  value.type_ = Type::boolean;
  value.boolean_ = flag;
  return value;
}

Value Value::mapping() {
  Value value;
  value.type_ = Type::mapping;
  return value;
}

Value Value::sequence() {
  Value value;
  value.type_ = Type::sequence;
  return value;
}

Value Value::from(Node node) {
  Value value;
  value.type_ = node.type();
  switch (node.type()) {
    case Type::null:
      break;
    case Type::boolean:
      value.boolean_ = node.boolean().value_or(false);
      break;
    case Type::integer:
      value.integer_ = node.integer().value_or(0);
      break;
    case Type::real:
      value.real_ = node.number().value_or(0);
      break;
    case Type::string:
      value.text_ = node.string();
      break;
    case Type::sequence:
      for (Node item : node.items()) {
        value.items_.push_back(from(item));
      }
      break;
    case Type::mapping:
      for (const document::Member& member : node.members()) {
        value.members_.emplace_back(std::string(member.key), from(member.value));
      }
      break;
  }
  return value;
}

Value* Value::find(std::string_view key) {
  auto at = std::find_if(members_.begin(), members_.end(), [&](const auto& member) { return member.first == key; });
  return at == members_.end() ? nullptr : &at->second;
}

Value& Value::member(std::string_view key) {
  if (!is_mapping()) {
    *this = mapping();
  }
  if (Value* known = find(key)) {
    return *known;
  }
  return members_.emplace_back(std::string(key), Value()).second;
}

void Value::erase(std::string_view key) {
  std::erase_if(members_, [&](const auto& member) { return member.first == key; });
}

void Value::append(Value value) {
  if (!is_sequence()) {
    *this = sequence();
  }
  items_.push_back(std::move(value));
}

void Value::write(document::TreeBuilder& builder) const {
  switch (type_) {
    case Type::null:
      builder.null();
      break;
    case Type::boolean:
      builder.boolean(boolean_);
      break;
    case Type::integer:
      builder.integer(integer_);
      break;
    case Type::real:
      builder.real(real_);
      break;
    case Type::string:
      builder.string(text_);
      break;
    case Type::sequence:
      builder.begin_sequence();
      for (const Value& item : items_) {
        item.write(builder);
      }
      builder.end();
      break;
    case Type::mapping:
      builder.begin_mapping();
      for (const auto& [key, value] : members_) {
        builder.key(key);
        value.write(builder);
      }
      builder.end();
      break;
  }
}

std::unique_ptr<document::Tree> Value::tree() const {
  auto tree = std::make_unique<document::Tree>();
  document::TreeBuilder builder(*tree);
  write(builder);
  return tree;
}

std::string Value::json() const {
  return document::to_json(tree()->root());
}

// Where a JSON pointer leads: the collection that holds the last segment, and that segment.
struct PatchTarget {
  Value* parent = nullptr;
  std::string last;

  PatchTarget(Value& root, std::string_view pointer) {
    Value* at = &root;
    while (!pointer.empty()) {
      pointer.remove_prefix(1);
      std::size_t slash = std::min(pointer.find('/'), pointer.size());
      std::string segment = unescaped(pointer.substr(0, slash));
      pointer.remove_prefix(slash);
      if (pointer.empty()) {
        parent = at;
        last = std::move(segment);
        return;
      }
      at = child(*at, segment);
      if (at == nullptr) {
        return;
      }
    }
  }

  static std::size_t index_of(std::string_view segment) {
    std::size_t index = SIZE_MAX;
    auto [end, status] = std::from_chars(segment.data(), segment.data() + segment.size(), index);
    return status == std::errc() && end == segment.data() + segment.size() ? index : SIZE_MAX;
  }

  static Value* child(Value& at, std::string_view segment) {
    if (at.is_mapping()) {
      return at.find(segment);
    }
    std::size_t index = index_of(segment);
    return at.is_sequence() && index < at.items_.size() ? &at.items_[index] : nullptr;
  }

  static std::string unescaped(std::string_view segment) {
    std::string text;
    for (std::size_t index = 0; index < segment.size(); ++index) {
      if (segment[index] == '~' && index + 1 < segment.size()) {
        text += segment[++index] == '1' ? '/' : '~';
      } else {
        text += segment[index];
      }
    }
    return text;
  }

  bool apply(const PatchStep& step) {
    if (parent == nullptr || !(parent->is_mapping() || parent->is_sequence())) {
      return false;
    }
    if (parent->is_mapping()) {
      if (step.op != "add" && parent->find(last) == nullptr) {
        return false;
      }
      if (step.op == "remove") {
        parent->erase(last);
      } else {
        parent->member(last) = step.value;
      }
      return true;
    }
    std::vector<Value>& items = parent->items_;
    if (step.op == "add" && last == "-") {
      items.push_back(step.value);
      return true;
    }
    std::size_t index = index_of(last);
    if (index >= items.size() + (step.op == "add" ? 1 : 0)) {
      return false;
    }
    auto at = items.begin() + static_cast<std::ptrdiff_t>(index);
    if (step.op == "add") {
      items.insert(at, step.value);
    } else if (step.op == "remove") {
      items.erase(at);
    } else {
      *at = step.value;
    }
    return true;
  }
};

bool apply_patch(const Patch& patch, Value& value) {
  return std::all_of(patch.begin(), patch.end(),
                     [&](const PatchStep& step) { return PatchTarget(value, step.path).apply(step); });
}

std::string to_json(const Patch& patch) {
  Value list = Value::sequence();
  for (const PatchStep& step : patch) {
    Value entry = Value::mapping();
    entry.member("op") = Value::string(step.op);
    entry.member("path") = Value::string(step.path);
    if (step.op != "remove") {
      entry.member("value") = step.value;
    }
    list.append(std::move(entry));
  }
  return list.json();
}

std::string pointer_segment(std::string_view key) {
  std::string text;
  for (char letter : key) {
    if (letter == '~') {
      text += "~0";
    } else if (letter == '/') {
      text += "~1";
    } else {
      text += letter;
    }
  }
  return text;
}

}  // namespace podcheck::scheduling
