#include "document/yaml_compose.hpp"

#include <algorithm>
#include <unordered_map>

#include "document/member_keys.hpp"
#include "document/utf8.hpp"
#include "document/yaml_scalar.hpp"

namespace podcheck::document {

namespace {

using Kind = OutlineEvent::Kind;

// kubectl's guard against alias bombs: the share of nodes that come from aliases, which may be large in small documents
// only (goyaml.v2 decode.go).
double allowed_alias_share(std::uint64_t nodes) {
  constexpr double low = 400000;
  constexpr double high = 4000000;
  const double count = static_cast<double>(nodes);
  if (count <= low) {
    return 0.99;
  }
  return count >= high ? 0.10 : 0.99 - 0.89 * ((count - low) / (high - low));
}

class Composer {
 public:
  Composer(const ComposeInput& input, Tree& tree, std::vector<Problem>& problems, SyntaxError& error)
      : in_(input), events_(input.outline.events), builder_(tree), problems_(problems), error_(error) {}

  bool run() {
    ++counted_;
    std::size_t height = 0;
    return events_.empty() || node(height);
  }

 private:
  struct Anchor {
    Node node;
    bool open = true;
    Range name;              // identifies it: a name can be given again inside of what it names
    std::uint64_t cost = 0;  // nodes that showing it again adds
    std::size_t height = 0;
  };

  bool fail(std::string variant, Range range, std::vector<std::pair<std::string, std::string>> values = {},
            Range related = {}) {
    error_ = {std::move(variant), range, std::move(values), related};
    return false;
  }

  std::string_view slice(Range range) const { return in_.text.substr(range.begin, range.end - range.begin); }

  Outline::Properties properties(const OutlineEvent& event) const {
    return event.properties == OutlineEvent::none ? Outline::Properties{} : in_.outline.properties[event.properties];
  }

  Anchor* open_anchor(const OutlineEvent& event) {
    Range range = properties(event).anchor;
    if (range.end == 0) {
      return nullptr;
    }
    Anchor& anchor = anchors_[slice({range.begin + 1, range.end})];
    anchor = {};
    anchor.name = range;
    return &anchor;
  }

  void close_anchor(Anchor* anchor, Range name, Node node, std::uint64_t counted_before, std::size_t height) {
    if (anchor == nullptr || !(anchor->name == name)) {
      return;
    }
    anchor->node = node;
    anchor->open = false;
    anchor->cost = counted_ - counted_before;
    anchor->height = height;
  }

  // Without anything to decode, the text is a part of the source. Only where line breaks are the plain ones.
  bool written_out(const OutlineEvent& event, std::string_view& source) const {
    if (in_.values == nullptr || event.style == Style::literal || event.style == Style::folded) {
      return false;
    }
    const auto has = [](std::string_view text, char c) { return text.find(c) != std::string_view::npos; };
    if (has(source, '\n') || has(source, '\r')) {
      return false;
    }
    if (event.style == Style::plain) {
      return true;
    }
    const std::string_view inner = source.substr(1, source.size() - 2);
    if (has(inner, event.style == Style::single_quoted ? '\'' : '\\')) {
      return false;
    }
    source = inner;
    return true;
  }

  // The text of the scalar at next_, decoded; valid until the next one.
  std::string_view scalar_text() {
    const OutlineEvent& event = events_[next_];
    if (event.style == Style::none) {
      return {};
    }
    std::string_view source = slice({event.begin, event.end});
    if (written_out(event, source)) {
      return source;
    }
    // yaml-cpp loses line breaks of block scalars, gives wrong bytes for some escapes, and ends anchors elsewhere.
    const bool block = event.style == Style::literal || event.style == Style::folded;
    const bool doubtful = block || event.properties != OutlineEvent::none ||
                          (event.style == Style::double_quoted && source.find('\\') != std::string_view::npos);
    const std::string_view* known = in_.values == nullptr || doubtful ? nullptr : in_.values->text(next_);
    if (known != nullptr) {
      return *known;
    }
    if (block) {
      const auto& blocks = in_.outline.block_scalars;
      auto found = std::lower_bound(blocks.begin(), blocks.end(), event.begin,
                                    [](const BlockScalar& b, std::uint32_t begin) { return b.range.begin < begin; });
      decoded_ = decode_block(in_.text, *found, event.style == Style::literal);
    } else {
      decoded_ = decode_scalar(in_.text, event.begin, event.end, event.style);
    }
    if (!in_.utf8) {
      decoded_ = with_valid_utf8(decoded_);
    }
    return decoded_;
  }

