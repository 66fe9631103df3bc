#include <algorithm>
#include <atomic>
#include <deque>
#include <iterator>
#include <unordered_map>

#include "lint/checks/table.hpp"
#include "lint/custom_resources.hpp"
#include "lint/engine/convert.hpp"
#include "lint/engine/engine.hpp"
#include "lint/engine/parallel.hpp"
#include "lint/inputs/paths.hpp"
#include "lint/lint.hpp"
#include "lint/load.hpp"
#include "lint/profiles.hpp"
#include "lint/suppress/baseline.hpp"
#include "lint/suppress/suppressions.hpp"
#include "lint/suppress/unused.hpp"

namespace podcheck::lint {

namespace {

constexpr const char* half_object_rule = "object-type-missing";
// Objects are checked so many at a time, in order; once there are so many findings, those of further ones are only
// counted. That bounds memory, and does not depend on the number of threads.
constexpr std::size_t objects_at_a_time = 2000;
constexpr std::size_t most_findings = 100000;

// A subject of the report while it is being made.
struct Entry {
  finding::Subject subject;
  const BundleObject* object = nullptr;
  const document::File* file = nullptr;
  const Profile* profile = nullptr;
};

// Puts findings into the subjects that they belong to.
class Assembly {
 public:
  Assembly(const Options& options, const catalogue::Catalogue& catalogue, Profiles& profiles, Loaded& loaded)
      : options_(options),
        catalogue_(catalogue),
        loaded_(loaded),
        profiles_(profiles),
        engine_(catalogue, loaded.bundle),
        suppressions_(catalogue, options.today) {}

  Result run(Baseline* baseline) {
    make_entries();
    check_objects();
    check_bundle();
    if (const std::size_t count = left_out_ + engine_.left_out(); count > 0) {
      loaded_.notes.push_back({"findings", catalogue_.say("lint.left-out", {{"count", std::to_string(count)}})});
    }
    suppress();
    if (baseline != nullptr) {
      accept(*baseline);
    }
    return result();
  }

  // Only what reading the documents found.
  Result problems() {
    make_entries();
    return result();
  }

 private:
  Result result() {
    Result result;
    result.unreadable = loaded_.unreadable;
    result.mistakes = suppressions_.mistakes();
    result.report.notes = std::move(loaded_.notes);
    result.report.subjects.reserve(entries_.size());
    for (; !entries_.empty(); entries_.pop_front()) {
      finding::Subject& subject = entries_.front().subject;
      subject.healthy = subject.findings.empty();
      result.report.subjects.push_back(std::move(subject));
    }
    count(result.report.summary);
    finding::sort_and_count(result.report);
    return result;
  }

  const Options& options_;
  const catalogue::Catalogue& catalogue_;
  Loaded& loaded_;
  Profiles& profiles_;
  Engine engine_;
  Suppressions suppressions_;
  std::deque<Entry> entries_;
  std::unordered_map<const BundleObject*, Entry*> by_object_;
  std::size_t left_out_ = 0;

  Entry& add_entry(const document::File& file, document::Range range, const Profile& profile) {
    Entry& entry = entries_.emplace_back();
    entry.file = &file;
    entry.profile = &profile;
    entry.subject.location = locate(file.text, {range.begin, range.begin});
    entry.subject.location->source_line.clear();
    return entry;
  }

  void make_entries() {
    for (const auto& file : loaded_.files) {
      if (file.file == nullptr || file.input.context || (!file.input.named && profiles_.excludes(file.input.path))) {
        continue;
      }
      const Profile& profile = profiles_.of(file.input.path);
      for (const auto& document : file.documents) {
        if (document.not_linted == NotLinted::none) {
          make_entries(file, document, profile);
        }
      }
      for (const auto& problem : file.file->problems) {
        add_problem(add_entry(*file.file, {}, profile), problem);
      }
      if (!file.skipped) {
        suppressions_.read_comments(*file.file);
      }
    }
  }

  void make_entries(const LoadedFile& loaded, const LoadedDocument& document, const Profile& profile) {
    const document::File& file = *loaded.file;
    Entry* first = nullptr;
    for (const BundleObject* object : document.objects) {
      Entry& entry = add_entry(file, object->object.root.range(), profiles_.of(loaded.input.path, object));
      entry.object = object;
      entry.subject.kind = object->object.kind;
      entry.subject.namespace_ = object->namespace_;
      entry.subject.name = object->object.name;
      entry.subject.source_comment = document.document->source_comment;
      by_object_[object] = &entry;
      suppressions_.read_annotations(*object);
      first = first == nullptr ? &entry : first;
    }
    for (document::Node half : document.half_objects) {
      Entry& entry = add_entry(file, half.range(), profile);
      entry.subject.kind = half["kind"].string();
      entry.subject.name = half["metadata"]["name"].string();
      const bool kind = !half["kind"].is_string() || half["kind"].string().empty();
      const char* variant = half.is_sequence()                     ? "bare-list"
                            : half["items"].is_sequence() && !kind ? "empty-list"
                            : kind                                 ? "kind"
                                                                   : "api-version";
      add_problem(entry, {half_object_rule, variant, span_of(half), {}, false, {}});
      first = first == nullptr ? &entry : first;
    }
    for (const auto& problem : document.document->problems) {
      first = first == nullptr ? &add_entry(file, document.document->extent, profile) : first;
      add_problem(*first, problem);
    }
  }

