// The only file that sees simdjson.
#include <simdjson.h>
#include <charconv>
#include <cstdlib>

#include "document/document.hpp"
#include "document/projection.hpp"

namespace podcheck::document {

namespace {

using simdjson::error_code;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t max_depth = 1000;

class Reader {
 public:
  explicit Reader(Tree& tree) : builder_(tree) {}

  error_code read(ondemand::value value, const Projection::Step* step) {
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
      case ondemand::json_type::object:
        return read_object(value, step);
      case ondemand::json_type::array:
        return read_array(value, step);
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

  error_code read_object(ondemand::value value, const Projection::Step* step) {
    ondemand::object object;
    if (error_code error = value.get_object().get(object)) {
      return error;
    }
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
    builder_.end();
    return simdjson::SUCCESS;
  }

  error_code read_array(ondemand::value value, const Projection::Step* step) {
    ondemand::array array;
    if (error_code error = value.get_array().get(array)) {
      return error;
    }
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
    builder_.end();
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
  std::string replaced_;
};

}  // namespace

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