  bool resolve(const OutlineEvent& event, std::string_view text, ScalarValue& value) {
    const Range range{event.begin, event.end};
    const Range tag = properties(event).tag;
    const bool implicit = tag.end == 0 && (event.style == Style::plain || event.style == Style::none);
    value = resolve_scalar(slice(tag), text, implicit);
    switch (value.kind) {
      case ScalarValue::Kind::not_json:
        return fail("not-json", range, {{"value", std::string(text)}});
      case ScalarValue::Kind::wrong_tag:
        return fail("wrong-tag", range.begin == range.end ? tag : range,
                    {{"value", std::string(text)}, {"tag", std::string(slice(tag))}});
      case ScalarValue::Kind::wrong_base64:
        return fail("wrong-base64", range.begin == range.end ? tag : range);
      default:
        if (value.own_string) {
          value.string = with_valid_utf8(value.string);
        }
        return true;
    }
  }

  bool node(std::size_t& height) {
    const OutlineEvent& event = events_[next_];
    height = 1;
    if (event.kind == Kind::alias) {
      return alias(height);
    }
    const std::uint64_t before = counted_++;
    Anchor* anchor = open_anchor(event);
    const Range name = properties(event).anchor;
    if (event.kind == Kind::scalar) {
      if (!scalar()) {
        return false;
      }
      close_anchor(anchor, name, builder_.last(), before, height);
      return true;
    }
    if (builder_.depth() >= in_.limits.max_depth) {
      return too_deep({event.begin, event.begin + 1});
    }
    const Range range{event.begin, event.end};
    Node made;
    ++next_;
    if (event.kind == Kind::begin_sequence) {
      builder_.begin_sequence(range, event.style);
      while (events_[next_].kind != Kind::end_sequence) {
        std::size_t below = 0;
        if (!node(below)) {
          return false;
        }
        height = std::max(height, below + 1);
      }
    } else {
      builder_.begin_mapping(range, event.style);
      if (!members(height)) {
        return false;
      }
    }
    ++next_;
    made = builder_.end();
    close_anchor(anchor, name, made, before, height);
    return true;
  }

  bool too_deep(Range range) { return fail("too-deep", range, {{"limit", std::to_string(in_.limits.max_depth)}}); }

  bool scalar() {
    const OutlineEvent& event = events_[next_];
    const Range range{event.begin, event.end};
    const std::string_view text = scalar_text();
    ScalarValue value;
    if (!resolve(event, text, value)) {
      return false;
    }
    ++next_;
    switch (value.kind) {
      case ScalarValue::Kind::null:
        builder_.null(range, event.style);
        break;
      case ScalarValue::Kind::boolean:
        builder_.boolean(value.boolean, range, event.style);
        break;
      case ScalarValue::Kind::integer:
        builder_.integer(value.integer, range, event.style);
        break;
      case ScalarValue::Kind::real:
        builder_.real(value.real, range, event.style);
        break;
      default:
        builder_.string(value.own_string ? std::string_view(value.string) : text, range, event.style);
    }
    return true;
  }

  // Looks an alias up and counts what it shows again; next_ stays.
  Anchor* follow_alias() {
    const OutlineEvent& event = events_[next_];
    const Range range{event.begin, event.end};
    std::string_view name = slice({range.begin + 1, range.end});
    auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      fail("unknown-anchor", range, {{"name", std::string(name)}});
      return nullptr;
    }
    Anchor& anchor = found->second;
    if (anchor.open) {
      fail("alias-cycle", range, {{"name", std::string(name)}}, anchor.name);
      return nullptr;
    }
    counted_ += 1 + anchor.cost;
    aliased_ += anchor.cost;
    if (aliased_ > in_.limits.max_alias_nodes ||
        (aliased_ > 100 && counted_ > 1000 &&
         static_cast<double>(aliased_) / static_cast<double>(counted_) > allowed_alias_share(counted_))) {
      fail("alias-bomb", range, {{"name", std::string(name)}}, anchor.name);
      return nullptr;
    }
    if (builder_.depth() + anchor.height > in_.limits.max_depth) {
      too_deep(range);
      return nullptr;
    }
    return &anchor;
  }

  bool alias(std::size_t& height) {
    Anchor* anchor = follow_alias();
    if (anchor == nullptr) {
      return false;
    }
    height = anchor->height;
    builder_.share(anchor->node);
    builder_.alias(anchor->node, {events_[next_].begin, events_[next_].end});
    ++next_;
    return true;
  }

  bool merge_key(const OutlineEvent& event) {
    if (event.kind != Kind::scalar || slice({event.begin, event.end}) != "<<") {
      return false;
    }
    const Range tag = properties(event).tag;
    return tag.end == 0 ? event.style == Style::plain : short_tag(slice(tag)) == "!!merge" || slice(tag) == "!";
  }

