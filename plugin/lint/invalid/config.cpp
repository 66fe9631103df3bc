#include <set>

#include "document/document.hpp"
#include "kube/names.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr std::size_t most_bytes = 1 << 20;

int sextet(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::string decoded(std::string_view text) {
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = sextet(c);
    if (value < 0)
      continue;
    buffer = (buffer << 6 | static_cast<unsigned>(value)) & 0xffffff;
    bits += 6;
    if (bits < 8)
      continue;
    bits -= 8;
    bytes += static_cast<char>(buffer >> bits & 0xff);
  }
  return bytes;
}

std::size_t decoded_size(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text)
    digits += sextet(c) >= 0;
  return digits * 3 / 4;
}

void check_keys(Faults& faults, Node map) {
  for (const auto& member : map.members())
    if (!kube::is_config_key(member.key))
      faults.key("config-key-invalid", "config-key", member.value);
}

void check_total(Faults& faults, Node object, std::size_t bytes, Node at) {
  if (bytes > most_bytes)
    faults.value("object-too-large", "data", at ? at : object,
                 {{"size", std::to_string(bytes >> 10)}, {"maximum", "1024"}});
}

void check_docker_config(Faults& faults, Node object, const char* key, bool (*is_config)(Node)) {
  const Node clear = get(get(object, "stringData"), key);
  const Node encoded = get(get(object, "data"), key);
  const Node at = clear ? clear : encoded;
  if (!at) {
    const Node data = get(object, "data");
    faults.missing("secret-type-invalid", data ? data : object,
                   data ? std::string(key) : "data[\"" + std::string(key) + "\"]");
    return;
  }
  if (!at.is_string())
    return;
  const std::string text = clear ? std::string(at.string()) : decoded(at.string());
  document::Tree tree;
  std::string error;
  if (!document::parse_json(text, tree, error) || !is_config(tree.root()))
    faults.value("secret-type-invalid", "docker-config", at, {{"value", "…"}, {"key", key}});
}

}  // namespace

void check_config_map(Faults& faults, Node object) {
  const Node data = get(object, "data");
  const Node binary = get(object, "binaryData");
  check_keys(faults, data);
  check_keys(faults, binary);
  std::size_t bytes = 0;
  for (const auto& member : data.members())
    bytes += member.value.string().size();
  for (const auto& member : binary.members()) {
    bytes += decoded_size(member.value.string());
    if (get(data, member.key))
      faults.key("config-key-invalid", "twice", member.value);
  }
  check_total(faults, object, bytes, data ? data : binary);
}

void check_secret(Faults& faults, Node object) {
  const Node data = get(object, "data");
  const Node clear = get(object, "stringData");
  check_keys(faults, data);
  check_keys(faults, clear);
  std::size_t bytes = 0;
  for (const auto& member : clear.members())
    bytes += member.value.string().size();
  for (const auto& member : data.members())
    if (!get(clear, member.key))
      bytes += decoded_size(member.value.string());
  check_total(faults, object, bytes, data ? data : clear);

  const std::string_view type = string_or(get(object, "type"), "Opaque");
  const auto has = [&](const char* key) { return get(data, key) || get(clear, key); };
  const auto need = [&](const char* key) {
    if (!has(key))
      faults.missing("secret-type-invalid", data ? data : object,
                     data ? std::string(key) : "data[\"" + std::string(key) + "\"]", "key-missing",
                     {{"key", key}, {"type", std::string(type)}});
  };
  if (type == "kubernetes.io/tls") {
    need("tls.crt");
    need("tls.key");
  } else if (type == "kubernetes.io/ssh-auth") {
    need("ssh-privatekey");
  } else if (type == "kubernetes.io/basic-auth") {
    if (!has("username") && !has("password"))
      need("username");
  } else if (type == "kubernetes.io/dockerconfigjson") {
    check_docker_config(faults, object, ".dockerconfigjson",
                        [](Node root) { return root.is_mapping() || root.is_null(); });
  } else if (type == "kubernetes.io/dockercfg") {
    check_docker_config(faults, object, ".dockercfg", [](Node root) { return root.is_mapping() || root.is_null(); });
  } else if (type == "kubernetes.io/service-account-token") {
    const Node metadata = get(object, "metadata");
    if (get(get(metadata, "annotations"), "kubernetes.io/service-account.name").string().empty())
      faults.missing("secret-type-invalid", metadata ? metadata : object,
                     "annotations[\"kubernetes.io/service-account.name\"]");
  }
}

}  // namespace podcheck::lint::invalid
