// Random small clusters, judged a second time by the plainest code that could be right: values compared one by one,
// nothing prepared, nothing counted ahead. And what must hold for every cluster, whatever its answer.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "document/document.hpp"
#include "scheduling/filter_set.hpp"
#include "scheduling/scheduling.hpp"

using namespace podcheck;
using namespace podcheck::scheduling;

namespace {

using Labels = std::map<std::string, std::string>;

struct Expression {
  std::string key, op;
  std::vector<std::string> values;
};
// Absent: matches nobody; empty: matches everybody.
using LabelQuery = std::optional<std::vector<Expression>>;

struct Term {
  std::string topology;
  LabelQuery pods;
  std::vector<std::string> namespaces;
  LabelQuery spaces;
};

struct Spread {
  std::string topology;
  int max_skew = 1;
  int min_domains = 1;
  bool honor_affinity = true;
  bool honor_taints = false;
  LabelQuery pods;
};

struct Taint3 {
  std::string key, value, effect;
};
struct Toleration4 {
  std::string key, op, value, effect;
};

struct PlainPod {
  std::string name, space, node;
  Labels labels;
  int cpu = 0, gpu = 0, priority = 0;
  bool deleting = false;
  std::vector<std::pair<int, std::string>> ports;  // with the host's address
  std::vector<Term> near, apart;
  std::vector<Spread> spread;
  std::vector<Toleration4> tolerations;
  Labels selector;
  std::optional<std::vector<std::vector<Expression>>> affinity;
};

struct PlainNode {
  std::string name;
  Labels labels;
  std::vector<Taint3> taints;
  bool cordoned = false;
  int cpu = 0, gpu = 0, pods = 0;
};

struct PlainCluster {
  std::vector<PlainNode> nodes;
  std::vector<PlainPod> pods;
  std::map<std::string, Labels> spaces;
  PlainPod incoming;
};

// ---- the plain judgement

bool holds(const Expression& wanted, const Labels& labels) {
  auto found = labels.find(wanted.key);
  bool has = found != labels.end();
  bool listed = has && std::find(wanted.values.begin(), wanted.values.end(), found->second) != wanted.values.end();
  if (wanted.op == "In") {
    return listed;
  }
  if (wanted.op == "NotIn") {
    return !listed;
  }
  if (wanted.op == "Exists") {
    return has;
  }
  if (wanted.op == "DoesNotExist") {
    return !has;
  }
  if (!has || found->second.find_first_not_of("0123456789") != std::string::npos) {
    return false;
  }
  return wanted.op == "Gt" ? std::stol(found->second) > std::stol(wanted.values[0])
                           : std::stol(found->second) < std::stol(wanted.values[0]);
}

bool holds(const LabelQuery& query, const Labels& labels) {
  return query && std::all_of(query->begin(), query->end(), [&](const Expression& one) { return holds(one, labels); });
}

bool tolerates(const PlainPod& pod, const Taint3& taint) {
  return std::any_of(pod.tolerations.begin(), pod.tolerations.end(), [&](const Toleration4& one) {
    return (one.effect.empty() || one.effect == taint.effect) && (one.key.empty() || one.key == taint.key) &&
           (one.op == "Exists" || one.value == taint.value);
  });
}

bool has_untolerated(const PlainPod& pod, const PlainNode& node) {
  return std::any_of(node.taints.begin(), node.taints.end(),
                     [&](const Taint3& taint) { return taint.effect != "PreferNoSchedule" && !tolerates(pod, taint); });
}

bool wants_node(const PlainPod& pod, const PlainNode& node) {
  for (const auto& [key, value] : pod.selector) {
    if (!holds(Expression{key, "In", {value}}, node.labels)) {
      return false;
    }
  }
  return !pod.affinity || std::any_of(pod.affinity->begin(), pod.affinity->end(), [&](const auto& term) {
    return !term.empty() && holds(LabelQuery(term), node.labels);
  });
}

bool covers(const PlainCluster& cluster, const Term& term, const std::string& own_space, const PlainPod& pod) {
  bool in_space = std::find(term.namespaces.begin(), term.namespaces.end(), pod.space) != term.namespaces.end();
  in_space = in_space || holds(term.spaces, cluster.spaces.at(pod.space));
  in_space = in_space || (term.namespaces.empty() && !term.spaces && pod.space == own_space);
  return in_space && holds(term.pods, pod.labels);
}

const PlainNode& node_of(const PlainCluster& cluster, const PlainPod& pod) {
  return *std::find_if(cluster.nodes.begin(), cluster.nodes.end(),
                       [&](const PlainNode& node) { return node.name == pod.node; });
}

bool same_domain(const PlainNode& a, const PlainNode& b, const std::string& key) {
  return a.labels.contains(key) && b.labels.contains(key) && a.labels.at(key) == b.labels.at(key);
}

bool near_enough(const PlainCluster& cluster, const PlainNode& node) {
  const PlainPod& incoming = cluster.incoming;
  auto all_terms = [&](const PlainPod& pod) {
    return std::all_of(incoming.near.begin(), incoming.near.end(),
                       [&](const Term& term) { return covers(cluster, term, incoming.space, pod); });
  };
  bool anybody = false;
  bool satisfied = true;
  for (const Term& term : incoming.near) {
    if (!node.labels.contains(term.topology)) {
      return false;
    }
    bool here = false;
    for (const PlainPod& pod : cluster.pods) {
      bool counts = all_terms(pod) && node_of(cluster, pod).labels.contains(term.topology);
      anybody = anybody || counts;
      here = here || (counts && same_domain(node, node_of(cluster, pod), term.topology));
    }
    satisfied = satisfied && here;
  }
  return satisfied || (!anybody && all_terms(incoming));
}

bool kept_apart(const PlainCluster& cluster, const PlainNode& node, const PlainPod& who, const PlainPod& from) {
  // `who` has the terms, `from` is what they keep away; one of them is on a node already.
  const PlainNode& running = node_of(cluster, who.node.empty() ? from : who);
  return std::any_of(who.apart.begin(), who.apart.end(), [&](const Term& term) {
    return covers(cluster, term, who.space, from) && same_domain(node, running, term.topology);
  });
}

bool spreads(const PlainCluster& cluster, const PlainNode& node, const Spread& spread, bool& lacks_label) {
  const PlainPod& incoming = cluster.incoming;
  if (!node.labels.contains(spread.topology)) {
    lacks_label = true;
    return false;
  }
  std::map<std::string, int> counts;
  for (const PlainNode& other : cluster.nodes) {
    bool has_all = std::all_of(incoming.spread.begin(), incoming.spread.end(),
                               [&](const Spread& one) { return other.labels.contains(one.topology); });
    if (!has_all || (spread.honor_affinity && !wants_node(incoming, other)) ||
        (spread.honor_taints && has_untolerated(incoming, other))) {
      continue;
    }
    int& count = counts[other.labels.at(spread.topology)];
    for (const PlainPod& pod : cluster.pods) {
      count += pod.node == other.name && pod.space == incoming.space && !pod.deleting && !spread.pods->empty() &&
               holds(spread.pods, pod.labels);
    }
  }
  int fewest = 1 << 30;
  for (const auto& [domain, count] : counts) {
    fewest = std::min(fewest, count);
  }
  fewest = static_cast<int>(counts.size()) < spread.min_domains ? 0 : fewest;
  auto found = counts.find(node.labels.at(spread.topology));
  int here = found == counts.end() ? 0 : found->second;
  return here + (holds(spread.pods, incoming.labels) ? 1 : 0) - fewest <= spread.max_skew;
}

std::set<std::string> plain_reasons(const PlainCluster& cluster, const PlainNode& node) {
  const PlainPod& incoming = cluster.incoming;
  std::set<std::string> reasons;
  auto refuse = [&](bool refused, const char* reason) {
    if (refused) {
      reasons.insert(reason);
    }
  };
  int cpu = 0;
  int gpu = 0;
  int running = 0;
  for (const PlainPod& pod : cluster.pods) {
    refuse(kept_apart(cluster, node, incoming, pod), "pod-anti-affinity");
    refuse(kept_apart(cluster, node, pod, incoming), "existing-pod-anti-affinity");
    if (pod.node != node.name) {
      continue;
    }
    cpu += pod.cpu;
    gpu += pod.gpu;
    ++running;
    for (const auto& [port, ip] : incoming.ports) {
      for (const auto& [held, held_ip] : pod.ports) {
        refuse(port == held && (ip == held_ip || ip == "0.0.0.0" || held_ip == "0.0.0.0"), "host-port-conflict");
      }
    }
  }
  refuse(running >= node.pods, "too-many-pods");
  refuse(incoming.cpu > 0 && cpu + incoming.cpu > node.cpu, "insufficient-cpu");
  refuse(incoming.gpu > 0 && gpu + incoming.gpu > node.gpu,
         node.gpu > 0 ? "insufficient-extended-resource" : "extended-resource-missing");
  refuse(node.cordoned && !tolerates(incoming, {"node.kubernetes.io/unschedulable", "", "NoSchedule"}),
         "node-cordoned");
  refuse(has_untolerated(incoming, node), "untolerated-taint");
  PlainPod only_selector = incoming;
  only_selector.affinity.reset();
  PlainPod only_affinity = incoming;
  only_affinity.selector.clear();
  refuse(!wants_node(only_selector, node), "node-selector-mismatch");
  refuse(!wants_node(only_affinity, node), "node-affinity-mismatch");
  refuse(!incoming.near.empty() && !near_enough(cluster, node), "pod-affinity");
  for (const Spread& spread : incoming.spread) {
    bool lacks_label = false;
    refuse(!spreads(cluster, node, spread, lacks_label), "topology-spread");
  }
  return reasons;
}

// ---- chance

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool one_in(int n) { return below(n) == 0; }
  template <typename T>
  const T& of(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
  }

