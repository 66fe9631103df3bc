#include "lint/invalid/shapes.hpp"

#include <algorithm>
#include <limits>

#include "catalogue/catalogue.hpp"
#include "kube/duration.hpp"
#include "kube/quantity.hpp"
#include "lint/invalid/misplaced.hpp"

namespace podcheck::lint::invalid {

namespace {

using document::Style;
using schema::Field;
using schema::Shape;
using schema::Type;
using schema::TypeId;

// Where standard base64 stops being base64; npos when it is all right. Go skips line ends.
std::size_t base64_error(std::string_view text) {
  std::size_t digits = 0, padding = 0, last = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r')
      continue;
    last = i;
    if (c == '=') {
      if (digits % 4 < 2 || ++padding > 4 - digits % 4)
        return i;
      continue;
    }
    const bool alphabet =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (!alphabet || padding > 0)
      return i;
    ++digits;
  }
  return (digits + padding) % 4 == 0 ? std::string_view::npos : last;
}

class Shapes {
 public:
  Shapes(Faults& faults, const schema::Types& types) : faults_(faults), types_(types) {}

  void check(Node node, TypeId id) {
    const Type& type = types_.type(id);
    if (node.is_null())
      return;  // becomes the zero value
    switch (type.shape) {
      case Shape::any:
        return;
      case Shape::string:
        return string(node, type);
      case Shape::boolean:
        return expect(node.is_boolean(), node, "boolean");
      case Shape::int32:
        return integer(node, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
      case Shape::int64:
        return integer(node, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
      case Shape::number:
        return expect(node.is_number(), node, "number");
      case Shape::bytes:
        return bytes(node);
      case Shape::time:
      case Shape::micro_time:
        return time(node);
      case Shape::int_or_string:
        return int_or_string(node);
      case Shape::quantity:
        return quantity(node);
      case Shape::list:
        return list(node, type);
      case Shape::map:
        return map(node, type);
      case Shape::object:
        return object(node, id);
    }
  }

 private:
  Faults& faults_;
  const schema::Types& types_;
  std::vector<Level> levels_;

  void expect(bool holds, Node node, std::string_view variant) {
    if (!holds)
      faults_.value("field-type-mismatch", variant, node);
  }

  std::string_view written(Node node) const {
    const auto range = node.range();
    if (range.end <= range.begin || range.end > faults_.source().size())
      return {};
    return faults_.source().substr(range.begin, range.end - range.begin);
  }

  void string(Node node, const Type& type) {
    if (node.is_string()) {
      if (type.custom && !type.allowed.empty() &&
          std::find(type.allowed.begin(), type.allowed.end(), node.string()) == type.allowed.end())
        faults_.value("field-type-mismatch", "choice", node,
                      {{"allowed", listed({type.allowed.begin(), type.allowed.end()})}});
      return;
    }
    if (!node.is_scalar())
      return expect(false, node, "string");
    const std::string read = node.text();
    const std::string_view raw = written(node);
    const std::string text(raw.empty() ? std::string_view(read) : raw);
    const bool env =
        !levels_.empty() && types_.type(levels_.back().type).name == "core.v1.EnvVar" && node.key() == "value";
    const char* variant = text != read ? "changed" : node.is_boolean() ? "boolean" : "number";
    const std::string quoted = '"' + text + '"';
    Values values = {{"value", text}, {"read", read}, {"quoted", quoted}};
    if (env)
      values.emplace_back("name", std::string(get(levels_.back().node, "name").string()));
    Hit& hit = faults_.value(env ? "env-value-not-string" : "yaml-implicit-type", variant, node, std::move(values));
    if (raw.empty())
      return;
    hit.changes.push_back({Hit::Change::Kind::replace_value, node, {}, quoted});
    hit.safety = finding::Safety::safe;
  }

  void integer(Node node, std::int64_t minimum, std::int64_t maximum) {
    if (node.is_string()) {
      const std::string_view text = node.string();
      const bool digits = !text.empty() && text.size() < 10 &&
                          std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
      Hit& hit = faults_.value("field-type-mismatch", digits ? "integer-quoted" : "integer", node);
      if (digits)
        hit.changes.push_back({Hit::Change::Kind::replace_value, node, {}, std::string(text)});
      return;
    }
    if (!node.is_number())
      return expect(false, node, "integer");
    const auto number = node.integer();
    if (number && *number >= minimum && *number <= maximum)
      return;
    const bool fraction = !number && node.number().value_or(0) > -9.2e18 && node.number().value_or(0) < 9.2e18;
    faults_.value("field-type-mismatch", fraction ? "integer" : "too-large", node,
                  {{"minimum", std::to_string(minimum)}, {"maximum", std::to_string(maximum)}});
  }

  void bytes(Node node) {
    if (node.is_sequence()) {  // Go reads a list of bytes, too
      for (const Node item : node.items())
        integer(item, 0, 255);
      return;
    }
    if (!node.is_string())
      return string(node, Type{});
    const std::size_t at = base64_error(node.string());
    if (at == std::string_view::npos)
      return;
    const bool secret = get(faults_.root(), "kind").string() == "Secret";
    // The value may be a password in clear: it is not shown.
    faults_.value("secret-data-not-base64", secret ? "" : "binary", node,
                  {{"value", "…"}, {"position", std::to_string(at + 1)}, {"key", std::string(node.key())}});
  }

  void time(Node node) {
    if (!node.is_string())
      return string(node, Type{});
    if (!kube::parse_time(node.string()))
      faults_.value("field-type-mismatch", "time", node);
  }

  void int_or_string(Node node) {
    if (node.is_string())
      return;
    if (!node.is_number())
      return expect(false, node, "int-or-string");
    integer(node, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
  }

  void quantity(Node node) {
    if (node.is_number())
      return;
    if (!node.is_string())
      return expect(false, node, "quantity");
    kube::QuantityError error;
    if (kube::parse_quantity(node.string(), &error))
      return;
    const std::string better = nearest_quantity(node.string());
    if (better.empty()) {
      faults_.value("quantity-invalid", error.kind == kube::QuantityError::Kind::empty ? "empty" : "", node);
      return;
    }
    Hit& hit = faults_.value("quantity-invalid", "suggest", node, {{"suggestion", better}});
    hit.changes.push_back({Hit::Change::Kind::replace_value, node, {}, better});
  }

  void list(Node node, const Type& type) {
    if (node.is_sequence()) {
      for (const Node item : node.items())
        check(item, type.of);
      return;
    }
    const bool text = node.is_string() && types_.type(type.of).shape == Shape::string;
    Hit& hit =
        faults_.value("field-type-mismatch",
                      node.is_mapping() && types_.type(type.of).shape == Shape::object ? "list-of-one" : "list", node);
    if (!text || node.style() == Style::literal || node.style() == Style::folded ||
        node.string().find_first_of(" \t\n\"\\") != std::string_view::npos)
      return;
    hit.changes.push_back({Hit::Change::Kind::replace_value, node, {}, "[\"" + std::string(node.string()) + "\"]"});
    hit.safety = finding::Safety::safe;
  }

  void map(Node node, const Type& type) {
    if (!node.is_mapping())
      return expect(false, node, "mapping");
    for (const auto& member : node.members())
      check(member.value, type.of);
  }

  void object(Node node, TypeId id) {
    if (!node.is_mapping())
      return expect(false, node, "mapping");
    const Type& type = types_.type(id);
    levels_.push_back({id, node});
    for (const auto& member : node.members()) {
      const Field* field = types_.field(type, member.key, faults_.minor());
      if (field != nullptr) {
        check(member.value, field->type);
      } else if (!member.value.is_null() && !type.preserve_unknown &&
                 !(type.custom && levels_.size() == 1 && is_object_meta(member.key))) {
        unknown_field(faults_, types_, levels_, member);
      }
    }
    if (type.custom)
      enforce_required(node, type);
    levels_.pop_back();
  }

  static bool is_object_meta(std::string_view key) { return key == "apiVersion" || key == "kind" || key == "metadata"; }

  void enforce_required(Node node, const Type& type) {
    for (const Field* field = types_.begin(type); field != types_.end(type); ++field)
      if (field->required && !node.has(field->name))
        faults_.missing("required-field-missing", node, field->name);
  }

  // "512MB" → "512M", "1gi" → "1Gi", "1 Gi" → "1Gi"; empty when there is no one obvious reading.
  static std::string nearest_quantity(std::string_view text) {
    std::string digits, suffix;
    for (const char c : text) {
      if (c == ' ' || c == ',') {
        if (c == ',')
          return {};
        continue;
      }
      ((c >= '0' && c <= '9') || c == '.' ? (suffix.empty() ? digits : suffix) : suffix) += c;
    }
    if (digits.empty() || suffix.empty())
      return {};
    if (suffix.size() > 1 && (suffix.back() == 'B' || suffix.back() == 'b'))
      suffix.pop_back();
    if (suffix == "K")
      suffix = "k";
    if (suffix.size() == 2 && (suffix[1] == 'i' || suffix[1] == 'I')) {
      suffix[1] = 'i';
      if (suffix[0] >= 'a' && suffix[0] <= 'z')
        suffix[0] = static_cast<char>(suffix[0] - 'a' + 'A');
    } else if (suffix.size() == 1 && (suffix == "g" || suffix == "t" || suffix == "p" || suffix == "e")) {
      suffix[0] = static_cast<char>(suffix[0] - 'a' + 'A');
    } else if (suffix == "cpu" || suffix == "core" || suffix == "cores") {
      suffix.clear();
    } else if (suffix == "mcpu" || suffix == "millicores") {
      suffix = "m";
    }
    const std::string better = digits + suffix;
    return better != text && kube::parse_quantity(better) ? better : std::string();
  }
};

}  // namespace

void check_shapes(Faults& faults, const schema::Types& types, const schema::Kind& kind) {
  Shapes shapes(faults, types);
  shapes.check(faults.root(), kind.type);
  if (!types.type(kind.type).custom)
    return;
  const schema::Types& built_in = schema::Types::built_in();
  const schema::Kind* any = built_in.kind("v1", "ConfigMap");  // for the type of metadata
  const Field* metadata = any == nullptr ? nullptr : built_in.field_ever(built_in.type(any->type), "metadata");
  const Node node = faults.root()["metadata"];
  if (metadata != nullptr && node)
    Shapes(faults, built_in).check(node, metadata->type);
}

}  // namespace podcheck::lint::invalid
