// The only file that sees simdjson.
#include <simdjson.h>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <unordered_map>

#include "document/document.hpp"
#include "document/projection.hpp"
#include "document/repetitive_json.hpp"

namespace podcheck::document {

namespace {

using simdjson::error_code;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t max_depth = 1000;

// Collections that were read before, by their text. Where the texts of a place turn out to differ mostly (they carry
// times or names), it is not asked again.
class Repeats {
 public:
  // Worth asking for collections at this step (nullptr: any that is kept whole)?
  bool worthwhile(const Projection::Step* step) const {
    auto found = records_.find(step);
    return found == records_.end() || found->second.asked < 64 || found->second.hits * 4 >= found->second.asked;
  }
  Node find(std::string_view text, const Projection::Step* step) {
    Record& record = records_[step];
    ++record.asked;
    auto found = known_.find(text);
    if (found == known_.end()) {
      return {};
    }
    ++record.hits;
    return found->second;
  }
  void remember(std::string text, Node node) { known_.emplace(std::move(text), node); }
  void next_tree() { known_.clear(); }

 private:
  struct Record {
    std::size_t asked = 0;
    std::size_t hits = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, Node, Hash, std::equal_to<>> known_;
  std::unordered_map<const Projection::Step*, Record> records_;
};

// The key as written; nothing when it has escapes. Unlike unescaped_key() it may be asked for twice: simdjson has room
// to unescape every text once.
std::optional<std::string_view> plain_key(ondemand::field& field) {
  const char* begin = field.key().raw();
  const char* end = begin;
  while (*end != '"' && *end != '\\') {
    ++end;
  }
  return *end == '"' ? std::optional(std::string_view(begin, static_cast<std::size_t>(end - begin))) : std::nullopt;
}

// What a projection keeps of a value, as JSON again. Every function is false when that cannot be done simply.
class KeptText {
 public:
  bool write(ondemand::value value, const Projection::Step* step) {
    ondemand::json_type type;
    if (value.type().get(type)) {
      return false;
    }
    bool whole = Projection::keeps_all(step);
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      return !value.get_object().get(object) && (whole ? write_raw(object) : write_object(object, step));
    }
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      return !value.get_array().get(array) && (whole ? write_raw(array) : write_array(array, step));
    }
    text_ += value.raw_json_token();
    return true;
  }
  bool write_array(ondemand::array& array, const Projection::Step* step) {
    const Projection::Step* next = Projection::below(step, "*");
    if (next == nullptr || ++depth_ > most_depth) {
      return false;
    }
    char separator = '[';
    for (auto result : array) {
      ondemand::value item;
      text_ += separator;
      separator = ',';
      if (std::move(result).get(item) || !write(item, next)) {
        return false;
      }
    }
    text_ += separator == '[' ? "[]" : "]";
    --depth_;
    return true;
  }
  std::string& text() { return text_; }

 private:
  static constexpr int most_depth = 16;
  std::string text_;
  int depth_ = 0;

  template <typename Collection>
  bool write_raw(Collection& collection) {
    std::string_view raw;
    if (collection.raw_json().get(raw)) {
      return false;
    }
    text_ += raw;
    return true;
  }

  bool write_object(ondemand::object& object, const Projection::Step* step) {
    if (++depth_ > most_depth) {
      return false;
    }
    char separator = '{';
    for (auto result : object) {
      ondemand::field field;
      if (std::move(result).get(field)) {
        return false;
      }
      std::optional<std::string_view> key = plain_key(field);
      if (!key) {
        return false;
      }
      const Projection::Step* next = Projection::below(step, *key);
      if (next == nullptr) {
        continue;
      }
      text_ += separator;
      separator = ',';
      text_.append("\"").append(*key).append("\":");
      if (!write(field.value(), next)) {
        return false;
      }
    }
    text_ += separator == '{' ? "{}" : "}";
    --depth_;
    return true;
  }
};

class Reader {
 public:
  explicit Reader(Tree& tree, Repeats* repeats = nullptr) : builder_(tree), repeats_(repeats) {}

