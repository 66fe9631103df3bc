#include "cluster/secret_table.hpp"

#include "cluster/pull_secret.hpp"
#include "document/document.hpp"

namespace podcheck::cluster {

namespace {

// The first line marks what follows as this template's, the second is the type, the others are keys.
constexpr const char* key_template =
    "go-template=podcheck-secret{{\"\\n\"}}{{.type}}{{\"\\n\"}}{{range $key, $value := "
    ".data}}{{$key}}{{\"\\n\"}}{{end}}";

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t end = text.find(separator);
    if (end != 0) {
      parts.push_back(text.substr(0, end));
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

void add_secret(document::TreeBuilder& builder, std::string_view namespace_, std::string_view name,
                std::string_view type) {
  builder.begin_mapping();
  builder.key("apiVersion");
  builder.string("v1");
  builder.key("kind");
  builder.string("Secret");
  builder.key("metadata");
  builder.begin_mapping();
  builder.key("name");
  builder.string(name);
  builder.key("namespace");
  builder.string(namespace_);
  builder.end();
  builder.key("type");
  builder.string(type);
}

}  // namespace

std::vector<std::string> secret_arguments(std::string_view namespace_, std::string_view name) {
  std::vector<std::string> arguments{"get", "secrets"};
  if (!name.empty()) {
    arguments.emplace_back(name);
  }
  if (namespace_.empty()) {
    arguments.emplace_back("--all-namespaces");
  } else {
    arguments.emplace_back("-n");
    arguments.emplace_back(namespace_);
  }
  if (name.empty()) {
    arguments.emplace_back("--no-headers");
  } else {
    arguments.emplace_back("-o");
    arguments.emplace_back(key_template);
  }
  return arguments;
}

bool read_secrets(std::string_view output, std::string_view namespace_, std::string_view name,
                  std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<document::Node>& items,
                  std::string& error) {
  auto tree = std::make_unique<document::Tree>();
  document::TreeBuilder builder(*tree);
  std::vector<std::string_view> lines = split(output, '\n');
  builder.begin_sequence();
  if (!name.empty()) {
    if (lines.size() < 2 || lines[0] != "podcheck-secret") {
      error = "not a Secret";
      return false;
    }
    add_secret(builder, namespace_, name, lines[1]);
    builder.key("data");
    builder.begin_mapping();
    for (std::size_t i = 2; i < lines.size(); ++i) {
      builder.key(lines[i]);
      builder.string("");
    }
    builder.end();
    builder.end();
  } else {
    std::size_t first = namespace_.empty() ? 1 : 0;
    for (std::string_view line : lines) {
      std::vector<std::string_view> cells = split(line, ' ');
      if (cells.size() != first + 4) {
        error = "not a table of Secrets";
        return false;
      }
      add_secret(builder, namespace_.empty() ? cells[0] : namespace_, cells[first], cells[first + 1]);
      builder.end();
    }
  }
  builder.end();
  for (document::Node item : tree->root().items()) {
    items.push_back(item);
  }
  trees.push_back(std::move(tree));
  return true;
}

std::optional<std::vector<std::string>> registry_hosts_of_secret(std::string& json) {
  document::Tree tree;
  std::string error;
  bool readable = document::parse_json(json, tree, error);
  volatile char* bytes = json.data();
  for (std::size_t i = 0; i < json.size(); ++i) {
    bytes[i] = 0;
  }
  return readable ? registry_hosts(tree.root()) : std::nullopt;
}

}  // namespace podcheck::cluster
