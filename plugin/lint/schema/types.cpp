#include "lint/schema/types.hpp"

#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "lint/schema/packed_types.hpp"

namespace podcheck::lint::schema {

namespace {

std::string_view word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view result = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return result;
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

constexpr std::pair<std::string_view, Shape> scalars[] = {
    {"any", Shape::any},
    {"string", Shape::string},
    {"bool", Shape::boolean},
    {"int32", Shape::int32},
    {"int64", Shape::int64},
    {"number", Shape::number},
    {"bytes", Shape::bytes},
    {"time", Shape::time},
    {"microtime", Shape::micro_time},
    {"intstr", Shape::int_or_string},
    {"quantity", Shape::quantity},
};

std::string unpacked() {
  std::string text(packed_types_length, '\0');
  const std::size_t size = ZSTD_decompress(text.data(), text.size(), packed_types, packed_types_size);
  return ZSTD_isError(size) ? std::string() : text;
}

}  // namespace

std::string_view group_of(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

const Types& Types::built_in() {
  static const Types types{unpacked()};
  return types;
}

Types::Types(std::string text) : text_(std::make_unique<std::string>(std::move(text))) {
  std::unordered_map<std::string_view, TypeId> ids;
  for (const auto& [name, shape] : scalars) {
    ids.emplace(name, static_cast<TypeId>(types_.size()));
    types_.emplace_back().shape = shape;
  }
  std::string_view rest = *text_;
  while (!rest.empty()) {  // names first, since types refer to later ones
    std::string_view line = next_line(rest);
    if (line.substr(0, 5) != "type ")
      continue;
    Type& type = types_.emplace_back();
    type.name = line.substr(5);
    type.shape = Shape::object;
    ids.emplace(type.name, static_cast<TypeId>(types_.size() - 1));
  }
  const auto id_of = [&](auto& self, std::string_view name) -> TypeId {
    if (const auto found = ids.find(name); found != ids.end())
      return found->second;
    if (name.size() < 3 || (name[0] != '[' && name[0] != '{'))
      return 0;
    const TypeId of = self(self, name.substr(1, name.size() - 2));
    Type& type = types_.emplace_back();
    type.shape = name[0] == '[' ? Shape::list : Shape::map;
    type.of = of;
    ids.emplace(name, static_cast<TypeId>(types_.size() - 1));
    return static_cast<TypeId>(types_.size() - 1);
  };
  Type* open = nullptr;
  TypeId open_id = 0;
  fields_.reserve(text_->size() / 32);
  rest = *text_;
  while (!rest.empty()) {
    std::string_view line = next_line(rest);
    if (line.empty() || line[0] == '#')
      continue;
    if (line[0] == ' ') {
      line.remove_prefix(1);
      Field field;
      field.name = word(line);
      field.type = id_of(id_of, word(line));
      open = &types_[open_id];
      while (!line.empty()) {
        const std::string_view note = word(line);
        if (note == "!")
          field.required = true;
        if (note.substr(0, 6) == "since=")
          field.since = static_cast<std::uint8_t>(number(note.substr(6)));
        if (note.substr(0, 6) == "until=")
          field.until = static_cast<std::uint8_t>(number(note.substr(6)));
      }
      fields_.push_back(field);
      ++open->field_count;
      continue;
    }
    const std::string_view what = word(line);
    if (what == "type") {
      open_id = ids.find(line)->second;
      types_[open_id].first_field = static_cast<std::uint32_t>(fields_.size());
    } else if (what == "kind") {
      Kind kind;
      kind.api_version = word(line);
      kind.kind = word(line);
      kind.type = id_of(id_of, word(line));
      while (!line.empty()) {
        const std::string_view note = word(line);
        if (note.substr(0, 6) == "since=")
          kind.since = static_cast<std::uint8_t>(number(note.substr(6)));
        if (note.substr(0, 6) == "until=")
          kind.until = static_cast<std::uint8_t>(number(note.substr(6)));
      }
      kinds_.push_back(kind);
    } else if (what == "versions") {
      oldest_ = number(word(line));
      newest_ = number(word(line));
    }
  }
  sort_kinds();
}

void Types::sort_kinds() {
  std::sort(kinds_.begin(), kinds_.end(), [](const Kind& a, const Kind& b) {
    return std::tie(a.api_version, a.kind) < std::tie(b.api_version, b.kind);
  });
}

const Field* Types::field(const Type& type, std::string_view name, int minor) const {
  const Field* last = end(type);
  const Field* found = std::lower_bound(begin(type), last, name,
                                        [](const Field& field, std::string_view key) { return field.name < key; });
  for (; found != last && found->name == name; ++found)
    if (found->in(minor))
      return found;
  return nullptr;
}

const Field* Types::field_ever(const Type& type, std::string_view name) const {
  const Field* last = end(type);
  const Field* found = std::lower_bound(begin(type), last, name,
                                        [](const Field& field, std::string_view key) { return field.name < key; });
  return found != last && found->name == name ? found : nullptr;
}

const Kind* Types::kind(std::string_view api_version, std::string_view name) const {
  const auto found = std::lower_bound(kinds_.begin(), kinds_.end(), std::pair(api_version, name),
                                      [](const Kind& kind, const std::pair<std::string_view, std::string_view>& key) {
                                        return std::tie(kind.api_version, kind.kind) < std::tie(key.first, key.second);
                                      });
  return found != kinds_.end() && found->api_version == api_version && found->kind == name ? &*found : nullptr;
}

bool Types::knows_group(std::string_view group) const {
  return std::any_of(kinds_.begin(), kinds_.end(),
                     [&](const Kind& kind) { return group_of(kind.api_version) == group; });
}

std::string_view Types::keep(std::string_view text) {
  return *names_.emplace_back(std::make_unique<std::string>(text));
}

}  // namespace podcheck::lint::schema
