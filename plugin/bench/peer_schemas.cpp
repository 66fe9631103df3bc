// usage: podcheck_peer_schemas FOLDER   writes our types of the newest Kubernetes as the JSON Schemas that kubeconform
// reads, one file a kind (deployment-apps-v1.json), strict and complete in themselves like those it fetches by default.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lint/schema/types.hpp"

namespace {

using podcheck::lint::schema::Field;
using podcheck::lint::schema::Shape;
using podcheck::lint::schema::Type;
using podcheck::lint::schema::TypeId;
using podcheck::lint::schema::Types;

class Writer {
 public:
  explicit Writer(const Types& types) : types_(types) {}

  std::string schema_of(const podcheck::lint::schema::Kind& kind) {
    out_.clear();
    object(types_.type(kind.type), kind.type);
    return out_;
  }

 private:
  const Types& types_;
  std::string out_;
  std::vector<TypeId> open_;

  void scalar(const char* type) { out_.append("{\"type\":[\"").append(type).append("\",\"null\"]}"); }

  void object(const Type& type, TypeId id) {
    // A type inside of itself (JSONSchemaProps) is not looked into, as in the schemas that kubeconform fetches.
    for (TypeId open : open_) {
      if (open == id) {
        out_ += "{}";
        return;
      }
    }
    open_.push_back(id);
    std::string required;
    out_ += "{\"type\":[\"object\",\"null\"],\"additionalProperties\":false,\"properties\":{";
    bool first = true;
    for (const Field* field = types_.begin(type); field != types_.end(type); ++field) {
      if (!field->in(types_.newest())) {
        continue;
      }
      out_.append(first ? "\"" : ",\"").append(field->name).append("\":");
      first = false;
      value(field->type);
      if (field->required) {
        required.append(required.empty() ? "\"" : ",\"").append(field->name).append("\"");
      }
    }
    out_ += '}';
    if (!required.empty()) {
      out_.append(",\"required\":[").append(required).append("]");
    }
    out_ += '}';
    open_.pop_back();
  }

  void value(TypeId id) {
    const Type& type = types_.type(id);
    switch (type.shape) {
      case Shape::any:
        out_ += "{}";
        break;
      case Shape::boolean:
        scalar("boolean");
        break;
      case Shape::int32:
      case Shape::int64:
        scalar("integer");
        break;
      case Shape::number:
        scalar("number");
        break;
      case Shape::string:
      case Shape::bytes:
      case Shape::time:
      case Shape::micro_time:
        scalar("string");
        break;
      case Shape::int_or_string:
        out_ += "{\"oneOf\":[{\"type\":[\"string\",\"null\"]},{\"type\":\"integer\"}]}";
        break;
      case Shape::quantity:
        out_ += "{\"oneOf\":[{\"type\":[\"string\",\"null\"]},{\"type\":\"number\"}]}";
        break;
      case Shape::list:
        out_ += "{\"type\":[\"array\",\"null\"],\"items\":";
        value(type.of);
        out_ += '}';
        break;
      case Shape::map:
        out_ += "{\"type\":[\"object\",\"null\"],\"additionalProperties\":";
        value(type.of);
        out_ += '}';
        break;
      case Shape::object:
        object(type, id);
        break;
    }
  }
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

// kubeconform's {{ .ResourceKind }}{{ .KindSuffix }}: the group up to its first dot, then the version.
std::string file_name(std::string_view api_version, std::string_view kind) {
  std::string name = lower(kind);
  const std::size_t slash = api_version.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view group = api_version.substr(0, slash);
    name.append("-").append(group.substr(0, group.find('.')));
    api_version.remove_prefix(slash + 1);
  }
  return name.append("-").append(api_version).append(".json");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: podcheck_peer_schemas FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  const Types& types = Types::built_in();
  Writer writer(types);
  for (const auto& kind : types.kinds()) {
    if (kind.in(types.newest())) {
      std::ofstream(folder / file_name(kind.api_version, kind.kind)) << writer.schema_of(kind);
    }
  }
  return 0;
}