 private:
  std::mt19937 random_;
};

const std::vector<std::string> spaces = {"red", "blue", "green"};
const std::vector<std::string> apps = {"web", "db", "api"};
const std::vector<std::string> topologies = {"host", "zone", "rack"};

std::vector<Expression> some_query(Chance& chance) {
  switch (chance.below(6)) {
    case 0:
      return {};
    case 1:
      return {{"app", "NotIn", {chance.of(apps)}}};
    case 2:
      return {{"tier", chance.one_in(2) ? "Exists" : "DoesNotExist", {}}};
    case 3:
      return {{"app", "In", {chance.of(apps), chance.of(apps)}}, {"tier", "In", {"front"}}};
    default:
      return {{"app", "In", {chance.of(apps)}}};
  }
}

Term some_term(Chance& chance) {
  Term term;
  term.topology = chance.of(topologies);
  if (!chance.one_in(12)) {
    term.pods = some_query(chance);
  }
  if (chance.one_in(3)) {
    term.namespaces.push_back(chance.of(spaces));
  }
  if (chance.one_in(4)) {
    term.spaces = chance.one_in(2) ? std::vector<Expression>{} : std::vector<Expression>{{"team", "In", {"a"}}};
  }
  return term;
}

PlainPod some_pod(Chance& chance, const std::string& name) {
  PlainPod pod;
  pod.name = name;
  pod.space = chance.of(spaces);
  if (!chance.one_in(6)) {
    pod.labels["app"] = chance.of(apps);
  }
  if (chance.one_in(2)) {
    pod.labels["tier"] = chance.one_in(2) ? "front" : "back";
  }
  pod.cpu = chance.below(4) * 250;
  pod.gpu = chance.one_in(8) ? 1 : 0;
  pod.priority = chance.below(3) * 10;
  if (chance.one_in(4)) {
    pod.ports.emplace_back(8000 + chance.below(2), chance.of<std::string>({"0.0.0.0", "10.0.0.1", "10.0.0.2"}));
  }
  for (int left = chance.below(3) - 1; left > 0; --left) {
    pod.apart.push_back(some_term(chance));
  }
  return pod;
}

