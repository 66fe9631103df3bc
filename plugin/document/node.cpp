#include "document/node.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace podcheck::document {

Type Node::type() const {
  return tree_ == nullptr ? Type::null : tree_->slots_[slot_].type;
}

Style Node::style() const {
  return tree_ == nullptr ? Style::none : tree_->slots_[slot_].style;
}

std::string_view Node::string(std::string_view fallback) const {
  if (!is_string()) {
    return fallback;
  }
  const Tree::Slot& slot = tree_->slots_[slot_];
  return {slot.chars, slot.length};
}

std::optional<bool> Node::boolean() const {
  if (!is_boolean()) {
    return std::nullopt;
  }
  return tree_->slots_[slot_].boolean;
}

std::optional<std::int64_t> Node::integer() const {
  if (is_integer()) {
    return tree_->slots_[slot_].integer;
  }
  if (type() == Type::real) {
    double value = tree_->slots_[slot_].real;
    if (std::trunc(value) == value && std::abs(value) < 9.0e18) {
      return static_cast<std::int64_t>(value);
    }
  }
  return std::nullopt;
}

std::optional<double> Node::number() const {
  if (is_integer()) {
    return static_cast<double>(tree_->slots_[slot_].integer);
  }
  if (type() == Type::real) {
    return tree_->slots_[slot_].real;
  }
  return std::nullopt;
}

std::string Node::text() const {
  switch (type()) {
    case Type::null:
      return tree_ == nullptr ? "" : "null";
    case Type::boolean:
      return tree_->slots_[slot_].boolean ? "true" : "false";
    case Type::integer:
      return std::to_string(tree_->slots_[slot_].integer);
    case Type::real: {
      char buffer[40];
      auto result = std::to_chars(buffer, buffer + sizeof buffer, tree_->slots_[slot_].real);
      return {buffer, result.ptr};
    }
    case Type::string:
      return std::string(string());
    default:
      return "";
  }
}

std::size_t Node::size() const {
  return is_sequence() || is_mapping() ? tree_->slots_[slot_].length : 0;
}

Node Node::operator[](std::string_view key) const {
  if (!is_mapping()) {
    return {};
  }
  const std::uint32_t index = tree_->find(slot_, key);
  return index == no_child ? Node() : Node(tree_, tree_->children_[index].slot, index);
}

std::uint32_t Tree::find(std::uint32_t at, std::string_view key) const {
  const Slot& slot = slots_[at];
  const auto first = static_cast<std::uint32_t>(slot.first_child);
  auto key_of = [this](std::uint32_t index) {
    return std::string_view(children_[index].key, children_[index].key_length);
  };
  if (slot.length >= indexed_size) {
    const std::vector<std::uint32_t>& index = by_key_.at(first);
    auto found = std::lower_bound(index.begin(), index.end(), key,
                                  [&](std::uint32_t child, std::string_view wanted) { return key_of(child) < wanted; });
    return found != index.end() && key_of(*found) == key ? *found : Node::no_child;
  }
  for (std::uint32_t i = first; i < first + slot.length; ++i) {
    const Child& child = children_[i];
    if (child.key_length == key.size() &&
        (key.empty() || (child.key[0] == key[0] && std::memcmp(child.key, key.data(), key.size()) == 0))) {
      return i;
    }
  }
  return Node::no_child;
}

void Tree::index_members(std::uint32_t at) {
  const Slot& slot = slots_[at];
  if (slot.type != Type::mapping || slot.length < indexed_size) {
    return;
  }
  const auto first = static_cast<std::uint32_t>(slot.first_child);
  std::vector<std::uint32_t>& index = by_key_[first];
  index.resize(slot.length);
  for (std::uint32_t i = 0; i < slot.length; ++i) {
    index[i] = first + i;
  }
  std::sort(index.begin(), index.end(), [this](std::uint32_t a, std::uint32_t b) {
    return std::string_view(children_[a].key, children_[a].key_length) <
           std::string_view(children_[b].key, children_[b].key_length);
  });
}