  error_code read(ondemand::value value, const Projection::Step* step) {
    const Projection::Step* place = repeats_ != nullptr && builder_.depth() > 0 ? step : nullptr;
    if (step != nullptr && Projection::keeps_all(step)) {
      step = nullptr;
    }
    // simdjson itself only asserts that its depth is kept.
    if (builder_.depth() >= max_depth) {
      return simdjson::DEPTH_ERROR;
    }
    ondemand::json_type type;
    if (error_code error = value.type().get(type)) {
      return error;
    }
    switch (type) {
      case ondemand::json_type::object: {
        ondemand::object object;
        if (error_code error = value.get_object().get(object)) {
          return error;
        }
        return place != nullptr && step == nullptr ? read_whole(object, place) : read_object(object, step);
      }
      case ondemand::json_type::array: {
        ondemand::array array;
        if (error_code error = value.get_array().get(array)) {
          return error;
        }
        if (place == nullptr) {
          return read_array(array, step);
        }
        return step == nullptr ? read_whole(array, place) : read_kept(array, step);
      }
      case ondemand::json_type::string:
        return read_string(value);
      case ondemand::json_type::number:
        return read_number(value);
      case ondemand::json_type::boolean: {
        bool truth = false;
        error_code error = value.get_bool().get(truth);
        if (!error) {
          builder_.boolean(truth);
        }
        return error;
      }
      default:
        return read_null(value);
    }
  }

 private:
  error_code read_null(ondemand::value value) {
    bool null = false;
    error_code error = simdjson::simdjson_result<bool>(value.is_null()).get(null);
    if (!error && !null) {
      error = simdjson::N_ATOM_ERROR;
    }
    if (!error) {
      builder_.null();
    }
    return error;
  }

  // Of a collection that the projection keeps whole: its text decides whether it was read before.
  template <typename Collection>
  error_code read_whole(Collection& collection, const Projection::Step* place) {
    if (!repeats_->worthwhile(place)) {
      return read_all(collection);
    }
    std::string_view raw;
    if (error_code error = collection.raw_json().get(raw)) {
      return error;
    }
    if (Node known = repeats_->find(raw, place)) {
      builder_.alias(known);
      return simdjson::SUCCESS;
    }
    if (error_code error = collection.reset().error()) {
      return error;
    }
    error_code error = read_all(collection);
    if (!error) {
      repeats_->remember(std::string(raw), finished_);
    }
    return error;
  }
  error_code read_all(ondemand::object& object) { return read_object(object, nullptr); }
  error_code read_all(ondemand::array& array) { return read_array(array, nullptr); }

  // Of a list of which the projection keeps parts: the text of the parts decides.
  error_code read_kept(ondemand::array& array, const Projection::Step* step) {
    if (!repeats_->worthwhile(step)) {
      return read_array(array, step);
    }
    KeptText kept;
    bool simple = kept.write_array(array, step);
    std::string& text = kept.text();
    if (simple) {
      if (Node known = repeats_->find(text, step)) {
        builder_.alias(known);
        return simdjson::SUCCESS;
      }
    }
    if (error_code error = array.reset().error()) {
      return error;
    }
    error_code error = read_array(array, step);
    if (!error && simple) {
      repeats_->remember(std::move(text), finished_);
    }
    return error;
  }

  error_code read_object(ondemand::object& object, const Projection::Step* step) {
    builder_.begin_mapping({}, Style::flow);
    for (auto result : object) {
      ondemand::field field;
      std::string_view key;
      if (error_code error = std::move(result).get(field)) {
        return error;
      }
      if (error_code error = field.unescaped_key().get(key)) {
        return error;
      }
      const Projection::Step* next = nullptr;
      if (step != nullptr) {
        next = Projection::below(step, key);
        if (next == nullptr) {
          continue;
        }
      }
      builder_.key(key);
      if (error_code error = read(field.value(), next)) {
        return error;
      }
    }
    finished_ = builder_.end();
    return simdjson::SUCCESS;
  }

  error_code read_array(ondemand::array& array, const Projection::Step* step) {
    const Projection::Step* next = step == nullptr ? nullptr : Projection::below(step, "*");
    builder_.begin_sequence({}, Style::flow);
    for (auto result : array) {
      ondemand::value item;
      if (error_code error = std::move(result).get(item)) {
        return error;
      }
      if (step != nullptr && next == nullptr) {
        continue;
      }
      if (error_code error = read(item, next)) {
        return error;
      }
    }
    finished_ = builder_.end();
    return simdjson::SUCCESS;
  }

  error_code read_string(ondemand::value value) {
    std::string_view raw = value.raw_json_token();
    std::string_view text;
    error_code error = value.get_string().get(text);
    if (!error) {
      builder_.string(text, {}, Style::double_quoted);
    } else if (lone_surrogates(raw)) {
      builder_.string(replaced_, {}, Style::double_quoted);
      error = simdjson::SUCCESS;
    }
    return error;
  }

