// What the real Kubernetes 1.36 scheduler said of every node of 625 clusters, against the filters' answers.
#include <doctest/doctest.h>
#include <zstd.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "scheduling/admission.hpp"
#include "scheduling/rows.hpp"
#include "scheduling/scheduling.hpp"
#include "scheduling/verdict.hpp"

using namespace podcheck;
using namespace podcheck::scheduling;
using document::Node;

namespace {

std::string read_compressed(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string packed((std::istreambuf_iterator<char>(in)), {});
  std::string text;
  ZSTD_DStream* stream = ZSTD_createDStream();
  ZSTD_inBuffer input{packed.data(), packed.size(), 0};
  std::string chunk(ZSTD_DStreamOutSize(), '\0');
  while (input.pos < input.size) {
    ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
    if (ZSTD_isError(ZSTD_decompressStream(stream, &output, &input)) != 0) {
      break;
    }
    text.append(chunk, 0, output.pos);
  }
  ZSTD_freeDStream(stream);
  return text;
}

std::vector<Node> list(Node parent) {
  std::vector<Node> items;
  for (Node item : parent.items()) {
    items.push_back(item);
  }
  return items;
}

// Namespaces are given as {name, labels}: made into objects.
std::string namespaces_json(Node namespaces) {
  std::string json = "[";
  for (Node item : namespaces.items()) {
    json += (json.size() > 1 ? ",{\"metadata\":" : "{\"metadata\":") + document::to_json(item) + "}";
  }
  return json + "]";
}

// The reason ids that say what the scheduler's text says.
std::vector<std::string> ids_for(std::string_view text) {
  struct Class {
    std::string_view part;
    std::vector<std::string> ids;
  };
  static const std::vector<Class> classes = {
      {"Insufficient cpu", {"insufficient-cpu"}},
      {"Insufficient memory", {"insufficient-memory"}},
      {"Insufficient ephemeral-storage", {"insufficient-ephemeral-storage"}},
      {"Insufficient hugepages", {"insufficient-hugepages"}},
      {"Too many pods", {"too-many-pods"}},
      {"Insufficient ", {"insufficient-extended-resource", "extended-resource-missing"}},
      {"untolerated taint", {"untolerated-taint"}},
      {"node affinity/selector", {"node-selector-mismatch", "node-affinity-mismatch"}},
      {"plugin(s) [NodeAffinity]", {"node-affinity-mismatch"}},
      {"were unschedulable", {"node-cordoned"}},
      {"free ports", {"host-port-conflict"}},
      {"existing pods anti-affinity", {"existing-pod-anti-affinity"}},
      {"pod anti-affinity", {"pod-anti-affinity"}},
      {"pod affinity", {"pod-affinity"}},
      {"topology spread", {"topology-spread"}},
      {"requested node name", {"node-name-mismatch"}},
      {"find available persistent volumes", {"volume-no-match", "volume-topology-mismatch"}},
      {"PersistentVolume's node affinity", {"volume-node-affinity-conflict"}},
      {"ReadWriteOncePod", {"rwop-claim-in-use"}},
      {"max volume count", {"volume-limit"}},
      {"unbound immediate", {"volume-unbound"}},
      {"is being deleted", {"volume-claim-deleting"}},
      {"no available volume zone", {"volume-zone-conflict"}},
      {"\" not found", {"pvc-not-found"}},
  };
  for (const Class& entry : classes) {
    if (text.find(entry.part) != std::string_view::npos) {
      return entry.ids;
    }
  }
  return {};
}

struct Case {
  Node root;
  std::deque<document::Tree> trees;
  Objects objects;

