// The one object model: a compact tree with the byte range of every key and value.
// Manifests, cluster objects, rule cards and configuration are all read into it.
#pragma once

#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace podcheck::document {

enum class Type : std::uint8_t { null, boolean, integer, real, string, sequence, mapping };

// How a node was written in its source.
enum class Style : std::uint8_t { none, plain, single_quoted, double_quoted, literal, folded, flow, block };

// Half-open range of bytes in the source text. Empty at offset 0 for trees that were not read from text.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Range&) const = default;
};

class Tree;
struct Member;

// A cheap handle on a place in a Tree; a default-made or failed look-up is a *missing* node, on which every look-up is
// missing again, so that chains need no checks: node["spec"]["replicas"].integer().
// Valid as long as its Tree.
class Node {
 public:
  Node() = default;
  explicit operator bool() const { return tree_ != nullptr; }

  Type type() const;  // null for a missing node
  Style style() const;
  bool is_null() const { return tree_ != nullptr && type() == Type::null; }
  bool is_boolean() const { return type() == Type::boolean; }
  bool is_integer() const { return type() == Type::integer; }
  bool is_number() const { return type() == Type::integer || type() == Type::real; }
  bool is_string() const { return type() == Type::string; }
  bool is_sequence() const { return type() == Type::sequence; }
  bool is_mapping() const { return type() == Type::mapping; }
  bool is_scalar() const { return tree_ != nullptr && !is_sequence() && !is_mapping(); }

  // The value of a string node; `fallback` for any other type.
  std::string_view string(std::string_view fallback = {}) const;
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;  // also for reals without a fraction that fit (80.0)
  std::optional<double> number() const;
  // A scalar as JSON would print it, strings without quotes; empty for collections and missing nodes.
  std::string text() const;

  std::size_t size() const;  // elements or members; 0 otherwise
  bool empty() const { return size() == 0; }
  Node operator[](std::string_view key) const;
  Node operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  Node operator[](std::size_t index) const;
  Node operator[](int index) const { return (*this)[static_cast<std::size_t>(index)]; }
  bool has(std::string_view key) const { return static_cast<bool>((*this)[key]); }

  // Iteration; works on missing nodes (nothing) too. `for (Node item : n.items())`, `for (const Member& m :
  // n.members())`.
  class Items;
  class Members;
  Items items() const;
  Members members() const;

  Range range() const;      // of the value in the source text
  Range key_range() const;  // of the key when this node was reached as a member; else empty
  std::string_view key() const;
  // Reached through an alias or a merge key: other places share these bytes, so an edit here would change them too.
  bool shared() const;

  const Tree* tree() const { return tree_; }
  // Identity of the place (not of the value): same tree, slot and position in the parent.
  bool operator==(const Node&) const = default;

 private:
  friend class Tree;
  friend class TreeBuilder;
  static constexpr std::uint32_t no_child = 0xffffffff;
  Node(const Tree* tree, std::uint32_t slot, std::uint32_t child) : tree_(tree), slot_(slot), child_(child) {}
  const Tree* tree_ = nullptr;
  std::uint32_t slot_ = 0;
  std::uint32_t child_ = no_child;
};

struct Member {
  std::string_view key;
  Node value;
};

// Owns nodes and strings. Movable; Nodes point to it, so keep it in a stable place (unique_ptr or a deque).
class Tree {
 public:
  Tree();
  ~Tree();
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  Node root() const { return root_; }
  std::size_t node_count() const { return slots_.size(); }
  std::size_t memory_bytes() const;

 private:
  friend class Node;
  friend class TreeBuilder;
  struct Slot {
    union {
      const char* chars;
      std::int64_t integer;
      double real;
      bool boolean;
      std::uint64_t first_child;
    };
    std::uint32_t length = 0;  // bytes of a string, or number of children
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    Type type = Type::null;
    Style style = Style::none;
    Slot() : integer(0) {}
  };
  struct Child {
    const char* key = nullptr;
    std::uint32_t key_length = 0;
    std::uint32_t slot = 0;
    std::uint32_t key_begin = 0;
    std::uint32_t key_end = 0;
    bool shared = false;
  };
  std::vector<Slot> slots_;
  std::vector<Child> children_;
  std::deque<std::unique_ptr<char[]>> blocks_;
  std::size_t block_used_ = 0;
  std::size_t block_size_ = 0;
  std::size_t block_bytes_ = 0;
  std::unordered_set<std::string_view> keys_;  // interned keys
  // Members of large mappings, sorted by key, so that a look-up does not read them all; found by the first child.
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_key_;
  static constexpr std::uint32_t indexed_size = 32;
  Node root_;

