// Any bytes: reading ends without a crash, every range lies in the text, and what an edit leaves can still be read.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "document/edit.hpp"

using namespace podcheck::document;

namespace {

void require(bool truth) {
  if (!truth) {
    std::abort();
  }
}

void check_range(Range range, std::size_t size) {
  require(range.begin <= range.end && range.end <= size);
}

void collect(Node node, std::size_t size, std::vector<Node>& nodes) {
  if (nodes.size() >= 4096) {
    return;
  }
  check_range(node.range(), size);
  check_range(node.key_range(), size);
  nodes.push_back(node);
  for (std::size_t i = 0; i < node.size(); ++i) {
    collect(node[i], size, nodes);
  }
}

EditResult edit(const Editor& editor, Node node, unsigned choice) {
  static constexpr const char* values[] = {"80", "new value", "{a: 1}", "[x]"};
  const char* value = values[choice / 5 % 4];
  switch (choice % 5) {
    case 0:
      return editor.replace_value(node, value);
    case 1:
      return editor.rename_key(node, "new-key");
    case 2:
      return editor.remove(node);
    case 3:
      return editor.insert_member(node, "new-key", value);
    default:
      return editor.append_item(node, value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  unsigned hash = 2166136261u;
  for (char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  }
  File file = parse("f.yaml", text);
  for (const Problem& problem : file.problems) {
    check_range(problem.range, size);
  }
  for (std::size_t i = 0; i < file.documents.size(); ++i) {
    const Document& document = file.documents[i];
    check_range(document.extent, size);
    for (const Problem& problem : document.problems) {
      check_range(problem.range, size);
      check_range(problem.related, size);
      file.text.position(problem.range.begin);
    }
    if (!document.root) {
      continue;
    }
    std::vector<Node> nodes;
    collect(document.root, size, nodes);
    to_json(document.root);
    const Node node = nodes[(hash >> 8) % nodes.size()];
    require(!path_of(document.root, node).empty() || node == document.root);
    const EditResult result = edit(Editor(file, document), node, hash % 20);
    if (result) {
      const std::optional<std::string> after = apply_edits(text, {*result.edit});
      require(after.has_value());
      const File again = parse("f.yaml", *after);
      // Flow YAML may become what JSON allows as well, and then every brace begins a document.
      // And a zero byte may come so near to the beginning that the file is called binary.
      if (!again.problems.empty() || (!again.documents.empty() && again.documents[0].language != document.language)) {
        continue;
      }
      require(again.documents.size() == file.documents.size());
      require(static_cast<bool>(again.documents[i].root));
    }
  }
  Tree tree;
  std::string error;
  parse_json(text, tree, error);
  return 0;
}