Node Node::operator[](std::size_t index) const {
  if (index >= size()) {
    return {};
  }
  std::uint32_t child = static_cast<std::uint32_t>(tree_->slots_[slot_].first_child + index);
  return {tree_, tree_->children_[child].slot, child};
}

Range Node::range() const {
  if (tree_ == nullptr) {
    return {};
  }
  const Tree::Slot& slot = tree_->slots_[slot_];
  return {slot.begin, slot.end};
}

Range Node::key_range() const {
  if (tree_ == nullptr || child_ == no_child) {
    return {};
  }
  const Tree::Child& child = tree_->children_[child_];
  return {child.key_begin, child.key_end};
}

std::string_view Node::key() const {
  if (tree_ == nullptr || child_ == no_child || tree_->children_[child_].key == nullptr) {
    return {};
  }
  return {tree_->children_[child_].key, tree_->children_[child_].key_length};
}

bool Node::shared() const {
  return tree_ != nullptr && child_ != no_child && tree_->children_[child_].shared;
}

Member Node::Members::Iterator::operator*() const {
  Node value = parent_[index_];
  return {value.key(), value};
}

Tree::Tree() = default;
Tree::~Tree() = default;

std::size_t Tree::memory_bytes() const {
  return slots_.capacity() * sizeof(Slot) + children_.capacity() * sizeof(Child) + block_bytes_;
}

std::string_view Tree::store(std::string_view bytes) {
  if (bytes.empty()) {
    return {"", 0};
  }
  if (block_used_ + bytes.size() > block_size_) {
    // Blocks grow with the tree: most trees are small, and there may be a million of them.
    constexpr std::size_t smallest = 256;
    constexpr std::size_t largest = 64 * 1024;
    block_size_ = std::max(bytes.size(), std::clamp(block_bytes_, smallest, largest));
    blocks_.push_back(std::make_unique<char[]>(block_size_));
    block_used_ = 0;
    block_bytes_ += block_size_;
  }
  char* place = blocks_.back().get() + block_used_;
  std::memcpy(place, bytes.data(), bytes.size());
  block_used_ += bytes.size();
  return {place, bytes.size()};
}

std::string_view Tree::intern(std::string_view key) {
  auto found = keys_.find(key);
  if (found != keys_.end()) {
    return *found;
  }
  return *keys_.insert(store(key)).first;
}

std::uint32_t TreeBuilder::add(Tree::Slot slot) {
  tree_.slots_.push_back(slot);
  last_ = static_cast<std::uint32_t>(tree_.slots_.size() - 1);
  return last_;
}

void TreeBuilder::attach(std::uint32_t slot, bool shared) {
  if (open_.empty()) {
    tree_.root_ = Node(&tree_, slot, Node::no_child);
    return;
  }
  Tree::Child child = pending_;
  pending_ = {};
  child.slot = slot;
  child.shared = shared;
  auto& siblings = open_.back().children;
  if (tree_.slots_[open_.back().slot].type == Type::mapping && siblings.size() < 64) {
    for (Tree::Child& sibling : siblings) {
      if (sibling.key == child.key && sibling.key_length == child.key_length) {
        sibling = child;
        return;
      }
    }
  }
  siblings.push_back(child);
}

void TreeBuilder::key(std::string_view text, Range range) {
  std::string_view key = tree_.intern(text);
  pending_.key = key.data();
  pending_.key_length = static_cast<std::uint32_t>(key.size());
  pending_.key_begin = range.begin;
  pending_.key_end = range.end;
}

namespace {
template <typename Slot>
Slot make_slot(Type type, Range range, Style style) {
  Slot slot;
  slot.type = type;
  slot.style = style;
  slot.begin = range.begin;
  slot.end = range.end;
  return slot;
}
}  // namespace

void TreeBuilder::null(Range range, Style style) {
  attach(add(make_slot<Tree::Slot>(Type::null, range, style)), false);
}

void TreeBuilder::boolean(bool value, Range range, Style style) {
  auto slot = make_slot<Tree::Slot>(Type::boolean, range, style);
  slot.boolean = value;
  attach(add(slot), false);
}

void TreeBuilder::integer(std::int64_t value, Range range, Style style) {
  auto slot = make_slot<Tree::Slot>(Type::integer, range, style);
  slot.integer = value;
  attach(add(slot), false);
}