PlainPod some_incoming(Chance& chance) {
  PlainPod pod = some_pod(chance, "incoming");
  pod.priority = 15;
  for (int left = chance.below(3); left > 0 && chance.one_in(2); --left) {
    pod.near.push_back(some_term(chance));
  }
  for (int left = chance.below(3); left > 0; --left) {
    Spread spread;
    spread.topology = topologies[static_cast<std::size_t>(left)];
    spread.max_skew = 1 + chance.below(2);
    spread.min_domains = chance.one_in(3) ? 3 : 1;
    spread.honor_affinity = !chance.one_in(3);
    spread.honor_taints = chance.one_in(3);
    spread.pods = some_query(chance);
    pod.spread.push_back(spread);
  }
  if (chance.one_in(3)) {
    pod.tolerations.push_back({chance.one_in(3) ? "" : "dedicated", "Exists", "", chance.one_in(2) ? "" : "NoExecute"});
  }
  if (chance.one_in(4)) {
    pod.tolerations.push_back({"dedicated", "", "batch", "NoSchedule"});
  }
  if (chance.one_in(4)) {
    pod.selector["disk"] = "ssd";
  }
  if (chance.one_in(3)) {
    pod.affinity.emplace();
    for (int left = chance.below(3); left > 0; --left) {
      pod.affinity->push_back(
          chance.one_in(6) ? std::vector<Expression>{}
                           : std::vector<Expression>{
                                 {"disk", chance.of<std::string>({"In", "NotIn"}), {"ssd", "nvme"}},
                                 {"size", chance.of<std::string>({"Gt", "Lt"}), {std::to_string(chance.below(4))}}});
    }
  }
  return pod;
}

