#include "cluster/paste/draft.hpp"

namespace podcheck::cluster::paste {

Draft* Draft::find(std::string_view key) {
  auto item = items_.begin();
  for (const std::string& known : keys_) {
    if (known == key) {
      return &*item;
    }
    ++item;
  }
  return nullptr;
}

const Draft* Draft::find(std::string_view key) const {
  return const_cast<Draft*>(this)->find(key);
}

Draft& Draft::operator[](std::string_view key) {
  if (kind_ != Kind::mapping) {
    *this = Draft();
    kind_ = Kind::mapping;
  }
  if (Draft* member = find(key)) {
    return *member;
  }
  keys_.emplace_back(key);
  return items_.emplace_back();
}

bool Draft::erase(std::string_view key) {
  auto item = items_.begin();
  for (auto known = keys_.begin(); known != keys_.end(); ++known, ++item) {
    if (*known == key) {
      keys_.erase(known);
      items_.erase(item);
      return true;
    }
  }
  return false;
}

Draft& Draft::append() {
  if (kind_ != Kind::sequence) {
    *this = Draft();
    kind_ = Kind::sequence;
  }
  return items_.emplace_back();
}

void Draft::set(std::string_view text) {
  kind_ = Kind::string;
  text_ = text;
}

void Draft::set(std::int64_t number) {
  kind_ = Kind::integer;
  number_ = number;
}

void Draft::set(bool value) {
  kind_ = Kind::boolean;
  number_ = value ? 1 : 0;
}

void Draft::fill_from(const Draft& other) {
  if (kind_ == Kind::none) {
    *this = other;
  } else if (kind_ == Kind::mapping && other.kind_ == Kind::mapping) {
    auto item = other.items_.begin();
    for (const std::string& key : other.keys_) {
      (*this)[key].fill_from(*item++);
    }
  }
}

void Draft::emit(document::TreeBuilder& builder) const {
  switch (kind_) {
    case Kind::none:
    case Kind::null:
      builder.null();
      break;
    case Kind::boolean:
      builder.boolean(number_ != 0);
      break;
    case Kind::integer:
      builder.integer(number_);
      break;
    case Kind::string:
      builder.string(text_);
      break;
    case Kind::sequence:
      builder.begin_sequence();
      for (const Draft& item : items_) {
        item.emit(builder);
      }
      builder.end();
      break;
    case Kind::mapping: {
      builder.begin_mapping();
      auto key = keys_.begin();
      for (const Draft& item : items_) {
        if (!item.empty()) {
          builder.key(*key);
          item.emit(builder);
        }
        ++key;
      }
      builder.end();
      break;
    }
  }
}

Draft Draft::from(document::Node node) {
  Draft draft;
  if (node.is_mapping()) {
    draft.make_mapping();
    for (const document::Member& member : node.members()) {
      draft[member.key] = from(member.value);
    }
  } else if (node.is_sequence()) {
    draft.make_sequence();
    for (document::Node item : node.items()) {
      draft.append() = from(item);
    }
  } else if (node.is_boolean()) {
    draft.set(*node.boolean());
  } else if (node.is_integer()) {
    draft.set(*node.integer());
  } else if (node.is_null()) {
    draft.set_null();
  } else if (node) {
    draft.set(std::string_view(node.text()));
  }
  return draft;
}

}  // namespace podcheck::cluster::paste