void TreeBuilder::real(double value, Range range, Style style) {
  auto slot = make_slot<Tree::Slot>(Type::real, range, style);
  slot.real = value;
  attach(add(slot), false);
}

void TreeBuilder::string(std::string_view value, Range range, Style style) {
  auto slot = make_slot<Tree::Slot>(Type::string, range, style);
  std::string_view stored = tree_.store(value);
  slot.chars = stored.data();
  slot.length = static_cast<std::uint32_t>(stored.size());
  attach(add(slot), false);
}

void TreeBuilder::begin_mapping(Range range, Style style) {
  std::uint32_t slot = add(make_slot<Tree::Slot>(Type::mapping, range, style));
  attach(slot, false);
  open_.push_back({slot, {}});
  if (!spare_.empty()) {
    open_.back().children = std::move(spare_.back());
    spare_.pop_back();
  }
}

void TreeBuilder::begin_sequence(Range range, Style style) {
  begin_mapping(range, style);
  tree_.slots_[open_.back().slot].type = Type::sequence;
}

Node TreeBuilder::end(std::uint32_t end_offset) {
  Open open = std::move(open_.back());
  open_.pop_back();
  Tree::Slot& slot = tree_.slots_[open.slot];
  // Beyond 64 members the duplicate check of attach() would be quadratic; here one hash set finds what it left.
  if (slot.type == Type::mapping && open.children.size() >= 64) {
    std::unordered_set<const char*> seen;
    std::vector<Tree::Child> kept;
    kept.reserve(open.children.size());
    for (auto child = open.children.rbegin(); child != open.children.rend(); ++child) {
      if (seen.insert(child->key).second) {
        kept.push_back(*child);
      }
    }
    open.children.assign(kept.rbegin(), kept.rend());
  }
  slot.first_child = tree_.children_.size();
  slot.length = static_cast<std::uint32_t>(open.children.size());
  if (end_offset != 0) {
    slot.end = end_offset;
  }
  tree_.children_.insert(tree_.children_.end(), open.children.begin(), open.children.end());
  open.children.clear();
  spare_.push_back(std::move(open.children));
  tree_.index_members(open.slot);
  if (open_.empty()) {
    // Finished: lists of thousands of objects would else keep up to twice the room.
    tree_.slots_.shrink_to_fit();
    tree_.children_.shrink_to_fit();
    if (open.slot == 0) {  // the only root, as a rule: keys of later ones are stored again
      std::unordered_set<std::string_view>().swap(tree_.keys_);
    }
  }
  return Node(&tree_, open.slot, Node::no_child);
}

void TreeBuilder::alias(Node node, Range range) {
  Tree::Slot slot = tree_.slots_[node.slot_];
  slot.begin = range.begin;
  slot.end = range.end;
  attach(add(slot), true);
}

void TreeBuilder::share(Node node) {
  const Tree::Slot& slot = tree_.slots_[node.slot_];
  for (std::size_t i = 0; i < node.size(); ++i) {
    Tree::Child& child = tree_.children_[static_cast<std::size_t>(slot.first_child) + i];
    if (!child.shared) {
      child.shared = true;
      share(Node(&tree_, child.slot, Node::no_child));
    }
  }
}

void TreeBuilder::begin_detached() {
  Tree::Slot slot;
  slot.type = Type::sequence;
  open_.push_back({add(slot), {}});
}

Node TreeBuilder::end_detached() {
  return end();
}

void TreeBuilder::alias(Node node) {
  if (node.tree_ == &tree_) {
    attach(node.slot_, true);
  } else {
    copy(node, true);
  }
}

void TreeBuilder::copy(Node node, bool shared) {
  switch (node.type()) {
    case Type::null:
      null(node.range(), node.style());
      break;
    case Type::boolean:
      boolean(*node.boolean(), node.range(), node.style());
      break;
    case Type::integer:
      integer(*node.integer(), node.range(), node.style());
      break;
    case Type::real:
      real(*node.number(), node.range(), node.style());
      break;
    case Type::string:
      string(node.string(), node.range(), node.style());
      break;
    case Type::sequence:
      begin_sequence(node.range(), node.style());
      for (Node item : node.items()) {
        copy(item);
      }
      end();
      break;
    case Type::mapping:
      begin_mapping(node.range(), node.style());
      for (const Member& member : node.members()) {
        key(member.key, member.value.key_range());
        copy(member.value);
      }
      end();
      break;
  }
  if (shared && !open_.empty()) {
    open_.back().children.back().shared = true;
  }
}