PlainNode some_node(Chance& chance, int number) {
  PlainNode node;
  node.name = "n" + std::to_string(number);
  if (!chance.one_in(8)) {
    node.labels["host"] = node.name;
  }
  if (!chance.one_in(6)) {
    node.labels["zone"] = "z" + std::to_string(chance.below(3));
  }
  if (!chance.one_in(3)) {
    node.labels["rack"] = "r" + std::to_string(chance.below(2));
  }
  if (chance.one_in(2)) {
    node.labels["disk"] = chance.of<std::string>({"ssd", "hdd"});
  }
  if (chance.one_in(2)) {
    node.labels["size"] = chance.of<std::string>({"1", "2", "big"});
  }
  for (const char* effect : {"NoSchedule", "NoExecute", "PreferNoSchedule"}) {
    if (chance.one_in(7)) {
      node.taints.push_back({"dedicated", chance.one_in(2) ? "batch" : "", effect});
    }
  }
  node.cordoned = chance.one_in(9);
  node.cpu = 500 + chance.below(5) * 500;
  node.gpu = chance.below(3);
  node.pods = 1 + chance.below(8);
  return node;
}

PlainCluster some_cluster(unsigned seed) {
  Chance chance(seed);
  PlainCluster cluster;
  for (const std::string& space : spaces) {
    cluster.spaces[space] = chance.one_in(2) ? Labels{{"team", "a"}} : Labels{};
  }
  int nodes = 1 + chance.below(6);
  for (int number = 0; number < nodes; ++number) {
    cluster.nodes.push_back(some_node(chance, number));
  }
  int pods = chance.below(12);
  for (int number = 0; number < pods; ++number) {
    PlainPod pod = some_pod(chance, "p" + std::to_string(number));
    pod.node = chance.of(cluster.nodes).name;
    pod.deleting = chance.one_in(8);
    cluster.pods.push_back(std::move(pod));
  }
  cluster.incoming = some_incoming(chance);
  return cluster;
}

// ---- as JSON

std::string json(const std::string& text) {
  return '"' + text + '"';
}

template <typename List, typename Write>
std::string json_list(const List& list, Write write) {
  std::string text;
  for (const auto& item : list) {
    text += (text.empty() ? "" : ",") + write(item);
  }
  return text;
}

std::string json(const Labels& labels) {
  return "{" + json_list(labels, [](const auto& label) { return json(label.first) + ":" + json(label.second); }) + "}";
}

std::string json(const std::vector<Expression>& query) {
  return "[" +
         json_list(query,
                   [](const Expression& one) {
                     return R"({"key":)" + json(one.key) + R"(,"operator":)" + json(one.op) + R"(,"values":[)" +
                            json_list(one.values, [](const std::string& value) { return json(value); }) + "]}";
                   }) +
         "]";
}