  bool members(std::size_t& height) {
    keys_.open();
    while (events_[next_].kind != Kind::end_mapping) {
      std::size_t below = 0;
      if (merge_key(events_[next_])) {
        ++next_;
        if (!merge(below)) {
          return false;
        }
      } else {
        const Range key_range{events_[next_].begin, events_[next_].end};
        std::string key;
        if (!member_key(key)) {
          return false;
        }
        builder_.key(key, key_range);
        if (const auto first = keys_.add(key, key_range)) {
          note_duplicate(problems_, key, key_range, *first);
        }
        if (!node(below)) {
          return false;
        }
      }
      height = std::max(height, below + 1);
    }
    keys_.close();
    return true;
  }

  // kubectl makes strings of keys that are booleans and numbers; nulls and collections it refuses.
  bool member_key(std::string& key) {
    const OutlineEvent& event = events_[next_];
    const Range range{event.begin, event.end};
    if (event.kind == Kind::alias) {
      Anchor* anchor = follow_alias();
      if (anchor == nullptr) {
        return false;
      }
      ++next_;
      Node node = anchor->node;
      if (node.is_null()) {
        return fail("null-key", range);
      }
      if (node.is_sequence() || node.is_mapping()) {
        return fail("complex-key", range);
      }
      key = node.type() == Type::real ? real_key(*node.number()) : node.text();
      return true;
    }
    if (event.kind != Kind::scalar) {
      return fail("complex-key", range);
    }
    const std::uint64_t before = counted_++;
    Anchor* anchor = open_anchor(event);
    const std::string text(scalar_text());
    ScalarValue value;
    if (anchor != nullptr) {
      builder_.begin_detached();
      bool good = scalar();
      Node holder = builder_.end_detached();
      if (!good) {
        return false;
      }
      close_anchor(anchor, properties(event).anchor, holder[0], before, 1);
      --next_;
    }
    if (!resolve(event, text, value) && value.kind != ScalarValue::Kind::not_json) {
      return false;
    }
    ++next_;
    switch (value.kind) {
      case ScalarValue::Kind::null: {
        const Range colon{range.end, range.end + 1};
        return fail("null-key", range.begin == range.end ? colon : range);
      }
      case ScalarValue::Kind::boolean:
        key = value.boolean ? "true" : "false";
        break;
      case ScalarValue::Kind::integer:
        key = value.written_as_real ? real_key(value.real) : std::to_string(value.integer);
        break;
      case ScalarValue::Kind::not_json:
        error_ = {};
        key = real_key(value.real);
        break;
      case ScalarValue::Kind::real:
        if (value.large) {
          return fail("complex-key", range);
        }
        key = real_key(value.real);
        break;
      default:
        key = value.own_string ? value.string : text;
    }
    return true;
  }

  // The value of "<<": a mapping, an alias of one, or a sequence of these.
  bool merge(std::size_t& height) {
    const OutlineEvent event = events_[next_];
    builder_.begin_detached();
    const bool good = node(height);
    const Node value = builder_.end_detached()[0];
    if (!good) {
      return false;
    }
    const bool several = event.kind == Kind::begin_sequence;
    const std::size_t count = several ? value.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      if (!(several ? value[i] : value).is_mapping()) {
        return fail("merge-value", {event.begin, event.end});
      }
    }
    builder_.share(value);
    // Earlier mappings win over later ones.
    for (std::size_t i = count; i > 0; --i) {
      add_members(several ? value[i - 1] : value);
    }
    return true;
  }

  void add_members(Node mapping) {
    for (std::size_t i = 0; i < mapping.size(); ++i) {
      Node value = mapping[i];
      builder_.key(value.key(), value.key_range());
      builder_.alias(value);
    }
  }

  const ComposeInput& in_;
  const std::vector<OutlineEvent>& events_;
  TreeBuilder builder_;
  std::vector<Problem>& problems_;
  SyntaxError& error_;
  std::size_t next_ = 0;
  std::unordered_map<std::string_view, Anchor> anchors_;
  MemberKeys keys_;
  std::string decoded_;
  std::uint64_t counted_ = 0;
  std::uint64_t aliased_ = 0;
};

}  // namespace

bool compose_yaml(const ComposeInput& input, Tree& tree, std::vector<Problem>& problems, SyntaxError& error) {
  return Composer(input, tree, problems, error).run();
}

std::string with_valid_utf8(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = utf8_length(text, at);
    if (length == 0) {
      // One for the longest beginning of a code point.
      out += "\xEF\xBF\xBD";
      at += utf8_broken_length(text, at);
    } else {
      out += text.substr(at, length);
      at += length;
    }
  }
  return out;
}

}  // namespace podcheck::document