namespace {

bool plain_key(std::string_view key) {
  return !key.empty() && key.find_first_of(".[]\"/ ") == std::string_view::npos;
}

void append_step(std::string& path, std::string_view key) {
  if (plain_key(key)) {
    path += path.empty() ? "" : ".";
    path += key;
  } else {
    path += "[\"";
    path += key;
    path += "\"]";
  }
}

std::uint32_t start_of(Node node) {
  Range key = node.key_range();
  return key.begin != key.end ? key.begin : node.range().begin;
}

// Goes down by the places in the text, without looking at siblings. Fails for what is reached through an alias or a
// merge key, and in trees without a text.
bool guided_path(Node at, Node wanted, std::string& path) {
  std::uint32_t place = start_of(wanted);
  while (at != wanted) {
    std::size_t low = 0;
    std::size_t high = at.size();
    while (low < high) {  // the last child that begins at or before the place
      std::size_t middle = low + (high - low) / 2;
      if (start_of(at[middle]) <= place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return false;
    }
    bool sequence = at.is_sequence();
    at = at[low - 1];
    if (sequence) {
      path += '[' + std::to_string(low - 1) + ']';
    } else {
      append_step(path, at.key());
    }
  }
  return true;
}

bool find_path(Node at, Node wanted, std::string& path) {
  if (at == wanted) {
    return true;
  }
  std::size_t length = path.size();
  std::size_t index = 0;
  for (Node item : at.items()) {
    path += '[' + std::to_string(index++) + ']';
    if (find_path(item, wanted, path)) {
      return true;
    }
    path.resize(length);
  }
  for (const Member& member : at.members()) {
    append_step(path, member.key);
    if (find_path(member.value, wanted, path)) {
      return true;
    }
    path.resize(length);
  }
  return false;
}

}  // namespace

std::string path_of(Node root, Node node) {
  std::string path;
  if (!node || !root || guided_path(root, node, path)) {
    return path;
  }
  path.clear();
  return find_path(root, node, path) ? path : std::string();
}

Node at_path(Node root, std::string_view path) {
  Node node = root;
  while (!path.empty() && node) {
    if (path.front() == '.') {
      path.remove_prefix(1);
    } else if (path.starts_with("[\"")) {
      std::size_t close = path.find("\"]");
      if (close == std::string_view::npos) {
        return {};
      }
      node = node[path.substr(2, close - 2)];
      path.remove_prefix(close + 2);
    } else if (path.front() == '[') {
      std::size_t index = 0;
      std::size_t close = path.find(']');
      if (close == std::string_view::npos) {
        return {};
      }
      std::from_chars(path.data() + 1, path.data() + close, index);
      node = node[index];
      path.remove_prefix(close + 1);
    } else {
      std::size_t stop = path.find_first_of(".[");
      node = node[path.substr(0, stop)];
      path.remove_prefix(stop == std::string_view::npos ? path.size() : stop);
    }
  }
  return node;
}

bool equal(Node a, Node b) {
  if (static_cast<bool>(a) != static_cast<bool>(b)) {
    return false;
  }
  if (!a) {
    return true;
  }
  if (a.is_number() && b.is_number()) {
    return a.number() == b.number() && a.integer() == b.integer();
  }
  if (a.type() != b.type() || a.size() != b.size()) {
    return false;
  }
  if (a.is_sequence()) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!equal(a[i], b[i])) {
        return false;
      }
    }
    return true;
  }
  if (a.is_mapping()) {
    for (const Member& member : a.members()) {
      Node other = b[member.key];
      if (!other || !equal(member.value, other)) {
        return false;
      }
    }
    return true;
  }
  return a.text() == b.text();
}

}  // namespace podcheck::document