  std::uint32_t find(std::uint32_t slot, std::string_view key) const;
  void index_members(std::uint32_t slot);
  std::string_view store(std::string_view bytes);
  std::string_view intern(std::string_view key);
};

// Builds a Tree bottom-up, event by event. Scalars and collections become a member of the open mapping (call key()
// first), an element of the open sequence, or the root.
class TreeBuilder {
 public:
  explicit TreeBuilder(Tree& tree) : tree_(tree) {}

  void key(std::string_view text, Range range = {});
  void null(Range range = {}, Style style = Style::none);
  void boolean(bool value, Range range = {}, Style style = Style::none);
  void integer(std::int64_t value, Range range = {}, Style style = Style::none);
  void real(double value, Range range = {}, Style style = Style::none);
  void string(std::string_view value, Range range = {}, Style style = Style::none);
  void begin_mapping(Range range = {}, Style style = Style::none);
  void begin_sequence(Range range = {}, Style style = Style::none);
  Node end(std::uint32_t end_offset = 0);  // closes the open collection and sets the end of its range
  // Puts an existing node of the same tree here again (an alias); the subtree is shared, not copied. With a range the
  // node stands at these bytes, and only what is below it keeps its own.
  void alias(Node node);
  void alias(Node node, Range range);
  // Marks everything below a finished node as shared: an alias or a merge key shows it elsewhere too.
  void share(Node node);
  // Collects nodes outside the tree, as elements of a sequence that end_detached() returns.
  void begin_detached();
  Node end_detached();
  Node last() const { return Node(&tree_, last_, Node::no_child); }  // the scalar or alias added last
  // Copies a node of any tree here, ranges included; `shared` marks it as not editable.
  void copy(Node node, bool shared = false);
  // In a mapping: a later member of the same key replaces the earlier one (default), as kubectl does.
  std::size_t depth() const { return open_.size(); }

 private:
  struct Open {
    std::uint32_t slot;
    std::vector<Tree::Child> children;
  };
  Tree& tree_;
  std::vector<Open> open_;
  std::vector<std::vector<Tree::Child>> spare_;
  Tree::Child pending_;
  std::uint32_t last_ = 0;
  std::uint32_t add(Tree::Slot slot);
  void attach(std::uint32_t slot, bool shared);
};

// "spec.template.spec.containers[0].image": the way from `root` to `node`, keys with dots or slashes in brackets and
// quotes (metadata.labels["app.kubernetes.io/name"]). Empty when node is root or not below it.
std::string path_of(Node root, Node node);
// The node at such a path; missing when there is none.
Node at_path(Node root, std::string_view path);
// Same JSON value: types and contents, mapping order ignored.
bool equal(Node a, Node b);

class Node::Items {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    using pointer = const Node*;
    using reference = Node;
    Iterator() = default;
    Iterator(Node parent, std::size_t index) : parent_(parent), index_(index) {}
    Node operator*() const { return parent_[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator copy = *this;
      ++index_;
      return copy;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    Node parent_;
    std::size_t index_ = 0;
  };
  explicit Items(Node node) : node_(node) {}
  Iterator begin() const { return {node_, 0}; }
  Iterator end() const { return {node_, node_.is_sequence() ? node_.size() : 0}; }

 private:
  Node node_;
};

class Node::Members {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Member;
    using difference_type = std::ptrdiff_t;
    using pointer = const Member*;
    using reference = Member;
    Iterator() = default;
    Iterator(Node parent, std::size_t index) : parent_(parent), index_(index) {}
    Member operator*() const;
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator copy = *this;
      ++index_;
      return copy;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    Node parent_;
    std::size_t index_ = 0;
  };
  explicit Members(Node node) : node_(node) {}
  Iterator begin() const { return {node_, 0}; }
  Iterator end() const { return {node_, node_.is_mapping() ? node_.size() : 0}; }

 private:
  Node node_;
};

inline Node::Items Node::items() const {
  return Items(*this);
}
inline Node::Members Node::members() const {
  return Members(*this);
}

}  // namespace podcheck::document