std::string selector_field(const char* name, const LabelQuery& query) {
  return query ? std::string(R"(,")") + name + R"(":{"matchExpressions":)" + json(*query) + "}" : std::string();
}

std::string json(const std::vector<Term>& terms) {
  return R"({"requiredDuringSchedulingIgnoredDuringExecution":[)" +
         json_list(terms,
                   [](const Term& term) {
                     return R"({"topologyKey":)" + json(term.topology) + selector_field("labelSelector", term.pods) +
                            selector_field("namespaceSelector", term.spaces) + R"(,"namespaces":[)" +
                            json_list(term.namespaces, [](const std::string& name) { return json(name); }) + "]}";
                   }) +
         "]}";
}

std::string json(const PlainPod& pod) {
  std::string affinity = R"("podAffinity":)" + json(pod.near) + R"(,"podAntiAffinity":)" + json(pod.apart);
  if (pod.affinity) {
    affinity +=
        R"(,"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[)" +
        json_list(*pod.affinity, [](const auto& term) { return R"({"matchExpressions":)" + json(term) + "}"; }) + "]}}";
  }
  std::string ports = json_list(pod.ports, [](const auto& port) {
    return R"({"containerPort":1,"hostPort":)" + std::to_string(port.first) + R"(,"hostIP":)" + json(port.second) + "}";
  });
  std::string spread = json_list(pod.spread, [](const Spread& one) {
    return R"({"topologyKey":)" + json(one.topology) + R"(,"maxSkew":)" + std::to_string(one.max_skew) +
           R"(,"minDomains":)" + std::to_string(one.min_domains) + R"(,"whenUnsatisfiable":"DoNotSchedule")" +
           R"(,"nodeAffinityPolicy":)" + json(one.honor_affinity ? "Honor" : "Ignore") + R"(,"nodeTaintsPolicy":)" +
           json(one.honor_taints ? "Honor" : "Ignore") + selector_field("labelSelector", one.pods) + "}";
  });
  std::string tolerations = json_list(pod.tolerations, [](const Toleration4& one) {
    return R"({"key":)" + json(one.key) + R"(,"operator":)" + json(one.op) + R"(,"value":)" + json(one.value) +
           R"(,"effect":)" + json(one.effect) + "}";
  });
  return R"({"metadata":{"name":)" + json(pod.name) + R"(,"namespace":)" + json(pod.space) + R"(,"labels":)" +
         json(pod.labels) + (pod.deleting ? R"(,"deletionTimestamp":"2026-01-01T00:00:00Z")" : "") +
         R"(},"spec":{"nodeName":)" + json(pod.node) + R"(,"priority":)" + std::to_string(pod.priority) +
         R"(,"nodeSelector":)" + json(pod.selector) + R"(,"affinity":{)" + affinity +
         R"(},"containers":[{"name":"c","resources":{"requests":{"cpu":")" + std::to_string(pod.cpu) +
         R"(m","example.com/gpu":)" + std::to_string(pod.gpu) + R"(}},"ports":[)" + ports +
         R"(]}],"topologySpreadConstraints":[)" + spread + R"(],"tolerations":[)" + tolerations + "]}}";
}

std::string json(const PlainNode& node) {
  std::string gpu = node.gpu > 0 ? R"(,"example.com/gpu":)" + std::to_string(node.gpu) : "";
  return R"({"metadata":{"name":)" + json(node.name) + R"(,"labels":)" + json(node.labels) +
         R"(},"spec":{"unschedulable":)" + (node.cordoned ? "true" : "false") + R"(,"taints":[)" +
         json_list(node.taints,
                   [](const Taint3& taint) {
                     return R"({"key":)" + json(taint.key) + R"(,"value":)" + json(taint.value) + R"(,"effect":)" +
                            json(taint.effect) + "}";
                   }) +
         R"(]},"status":{"allocatable":{"cpu":")" + std::to_string(node.cpu) + R"(m","memory":"8Gi","pods":)" +
         std::to_string(node.pods) + gpu + "}}}";
}

// ---- the filters' judgement

struct Judged {
  std::deque<document::Tree> trees;
  std::unique_ptr<Cluster> cluster;
  document::Node pod;

  explicit Judged(const PlainCluster& plain) {
    Objects objects;
    for (const PlainNode& node : plain.nodes) {
      objects.nodes.push_back(read(json(node)));
    }
    for (const PlainPod& one : plain.pods) {
      objects.pods.push_back(read(json(one)));
    }
    for (const auto& [name, labels] : plain.spaces) {
      objects.namespaces.push_back(
          read(R"({"metadata":{"name":)" + json(name) + R"(,"labels":)" + json(labels) + "}}"));
    }
    pod = read(json(plain.incoming));
    cluster = std::make_unique<Cluster>(objects);
  }

  document::Node read(const std::string& text) {
    std::string error;
    document::Tree& tree = trees.emplace_back();
    REQUIRE_MESSAGE(document::parse_json(text, tree, error), error, text);
    return tree.root();
  }

  std::map<std::string, std::set<std::string>> reasons() const {
    std::map<std::string, std::set<std::string>> all;
    for (const NodeResult& node : evaluate(*cluster, pod).nodes) {
      std::set<std::string>& ids = all[node.node];
      for (const Reason& reason : node.reasons) {
        ids.insert(reason.id);
      }
    }
    return all;
  }

  std::set<std::string> fitting() const {
    std::set<std::string> names;
    for (std::size_t index : fitting_nodes(*cluster, pod)) {
      names.emplace(cluster->nodes()[index].name);
    }
    return names;
  }
};

constexpr unsigned clusters = 3000;

}  // namespace