  explicit Case(const std::string& line) {
    std::string error;
    document::Tree& tree = trees.emplace_back();
    REQUIRE_MESSAGE(document::parse_json(line, tree, error), error);
    root = tree.root();
    document::Tree& namespaces = trees.emplace_back();
    REQUIRE(document::parse_json(namespaces_json(root["namespaces"]), namespaces, error));
    objects.nodes = list(root["nodes"]);
    objects.pods = list(root["pods"]);
    objects.namespaces = list(namespaces.root());
    objects.volumes = list(root["pvs"]);
    objects.claims = list(root["pvcs"]);
    objects.storage_classes = list(root["storageclasses"]);
    objects.csi_nodes = list(root["csinodes"]);
    objects.priority_classes = list(root["priorityclasses"]);
    objects.runtime_classes = list(root["runtimeclasses"]);
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  if (start < text.size()) {
    lines.push_back(text.substr(start));
  }
  return lines;
}

std::string join(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    all += (all.empty() ? "" : ", ") + text;
  }
  return all;
}

void check_preemption(const Cluster& cluster, Node pod, const Placement& placement, Node recorded,
                      std::map<std::string, int>& tally) {
  Preemption preemption = preemption_for(cluster, pod, placement);
  bool helps = preemption.verdict == Preemption::Verdict::would_help;
  CHECK(helps == recorded.is_mapping());
  if (!helps || !recorded.is_mapping()) {
    return;
  }
  ++tally["preempting"];
  CHECK(preemption.node == recorded["nominated_node"].string());
  std::vector<std::string> ours;
  for (Node victim : preemption.victims) {
    Node metadata = victim["metadata"];
    if (metadata.has("deletionTimestamp")) {
      continue;  // on its way out already: the scheduler has nothing to delete, and the recording no trace
    }
    ours.push_back(std::string(metadata["namespace"].string()) + "/" + std::string(metadata["name"].string()));
  }
  std::vector<std::string> theirs;
  for (Node victim : recorded["victims"].items()) {
    theirs.emplace_back(victim.string());
  }
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  CHECK(join(ours) == join(theirs));
}

// Every proposal is tried independently, and every sentence is whole.
void check_words(const Cluster& cluster, Node pod, const Placement& placement, std::map<std::string, int>& tally) {
  for (catalogue::Language language : {catalogue::Language::en, catalogue::Language::ja}) {
    static const catalogue::Catalogue english(catalogue::Language::en);
    static const catalogue::Catalogue japanese(catalogue::Language::ja);
    const catalogue::Catalogue& words = language == catalogue::Language::en ? english : japanese;
    for (const finding::NodeVerdict& row : rows(cluster, pod, placement, words)) {
      CHECK(row.fits == row.detail.empty());
      CHECK_MESSAGE(row.detail.find('{') == std::string::npos, row.detail);
      for (const std::string& reason : row.reasons) {
        CHECK_MESSAGE(!words.say("scheduling.reason." + reason + ".plain").empty(), reason);
      }
    }
    Verdict verdict = judge(cluster, pod, placement);
    CHECK(verdict.cause.empty() == placement.fits());
    if (!verdict.cause.empty()) {
      std::string text = sentence(verdict, words);
      CHECK_MESSAGE(text.find('{') == std::string::npos, text);
      CHECK(text != verdict.cause);
    }
  }
  static const catalogue::Catalogue words(catalogue::Language::en);
  std::vector<Change> changes = smallest_changes(cluster, pod, placement);
  tally["unfit"] += placement.fits() ? 0 : 1;
  tally["helped"] += changes.empty() ? 0 : 1;
  for (const Change& change : changes) {
    std::string text = sentence(change, words);
    CHECK_MESSAGE(text.find('{') == std::string::npos, text);
    ++tally["changes"];
    bool on_node =
        std::any_of(change.edits.begin(), change.edits.end(), [](const Edit& edit) { return !edit.command.empty(); });
    if (on_node) {
      continue;
    }
    Value changed = Value::from(pod);
    for (const Edit& edit : change.edits) {
      CHECK(apply_patch(edit.patch, changed.member("spec")));
    }
    std::unique_ptr<document::Tree> tree = changed.tree();
    Placement after = evaluate(cluster, tree->root());
    CHECK(after.fits());
    CHECK(after.fitting().size() == change.fits_on.size());
  }
}

}  // namespace

TEST_CASE("every node of every recorded cluster is judged as the scheduler judged it") {
  std::vector<std::string> lines =
      lines_of(read_compressed(std::string(PODCHECK_SOURCE_DIR) + "/testdata/verdicts/scheduler.jsonl.zst"));
  REQUIRE(lines.size() == 625);
  std::map<std::string, int> tally;
  for (const std::string& line : lines) {
    Case recorded(line);
    Cluster cluster(recorded.objects);
    Node pod = recorded.root["pod"];
    Admitted admitted = admit(cluster, pod["metadata"], pod["spec"], "default");
    Placement placement = evaluate(cluster, admitted.pod);
    std::string id(recorded.root["id"].string());
    CAPTURE(id);
    check_preemption(cluster, admitted.pod, placement, recorded.root["preemption"], tally);
    check_words(cluster, admitted.pod, placement, tally);
    for (const document::Member& node : recorded.root["per_node"].members()) {
      CAPTURE(node.key);
      ++tally["nodes"];
      auto ours = std::find_if(placement.nodes.begin(), placement.nodes.end(),
                               [&](const NodeResult& result) { return result.node == node.key; });
      REQUIRE(ours != placement.nodes.end());
      bool fits = node.value["fits"].boolean().value_or(false);
      std::vector<std::string> said;
      std::string last_plugin;
      for (const Reason& reason : ours->reasons) {
        said.push_back(reason.id);
      }
      std::string scheduler = document::to_json(node.value);
      CAPTURE(scheduler);
      CAPTURE(join(said));
      CHECK(ours->fits() == fits);
      if (fits || ours->fits()) {
        continue;
      }
      ++tally["refused"];
      for (Node reason : node.value["reasons"].items()) {
        std::vector<std::string> wanted = ids_for(reason.string());
        CHECK_MESSAGE(!wanted.empty(), "unknown text: ", reason.string());
        bool found = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
          return std::find(said.begin(), said.end(), one) != said.end();
        });
        CHECK(found);
      }
    }
  }
  MESSAGE("pods that fit nowhere: ", tally["unfit"], ", with a change that helps: ", tally["helped"]);
  CHECK(tally["preempting"] == 43);
  CHECK(tally["nodes"] == 2876);
  CHECK(tally["refused"] == 2170);
}