  // A document that cannot be read is told whatever rules were selected, unless its rule is ignored by name.
  void add_problem(Entry& entry, const document::Problem& problem) {
    const catalogue::Rule* rule = catalogue_.rule(problem.id);
    const bool ignored = std::find(options_.ignore.begin(), options_.ignore.end(), problem.id) != options_.ignore.end();
    if (rule == nullptr || ignored || !(problem.fatal || entry.profile->rules.enabled(*rule))) {
      return;
    }
    entry.subject.findings.push_back(to_finding(catalogue_, problem, *entry.file));
    entry.subject.findings.back().severity = entry.profile->rules.severity(*rule);
  }

  void check_objects() {
    std::vector<Entry*> work;
    for (auto& entry : entries_) {
      if (entry.object != nullptr) {
        work.push_back(&entry);
      }
    }
    std::size_t kept = 0;
    for (std::size_t first = 0; first < work.size(); first += objects_at_a_time) {
      const bool full = kept >= most_findings;
      std::atomic<std::size_t> found{0};
      parallel_for(std::min(objects_at_a_time, work.size() - first), options_.threads, [&](std::size_t i) {
        Entry& entry = *work[first + i];
        auto findings = engine_.check_object(*entry.object, *entry.profile);
        found += findings.size();
        if (!full) {
          std::move(findings.begin(), findings.end(), std::back_inserter(entry.subject.findings));
        }
      });
      (full ? left_out_ : kept) += found;
    }
  }

  void check_bundle() {
    std::vector<const catalogue::Rule*> rules;
    for (const auto& rule : catalogue_.rules()) {
      const bool wanted = rule.applies_to == "bundle" &&
                          std::any_of(entries_.begin(), entries_.end(),
                                      [&](const Entry& entry) { return entry.profile->rules.enabled(rule); });
      if (wanted) {
        rules.push_back(&rule);
      }
    }
    const Profile& root = profiles_.root();
    std::vector<std::vector<Engine::Owned>> found(rules.size());
    parallel_for(rules.size(), options_.threads,
                 [&](std::size_t i) { found[i] = engine_.check_bundle(*rules[i], root); });
    for (std::size_t i = 0; i < rules.size(); ++i) {
      for (auto& owned : found[i]) {
        const auto at = by_object_.find(owned.object);
        if (at == by_object_.end() || !at->second->profile->rules.enabled(*rules[i])) {
          continue;
        }
        if (const auto severity = at->second->profile->rules.overruled(*rules[i])) {
          owned.finding.severity = *severity;
        }
        at->second->subject.findings.push_back(std::move(owned.finding));
      }
    }
  }

  template <typename Drop>
  void drop_findings(const char* sentence, Drop drop) {
    std::size_t dropped = 0;
    for (auto& entry : entries_) {
      auto& findings = entry.subject.findings;
      const auto end = std::remove_if(findings.begin(), findings.end(),
                                      [&](const finding::Finding& finding) { return drop(entry, finding); });
      dropped += static_cast<std::size_t>(findings.end() - end);
      findings.erase(end, findings.end());
    }
    if (dropped > 0) {
      loaded_.notes.push_back({"suppressed", catalogue_.say(sentence, {{"count", std::to_string(dropped)}})});
    }
  }

  void suppress() {
    if (suppressions_.all().empty()) {
      return;
    }
    drop_findings("suppression.count", [&](const Entry& entry, const finding::Finding& finding) {
      return suppressions_.suppresses(finding, entry.object);
    });
    const catalogue::Rule* rule = catalogue_.rule(unused_suppression_rule);
    for (const Suppression& suppression : suppressions_.all()) {
      Entry& entry = entry_at(suppression);
      if (rule == nullptr || !entry.profile->rules.enabled(*rule)) {
        continue;
      }
      if (auto finding = unused_finding(catalogue_, suppression, entry.profile->rules)) {
        finding->severity = entry.profile->rules.severity(*rule);
        entry.subject.findings.push_back(std::move(*finding));
      }
    }
  }

  // The subject that a suppression stands in, or the next one in its file.
  Entry& entry_at(const Suppression& suppression) {
    if (suppression.object != nullptr) {
      return *by_object_.at(suppression.object);
    }
    const std::uint32_t line = suppression.file->text.position(suppression.range.begin).line;
    Entry* found = nullptr;
    for (auto& entry : entries_) {
      if (entry.file == suppression.file && (found == nullptr || entry.subject.location->line <= line)) {
        found = &entry;
      }
    }
    return found != nullptr ? *found : add_entry(*suppression.file, {}, profiles_.root());
  }

