#include <filesystem>
#include <fstream>

#include "document/document.hpp"
#include "score/score.hpp"

namespace podcheck::score {

namespace {

using document::Node;

struct List {
  const char* key;
  const char* resource;
};
constexpr List lists[] = {{"nodes", "nodes"},
                          {"pods", "pods"},
                          {"pvs", "persistentvolumes"},
                          {"pvcs", "persistentvolumeclaims"},
                          {"storageclasses", "storageclasses"},
                          {"csinodes", "csinodes"},
                          {"runtimeclasses", "runtimeclasses"},
                          {"priorityclasses", "priorityclasses"}};

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string list_of(const std::string& items) {
  return R"({"apiVersion":"v1","kind":"List","items":[)" + items + "]}";
}

// The recorded cluster as a bundle, and the incoming pod as a manifest.
void write_bundle(Node recorded, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "objects");
  for (const List& list : lists) {
    std::string items;
    for (Node item : recorded[list.key].items()) {
      items += (items.empty() ? "" : ",") + document::to_json(item);
    }
    write(folder / "objects" / (std::string(list.resource) + ".json"), list_of(items));
  }
  std::string spaces;
  for (Node item : recorded["namespaces"].items()) {
    spaces += (spaces.empty() ? "" : ",") + std::string(R"({"apiVersion":"v1","kind":"Namespace","metadata":)") +
              document::to_json(item) + "}";
  }
  write(folder / "objects" / "namespaces.json", list_of(spaces));
  write(folder / "pod.json", document::to_json(recorded["pod"]));
}

}  // namespace

Figures scheduler(const std::string& cases) {
  Figures figures{"scheduler", {}, {}};
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("podcheck-score-" + std::to_string(std::hash<std::string>()(cases)));
  int clusters = 0;
  int exact = 0;
  int nodes = 0;
  int agree = 0;
  for (const std::string& line : lines_of(cases)) {
    document::Tree tree;
    std::string error;
    if (!document::parse_json(line, tree, error)) {
      continue;
    }
    Node recorded = tree.root();
    std::filesystem::remove_all(folder);
    write_bundle(recorded, folder);
    std::string space(recorded["pod"]["metadata"]["namespace"].string("default"));
    Answer answer = ask({"preflight", (folder / "pod.json").string(), "--from", folder.string(), "-n", space});
    bool all = answer.report != nullptr;
    for (const document::Member& truth : recorded["per_node"].members()) {
      ++nodes;
      bool same = false;
      Node subject = answer.report ? answer.report->root()["subjects"][0] : Node();
      for (Node row : subject["nodes"].items()) {
        same = same || (row["name"].string() == truth.key && row["fits"].boolean() == truth.value["fits"].boolean());
      }
      agree += same ? 1 : 0;
      all = all && same;
    }
    ++clusters;
    exact += all ? 1 : 0;
    if (!all) {
      figures.misses.push_back(std::string(recorded["id"].string()) + " " + std::string(recorded["theme"].string()));
    }
  }
  std::filesystem::remove_all(folder);
  figures.values = {{"clusters", clusters},
                    {"exact", exact},
                    {"nodes", nodes},
                    {"node_percent", nodes == 0 ? 0 : 100.0 * agree / nodes}};
  return figures;
}

}  // namespace podcheck::score
