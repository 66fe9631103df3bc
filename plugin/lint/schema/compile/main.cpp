// Reads OpenAPI v2 documents of several Kubernetes versions (or a cluster's `kubectl get --raw /openapi/v2`) and prints
// the types that they share as the text that plugin/lint/schema/types.cpp loads:
//
//   schema_compile v1.28.json v1.29.json … > schemas/kubernetes/types.txt
//   schema_compile --pack schemas/kubernetes/types.txt packed_types.cpp
//
// The minor version of a document is in its `info.version`, else in its file name.
#include <zstd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.hpp"

namespace {

using podcheck::document::Node;

struct Span {
  int since = 0;
  int until = 0;
};

struct FieldFacts {
  Span span;
  bool required = false;
  std::string keys;  // x-kubernetes-list-map-keys
};

struct TypeFacts {
  Span span;
  std::string scalar;                                                // for types without fields
  std::map<std::pair<std::string, std::string>, FieldFacts> fields;  // {name, type}
};

struct KindFacts {
  Span span;
  std::string type;
};

struct Facts {
  std::map<std::string, TypeFacts> types;
  std::map<std::pair<std::string, std::string>, KindFacts> kinds;  // {group/version, kind}
};

std::string short_name(std::string_view name) {
  for (std::string_view prefix : {"io.k8s.api.", "io.k8s.apimachinery.pkg.apis.", "io.k8s.apimachinery.pkg.",
                                  "io.k8s.apiextensions-apiserver.pkg.apis.", "io.k8s.kube-aggregator.pkg.apis."})
    if (name.substr(0, prefix.size()) == prefix)
      return std::string(name.substr(prefix.size()));
  return std::string(name);
}

std::string type_of(Node schema) {
  if (auto ref = schema["$ref"].string(); !ref.empty()) {
    const std::string name = short_name(ref.substr(ref.rfind('/') + 1));
    if (name == "api.resource.Quantity")
      return "quantity";
    if (name == "util.intstr.IntOrString")
      return "intstr";
    if (name == "meta.v1.Time")
      return "time";
    if (name == "meta.v1.MicroTime")
      return "microtime";
    if (name == "runtime.RawExtension" || name == "meta.v1.FieldsV1" || name == "meta.v1.Patch")
      return "any";
    if (name.find(".JSON") != std::string::npos && name != "apiextensions.v1.JSONSchemaProps")
      return "any";
    return name;
  }
  const auto type = schema["type"].string();
  const auto format = schema["format"].string();
  if (type == "array")
    return "[" + type_of(schema["items"]) + "]";
  if (type == "object")
    return schema.has("additionalProperties") ? "{" + type_of(schema["additionalProperties"]) + "}" : "any";
  if (type == "string")
    return format == "byte" ? "bytes" : format == "int-or-string" ? "intstr" : "string";
  if (type == "integer")
    return format == "int32" ? "int32" : "int64";
  if (type == "number")
    return "number";
  if (type == "boolean")
    return "bool";
  return "any";
}

void widen(Span& span, int minor) {
  if (span.since == 0)
    span.since = minor;
  span.until = minor;
}

void read(Node definitions, int minor, Facts& facts) {
  for (const auto& definition : definitions.members()) {
    const std::string name = short_name(definition.key);
    const Node schema = definition.value;
    if (!schema.has("properties") && schema["type"].string() != "object")
      continue;  // scalars are named in type_of
    if (name == "runtime.RawExtension" || name == "meta.v1.FieldsV1" || name == "meta.v1.Patch")
      continue;
    if (name == "meta.v1.WatchEvent" || name == "meta.v1.DeleteOptions")
      continue;
    TypeFacts& type = facts.types[name];
    widen(type.span, minor);
    std::set<std::string> required;
    for (Node item : schema["required"].items())
      required.emplace(item.string());
    for (const auto& property : schema["properties"].members()) {
      FieldFacts& field = type.fields[{std::string(property.key), type_of(property.value)}];
      widen(field.span, minor);
      field.required = required.count(std::string(property.key)) != 0;
      field.keys.clear();
      for (Node key : property.value["x-kubernetes-list-map-keys"].items())
        field.keys.append(field.keys.empty() ? "" : ",").append(key.string());
    }
    for (Node kind : schema["x-kubernetes-group-version-kind"].items()) {
      std::string version(kind["version"].string());
      if (const auto group = kind["group"].string(); !group.empty())
        version = std::string(group) + "/" + version;
      KindFacts& entry = facts.kinds[{version, std::string(kind["kind"].string())}];
      widen(entry.span, minor);
      entry.type = name;
    }
  }
}

std::string limits(const Span& span, const Span& outer) {
  std::string text;
  if (span.since > outer.since)
    text += " since=" + std::to_string(span.since);
  if (span.until < outer.until)
    text += " until=" + std::to_string(span.until);
  return text;
}

void print(const Facts& facts, Span all) {
  std::printf(
      "# The types of Kubernetes 1.%d to 1.%d, made by plugin/lint/schema/compile from their OpenAPI documents.\n",
      all.since, all.until);
  std::printf(
      "# Fields: name, type ([list], {map of strings to}), ! when OpenAPI calls it required, keys of list maps.\n");
  std::printf("versions %d %d\n", all.since, all.until);
  for (const auto& [key, kind] : facts.kinds)
    std::printf("kind %s %s %s%s\n", key.first.c_str(), key.second.c_str(), kind.type.c_str(),
                limits(kind.span, all).c_str());
  for (const auto& [name, type] : facts.types) {
    std::printf("type %s\n", name.c_str());
    for (const auto& [key, field] : type.fields)
      std::printf(" %s %s%s%s%s\n", key.first.c_str(), key.second.c_str(), field.required ? " !" : "",
                  field.keys.empty() ? "" : (" keys=" + field.keys).c_str(), limits(field.span, type.span).c_str());
  }
}

int minor_of(const std::string& path, Node root) {
  std::string text(root["info"]["version"].string());
  if (text.compare(0, 3, "v1.") != 0)
    text = path.substr(path.find_last_of('/') + 1);
  if (text.compare(0, 3, "v1.") != 0)
    return 0;
  return std::atoi(text.c_str() + 3);
}

bool slurp(const char* path, std::string& bytes) {
  std::ifstream in(path, std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(in), {});
  return !in.bad() && !bytes.empty();
}

int pack(const char* from, const char* to) {
  std::string text;
  if (!slurp(from, text))
    return std::fprintf(stderr, "schema_compile: cannot read %s\n", from), 1;
  std::vector<unsigned char> packed(ZSTD_compressBound(text.size()));
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 19);
  if (ZSTD_isError(size))
    return std::fprintf(stderr, "schema_compile: %s\n", ZSTD_getErrorName(size)), 1;
  std::ofstream out(to, std::ios::binary);
  out << "#include \"lint/schema/packed_types.hpp\"\nnamespace podcheck::lint::schema {\nconst std::size_t "
         "packed_types_size = "
      << size << ", packed_types_length = " << text.size() << ";\nconst unsigned char packed_types[] = {";
  for (std::size_t i = 0; i < size; ++i)
    out << (i % 32 == 0 ? "\n" : "") << int{packed[i]} << ',';
  out << "};\n}  // namespace podcheck::lint::schema\n";
  return out.flush() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--pack")
    return pack(argv[2], argv[3]);
  if (argc < 2)
    return std::fprintf(stderr, "usage: schema_compile OPENAPI.json...\n"), 2;
  std::map<int, std::string> versions;
  Facts facts;
  for (int i = 1; i < argc; ++i) {
    std::string bytes, error;
    podcheck::document::Tree tree;
    if (!slurp(argv[i], bytes) || !podcheck::document::parse_json(bytes, tree, error))
      return std::fprintf(stderr, "schema_compile: %s: %s\n", argv[i], error.c_str()), 1;
    const int minor = minor_of(argv[i], tree.root());
    if (minor == 0)
      return std::fprintf(stderr, "schema_compile: %s: no version like v1.36\n", argv[i]), 1;
    versions[minor] = std::move(bytes);
  }
  for (const auto& [minor, bytes] : versions) {  // in order, so that spans grow
    podcheck::document::Tree tree;
    std::string error;
    podcheck::document::parse_json(bytes, tree, error);
    read(tree.root()["definitions"], minor, facts);
  }
  print(facts, {versions.begin()->first, versions.rbegin()->first});
  return 0;
}