  void accept(Baseline& baseline) {
    drop_findings("suppression.baseline-count", [&](const Entry& entry, const finding::Finding& finding) {
      return baseline.accepts(entry.subject, finding);
    });
  }

  void count(finding::Summary& summary) const {
    summary.skipped = loaded_.skipped;
    summary.files = 0;
    for (const auto& file : loaded_.files) {
      summary.files += file.file != nullptr && !file.input.context && !file.skipped ? 1 : 0;
    }
  }
};

LoadOptions load_options(const Options& options, const Config* config) {
  LoadOptions out;
  out.max_file_bytes = options.max_file_bytes;
  out.threads = options.threads;
  out.stdin_name = options.stdin_name;
  if (!options.default_namespace.empty()) {
    out.default_namespace = options.default_namespace;
  } else if (config != nullptr && !config->rules.default_namespace.empty()) {
    out.default_namespace = config->rules.default_namespace;
  }
  return out;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// Rules of users name checks that only this module knows.
std::vector<std::string> unknown_checks(const catalogue::Catalogue& catalogue) {
  std::vector<std::string> names;
  std::vector<std::string> out;
  for (const auto& rule : catalogue.rules()) {
    if (rule.built_in || rule.check.empty() || find_check(rule.check) != nullptr) {
      continue;
    }
    for (const auto& check : all_checks()) {
      names.emplace_back(check.name);
    }
    const std::string near = catalogue::nearest(rule.check, names);
    out.push_back(rule.id + ": " +
                  catalogue.say(near.empty() ? "cards.check-unknown" : "cards.check-near",
                                {{"check", rule.check}, {"nearest", near}}));
  }
  return out;
}

// Everything about a run that is known before a file is read.
struct Setup {
  std::vector<std::string> mistakes;
  Configs configs;
  const Config* config = nullptr;

  Setup(const Options& options, catalogue::Catalogue& catalogue, FileSystem& files) : configs(catalogue, files) {
    for (const auto& directory : options.rule_directories) {
      append(mistakes, catalogue.load_rules(directory));
    }
    config = root_config(options, configs, files);
    if (config != nullptr) {
      for (const auto& directory : config->rule_directories) {
        append(mistakes, catalogue.load_rules(directory));
      }
    }
    append(mistakes, unknown_checks(catalogue));
  }
};

Loaded load_inputs(const Options& options, const Setup& setup, const catalogue::Catalogue& catalogue,
                   FileSystem& files) {
  Collected collected = collect(options.paths, files);
  for (auto& crd : collect_context(options.crds, files, collected)) {
    collected.files.push_back(std::move(crd));
  }
  Loaded loaded = load_files(std::move(collected), load_options(options, setup.config), catalogue, files);
  describe_custom_resources(loaded.bundle);
  return loaded;
}

}  // namespace

Result run(const Options& options, catalogue::Catalogue& catalogue, FileSystem& files) {
  Setup setup(options, catalogue, files);
  Loaded loaded = load_inputs(options, setup, catalogue, files);
  Profiles profiles(options, catalogue, files, setup.configs, loaded.generated);

  Baseline baseline;
  std::string baseline_path = options.baseline;
  if (baseline_path.empty() && setup.config != nullptr) {
    baseline_path = setup.config->baseline;
  }
  bool use_baseline = false;
  if (!baseline_path.empty()) {
    const auto bytes = files.read(baseline_path, options.max_file_bytes);
    use_baseline = bytes.ok && baseline.read(bytes.bytes);
    if (!use_baseline) {
      const std::string reason = bytes.ok ? catalogue.say("suppression.baseline-form") : bytes.error;
      setup.mistakes.push_back(
          catalogue.say("suppression.baseline-broken", {{"path", baseline_path}, {"reason", reason}}));
    }
  }
  Result result = Assembly(options, catalogue, profiles, loaded).run(use_baseline ? &baseline : nullptr);
  append(setup.mistakes, profiles.mistakes());
  append(setup.mistakes, setup.configs.mistakes());
  result.mistakes.insert(result.mistakes.begin(), setup.mistakes.begin(), setup.mistakes.end());
  return result;
}

Manifests load(const Options& options, catalogue::Catalogue& catalogue, FileSystem& files) {
  Setup setup(options, catalogue, files);
  Loaded loaded = load_inputs(options, setup, catalogue, files);
  Profiles profiles(options, catalogue, files, setup.configs, loaded.generated);
  Manifests out;
  out.result = Assembly(options, catalogue, profiles, loaded).problems();
  out.result.mistakes = std::move(setup.mistakes);
  for (auto& file : loaded.files) {
    if (file.file != nullptr) {
      out.files.push_back(std::move(file.file));
    }
  }
  out.bundle = std::move(loaded.bundle);
  return out;
}

}  // namespace podcheck::lint