TEST_CASE("random clusters are judged as the plainest code judges them") {
  std::map<std::string, int> seen;
  for (unsigned seed = 0; seed < clusters; ++seed) {
    PlainCluster plain = some_cluster(seed);
    Judged judged(plain);
    std::map<std::string, std::set<std::string>> reasons = judged.reasons();
    std::set<std::string> fitting = judged.fitting();
    for (const PlainNode& node : plain.nodes) {
      std::set<std::string> wanted = plain_reasons(plain, node);
      CAPTURE(seed);
      CAPTURE(node.name);
      CHECK(reasons[node.name] == wanted);
      CHECK(fitting.contains(node.name) == wanted.empty());
      ++seen[wanted.empty() ? "fits" : "refused"];
      for (const std::string& reason : wanted) {
        ++seen[reason];
      }
    }
  }
  // Chance has to reach everything, or the comparison says little.
  CHECK(seen.size() == 15);
  for (const auto& [reason, count] : seen) {
    CAPTURE(reason);
    CHECK(count > 50);
  }
}

TEST_CASE("the order of nodes and pods changes no node's verdict") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    PlainCluster plain = some_cluster(seed);
    auto before = Judged(plain).reasons();
    std::mt19937 random(seed);
    std::shuffle(plain.nodes.begin(), plain.nodes.end(), random);
    std::shuffle(plain.pods.begin(), plain.pods.end(), random);
    CAPTURE(seed);
    CHECK(Judged(plain).reasons() == before);
  }
}

TEST_CASE("a toleration takes no node away, and tolerating all removes every taint") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    PlainCluster plain = some_cluster(seed);
    // Under nodeTaintsPolicy Honor more domains count: that may well cost a node.
    for (Spread& spread : plain.incoming.spread) {
      spread.honor_taints = false;
    }
    std::set<std::string> before = Judged(plain).fitting();
    plain.incoming.tolerations.push_back({"", "Exists", "", ""});
    Judged judged(plain);
    std::set<std::string> after = judged.fitting();
    CAPTURE(seed);
    CHECK(std::includes(after.begin(), after.end(), before.begin(), before.end()));
    for (const auto& [node, reasons] : judged.reasons()) {
      CHECK_FALSE(reasons.contains("untolerated-taint"));
      CHECK_FALSE(reasons.contains("node-cordoned"));
    }
  }
}

TEST_CASE("ten times of everything is the same question") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    PlainCluster plain = some_cluster(seed);
    auto before = Judged(plain).reasons();
    for (PlainNode& node : plain.nodes) {
      node.cpu *= 10;
    }
    for (PlainPod& pod : plain.pods) {
      pod.cpu *= 10;
    }
    plain.incoming.cpu *= 10;
    CAPTURE(seed);
    CHECK(Judged(plain).reasons() == before);
  }
}

TEST_CASE("a node without the evicted pods is a cluster without them") {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    PlainCluster plain = some_cluster(seed);
    // Evicting what is not counted is the scheduler's own arithmetic: see topology_spread.cpp.
    for (PlainPod& pod : plain.pods) {
      pod.deleting = false;
    }
    std::erase_if(plain.incoming.spread, [](const Spread& spread) { return spread.pods->empty(); });
    Judged judged(plain);
    FilterSet filters(*judged.cluster, judged.pod, false);
    for (std::size_t index = 0; index < plain.nodes.size(); ++index) {
      std::vector<std::uint32_t> evicted;
      PlainCluster without = plain;
      without.pods.clear();
      for (std::uint32_t pod = 0; pod < plain.pods.size(); ++pod) {
        if (plain.pods[pod].node == plain.nodes[index].name && plain.pods[pod].priority < plain.incoming.priority) {
          evicted.push_back(pod);
        } else {
          without.pods.push_back(plain.pods[pod]);
        }
      }
      Reasons reasons(false);
      filters.check(judged.cluster->nodes()[index], evicted, reasons);
      CAPTURE(seed);
      CAPTURE(index);
      CHECK(reasons.any() != plain_reasons(without, without.nodes[index]).empty());
    }
  }
}

TEST_CASE("placing a pod and taking it away again leaves the cluster as it was") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    PlainCluster plain = some_cluster(seed);
    Judged judged(plain);
    auto before = judged.reasons();
    PlainPod other = plain.incoming;
    other.name = "other";
    document::Node placed = judged.read(json(other));
    judged.cluster->place(placed, 0);
    PlainCluster with = plain;
    other.node = plain.nodes[0].name;
    with.pods.push_back(other);
    CAPTURE(seed);
    CHECK(judged.reasons() == Judged(with).reasons());
    judged.cluster->remove(static_cast<std::uint32_t>(plain.pods.size()));
    CHECK(judged.reasons() == before);
  }
}
