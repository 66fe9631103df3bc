#include "preflight/preflight.hpp"

#include <algorithm>
#include <mutex>

#include "lint/inputs/collect.hpp"
#include "lint/load.hpp"
#include "preflight/admission.hpp"
#include "preflight/combine.hpp"
#include "preflight/placement.hpp"
#include "preflight/pods.hpp"
#include "preflight/references.hpp"
#include "preflight/storage.hpp"
#include "preflight/workloads.hpp"
#include "preflight/world.hpp"

namespace podcheck::preflight {

using document::Node;

namespace {

// Lint and preflight both read the input; standard input can be read only once.
class RememberedInput : public lint::FileSystem {
 public:
  explicit RememberedInput(lint::FileSystem& inner) : inner_(inner) {}
  Status status(const std::string& path) override { return inner_.status(path); }
  bool list(const std::string& path, std::vector<Entry>& entries, std::string& error) override {
    return inner_.list(path, entries, error);
  }
  Bytes read(const std::string& path, std::size_t limit) override {
    if (path != "-") {
      return inner_.read(path, limit);
    }
    std::call_once(once_, [&] { standard_input_ = inner_.read(path, limit); });
    return standard_input_;
  }
  std::string working_directory() override { return inner_.working_directory(); }

 private:
  lint::FileSystem& inner_;
  std::once_flag once_;
  Bytes standard_input_;
};

class Flight {
 public:
  Flight(const Options& options, cluster::Snapshot& snapshot, Server* server, const catalogue::Catalogue& catalogue,
         const lint::Bundle& input)
      : options_(options),
        server_(server),
        catalogue_(catalogue),
        world_(snapshot, input, options.lint.default_namespace),
        workloads_(workloads_of(input)),
        looked_at_(looked_at(workloads_)) {}

  void run(Result& result) {
    prefetch();
    for (Workload& workload : workloads_) {
      find_replicas(world_, workload);
    }
    add_template_claims();
    // Built after the claims of all StatefulSets are known.
    cluster_ = std::make_unique<scheduling::Cluster>(world_.placement_objects(looked_at_));
    for (const Workload& workload : workloads_) {
      judge(workload, subject_of(workload, result.report), result.report);
    }
    add_notes(result);
  }

 private:
  const Options& options_;
  Server* server_;
  const catalogue::Catalogue& catalogue_;
  World world_;
  std::vector<Workload> workloads_;
  LookedAt looked_at_;
  std::unique_ptr<scheduling::Cluster> cluster_;

  cluster::Snapshot& snapshot() { return world_.snapshot(); }

  void prefetch() {
    std::vector<cluster::Query> queries;
    for (const char* resource :
         {"nodes", "pods", "namespaces", "persistentvolumes", "persistentvolumeclaims", "storageclasses", "csinodes",
          "csidrivers", "csistoragecapacities", "priorityclasses", "runtimeclasses"}) {
      queries.push_back({resource, "", "", "", ""});
    }
    auto also = [&](bool wanted, const char* resource) {
      if (wanted) {
        queries.push_back({resource, "", "", "", ""});
      }
    };
    also(looked_at_.disruption_budgets, "poddisruptionbudgets");
    also(looked_at_.volumes, "volumeattachments");
    also(looked_at_.devices, "resourceclaims");
    also(looked_at_.devices, "deviceclasses");
    snapshot().prefetch(queries);
  }

  void add_template_claims() {
    for (const Workload& workload : workloads_) {
      if (workload.kind() != "StatefulSet") {
        continue;
      }
      std::int64_t count = std::min<std::int64_t>(workload.replicas, 100);
      for (Node claim : workload.object->object.root["spec"]["volumeClaimTemplates"].items()) {
        for (std::int64_t ordinal = 0; ordinal < count; ++ordinal) {
          world_.add_claim(claim,
                           std::string(claim["metadata"]["name"].string()) + "-" + std::string(workload.name()) + "-" +
                               std::to_string(ordinal),
                           workload.namespace_);
        }
      }
    }
  }

  finding::Subject& subject_of(const Workload& workload, finding::Report& report) {
    for (finding::Subject& subject : report.subjects) {
      if (subject.kind == workload.kind() && subject.name == workload.name() &&
          subject.namespace_ == workload.namespace_) {
        return subject;
      }
    }
    finding::Subject& subject = report.subjects.emplace_back();
    subject.kind = workload.kind();
    subject.name = workload.name();
    subject.namespace_ = workload.namespace_;
    return subject;
  }

