#include "catalogue/embedded_schema.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>

#include "catalogue/cards/heads.hpp"

namespace podcheck::catalogue {

namespace {

struct Embedded {
  document::Tree tree;
  std::unique_ptr<JsonSchema> schema;
};

std::map<std::string, Embedded, std::less<>> unpack_all() {
  std::map<std::string, Embedded, std::less<>> out;
  const std::string bytes = decompress(embedded_schemas);
  Unpacker unpacker(bytes);
  while (!unpacker.at_end()) {
    const std::string name(unpacker.string());
    unpacker.node(out[name].tree);
  }
  return out;
}

}  // namespace

const JsonSchema& embedded_schema(std::string_view name) {
  static std::mutex mutex;
  static auto schemas = unpack_all();
  const std::lock_guard lock(mutex);
  Embedded& embedded = schemas.find(name)->second;
  if (embedded.schema == nullptr) {
    std::string error;
    embedded.schema = JsonSchema::compile(embedded.tree.root(), error);
    if (embedded.schema == nullptr) {
      std::fprintf(stderr, "podcheck: the embedded JSON Schema %s: %s\n", embedded.tree.root()["title"].text().c_str(),
                   error.c_str());
      std::abort();
    }
  }
  return *embedded.schema;
}

}  // namespace podcheck::catalogue