  // "\ud800" alone is no code point; Go's encoding/json reads U+FFFD, and so does podcheck. Fills replaced_; false when
  // the string is wrong in another way.
  bool lone_surrogates(std::string_view raw) {
    std::size_t close = raw.rfind('"');
    if (raw.size() < 2 || close == 0) {
      return false;
    }
    std::string repaired;
    repaired.reserve(raw.size());
    for (std::size_t i = 0; i <= close; ++i) {
      if (raw[i] != '\\' || i + 1 > close) {
        repaired += raw[i];
        continue;
      }
      if (raw[i + 1] != 'u') {
        repaired += raw.substr(i, 2);
        ++i;
        continue;
      }
      unsigned first = hex4(raw, i + 2);
      unsigned second = raw.substr(std::min(i + 6, raw.size())).starts_with("\\u") ? hex4(raw, i + 8) : 0;
      if (first >= 0xD800 && first < 0xDC00 && second >= 0xDC00 && second < 0xE000) {
        repaired += raw.substr(i, 12);
        i += 11;
      } else {
        repaired += first >= 0xD800 && first < 0xE000 ? std::string_view("\\ufffd") : raw.substr(i, 6);
        i += 5;
      }
    }
    simdjson::dom::parser parser;
    std::string_view text;
    if (parser.parse(repaired).get_string().get(text)) {
      return false;
    }
    replaced_ = text;
    return true;
  }

  static unsigned hex4(std::string_view text, std::size_t at) {
    unsigned value = 0;
    if (at + 4 > text.size() ||
        std::from_chars(text.data() + at, text.data() + at + 4, value, 16).ptr != text.data() + at + 4) {
      return 0;
    }
    return value;
  }

  error_code read_number(ondemand::value value) {
    std::string_view raw = value.raw_json_token();
    ondemand::number number;
    error_code error = value.get_number().get(number);
    if (!error) {
      if (number.is_int64()) {
        builder_.integer(number.get_int64());
      } else {
        builder_.real(number.is_uint64() ? static_cast<double>(number.get_uint64()) : number.get_double());
      }
      return error;
    }
    // An integer too large for 64 bits is a real; anything else that is no number stays an error.
    std::size_t digits = raw.find_first_not_of("0123456789", raw.starts_with('-') ? 1 : 0);
    std::string_view literal = raw.substr(0, std::min(raw.find_first_of(" \t\r\n,]}"), raw.size()));
    if (digits >= literal.size() && literal.size() > 18) {
      builder_.real(std::strtod(std::string(literal).c_str(), nullptr));
      return simdjson::SUCCESS;
    }
    return error;
  }

  TreeBuilder builder_;
  Repeats* repeats_ = nullptr;
  Node finished_;  // the collection that was closed last
  std::string replaced_;
};

}  // namespace

struct RepetitiveJsonReader::Impl {
  ondemand::parser parser;
  Repeats repeats;
};

RepetitiveJsonReader::RepetitiveJsonReader() : impl_(std::make_unique<Impl>()) {}
RepetitiveJsonReader::~RepetitiveJsonReader() = default;

bool RepetitiveJsonReader::read(std::string_view text, Tree& tree, const Projection::Step* keep, std::string& error) {
  static_assert(padding >= simdjson::SIMDJSON_PADDING);
  impl_->repeats.next_tree();
  ondemand::document document;
  ondemand::value root;
  error_code code = impl_->parser.iterate(text.data(), text.size(), text.size() + padding).get(document);
  if (!code) {
    code = document.get_value().get(root);
  }
  if (!code) {
    code = Reader(tree, &impl_->repeats).read(root, keep);
  }
  if (!code && document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    code = simdjson::TRAILING_CONTENT;
  }
  if (code) {
    error = simdjson::error_message(code);
  }
  return !code;
}

bool parse_json(std::string_view bytes, Tree& tree, std::string& error, const Projection* keep) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
  }
  simdjson::padded_string padded(bytes);
  ondemand::parser parser;
  ondemand::document document;
  error_code code = parser.iterate(padded).get(document);
  bool scalar = false;
  if (!code) {
    code = document.is_scalar().get(scalar);
  }
  if (!code && !scalar) {
    ondemand::value root;
    code = document.get_value().get(root);
    if (!code) {
      code = Reader(tree).read(root, keep == nullptr ? nullptr : keep->root());
    }
    if (!code && document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      code = simdjson::TRAILING_CONTENT;
    }
  } else if (!code) {
    // On-demand values cannot be made of a lone scalar; one in brackets can be read like any other.
    std::string bracketed = "[" + std::string(bytes) + "]";
    Tree holder;
    if (!parse_json(bracketed, holder, error)) {
      return false;
    }
    if (holder.root().size() != 1) {
      code = simdjson::TRAILING_CONTENT;
    } else {
      TreeBuilder(tree).copy(holder.root()[0]);
    }
  }
  if (code) {
    error = simdjson::error_message(code);
    return false;
  }
  return true;
}

}  // namespace podcheck::document