  void judge(const Workload& workload, finding::Subject& subject, finding::Report& report) {
    std::vector<Problem> problems;
    Node admitted;
    if (server_ != nullptr) {
      ServerVerdict verdict = ask_server(world_, *server_, workload, catalogue_);
      admitted = verdict.pod;
      merge(problems, std::move(verdict.problems));
      report.notes.insert(report.notes.end(), verdict.notes.begin(), verdict.notes.end());
    }
    std::vector<Node> old;
    for (std::uint32_t index : old_pods(world_, *cluster_, workload)) {
      old.push_back(cluster_->pods()[index].object);
    }
    std::vector<Problem> found;
    check_admission(world_, workload, old, found);
    merge(problems, std::move(found));
    PlacementResult placement = place(world_, *cluster_, workload, admitted, catalogue_);
    merge(problems, std::move(placement.problems));
    std::vector<Problem> late;
    check_provisioners(world_, workload, late);
    check_references(world_, workload, late);
    check_nodes_offer(world_, workload, late);
    merge(problems, std::move(late));
    order(problems);
    write(workload, problems, std::move(placement), subject);
  }

  void write(const Workload& workload, const std::vector<Problem>& problems, PlacementResult placement,
             finding::Subject& subject) {
    std::vector<finding::Finding> findings;
    for (const Problem& problem : problems) {
      findings.push_back(
          to_finding(problem, workload, findings.empty() && problem.severity != finding::Severity::info, catalogue_));
    }
    if (!findings.empty() && findings.front().severity == finding::Severity::error) {
      subject.status = findings.front().outcome;
    }
    combine(subject.findings, std::move(findings), catalogue_);
    subject.nodes = std::move(placement.rows);
    subject.node_notes = std::move(placement.notes);
    if (!workload.replicas_from.empty()) {
      subject.node_notes.push_back(
          catalogue_.say("preflight.note.replicas_from",
                         {{"replicas", std::to_string(workload.replicas)}, {"object", workload.replicas_from}}));
    }
    subject.headline =
        catalogue_.say(placement.placed == placement.wanted ? "preflight.headline.all" : "preflight.headline.some",
                       {{"placed", std::to_string(placement.placed)}, {"wanted", std::to_string(placement.wanted)}});
    rest_on_what_was_read(subject);
  }

  // What runs on the nodes was not readable: nothing can be said to fit.
  void rest_on_what_was_read(finding::Subject& subject) {
    if (subject.nodes.empty()) {
      subject.headline.clear();
      subject.node_notes.push_back(
          catalogue_.say(world_.knows("Node", {}) ? "preflight.note.no_nodes" : "preflight.note.nodes_unknown"));
      return;
    }
    if (world_.knows("Pod", {})) {
      return;
    }
    if (!snapshot().list("pods").failure) {
      // A recording of one namespace: what is in it was looked at.
      subject.node_notes.push_back(catalogue_.say("preflight.note.usage_partial"));
      return;
    }
    subject.headline.clear();
    subject.node_notes.push_back(catalogue_.say("preflight.note.usage_unknown"));
    for (finding::NodeVerdict& row : subject.nodes) {
      if (row.fits) {
        row.fits = false;
        row.reasons.emplace_back("usage-unknown");
        row.detail = catalogue_.say("preflight.note.row_unknown");
      }
    }
  }

  void add_notes(Result& result) {
    finding::Report& report = result.report;
    if (options_.offline && !workloads_.empty()) {
      report.notes.push_back({"admission", catalogue_.say("preflight.note.offline")});
    }
    std::vector<std::string> told;
    for (const auto& [query, failure] : snapshot().failures()) {
      if (failure.kind == cluster::FailureKind::not_found || failure.kind == cluster::FailureKind::unsupported ||
          std::find(told.begin(), told.end(), query.resource) != told.end()) {
        continue;
      }
      told.push_back(query.resource);
      result.unreadable = result.unreadable || query.resource == "nodes" || query.resource == "pods";
      report.notes.push_back(
          {query.resource,
           catalogue_.say("preflight.note.unreadable", {{"resource", query.resource}, {"detail", failure.detail}})});
    }
  }
};

}  // namespace

Result run(const Options& options, cluster::Snapshot& snapshot, Server* server, catalogue::Catalogue& catalogue,
           lint::FileSystem& files) {
  RememberedInput input(files);
  lint::Result linted = lint::run(options.lint, catalogue, input);
  Result result;
  result.report = std::move(linted.report);
  result.report.mode = finding::Mode::preflight;
  result.unreadable = linted.unreadable;
  result.mistakes = std::move(linted.mistakes);
  if (!result.mistakes.empty()) {
    return result;
  }
  lint::LoadOptions load;
  load.max_file_bytes = options.lint.max_file_bytes;
  load.threads = options.lint.threads;
  load.stdin_name = options.lint.stdin_name;
  if (!options.lint.default_namespace.empty()) {
    load.default_namespace = options.lint.default_namespace;
  }
  lint::Loaded loaded = lint::load_files(lint::collect(options.lint.paths, input), load, catalogue, input);
  Flight flight(options, snapshot, server, catalogue, loaded.bundle);
  flight.run(result);
  for (finding::Subject& subject : result.report.subjects) {
    subject.healthy = std::none_of(subject.findings.begin(), subject.findings.end(),
                                   [](const finding::Finding& one) { return one.severity != finding::Severity::info; });
  }
  finding::sort_and_count(result.report);
  return result;
}

}  // namespace podcheck::preflight
