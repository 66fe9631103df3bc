#include <algorithm>
#include <unordered_map>

#include "lint/engine/convert.hpp"
#include "lint/engine/engine.hpp"
#include "lint/engine/parallel.hpp"
#include "lint/lint.hpp"
#include "lint/load.hpp"
#include "lint/profiles.hpp"

namespace podcheck::lint {

namespace {

constexpr const char* half_object_rule = "object-type-missing";

// Puts findings into the subjects that they belong to.
class Assembly {
 public:
  Assembly(const Options& options, const catalogue::Catalogue& catalogue, FileSystem& files, Loaded& loaded)
      : options_(options),
        catalogue_(catalogue),
        loaded_(loaded),
        profiles_(options, catalogue, files, loaded.generated),
        engine_(catalogue, loaded.bundle) {}

  Result run() {
    Result result;
    result.unreadable = loaded_.unreadable;
    result.mistakes = profiles_.mistakes();
    make_subjects();
    check_objects();
    check_bundle();
    result.report.notes = std::move(loaded_.notes);
    for (auto& subject : subjects_) {
      subject.healthy = subject.findings.empty();
      result.report.subjects.push_back(std::move(subject));
    }
    count(result.report.summary);
    finding::sort_and_count(result.report);
    return result;
  }

 private:
  const Options& options_;
  const catalogue::Catalogue& catalogue_;
  Loaded& loaded_;
  Profiles profiles_;
  Engine engine_;
  std::deque<finding::Subject> subjects_;
  std::unordered_map<const BundleObject*, std::pair<finding::Subject*, const Profile*>> by_object_;

  finding::Subject& add_subject(const document::File& file, document::Range range) {
    finding::Subject& subject = subjects_.emplace_back();
    subject.location = locate(file.text, {range.begin, range.begin});
    subject.location->source_line.clear();
    return subject;
  }

  void make_subjects() {
    for (const auto& file : loaded_.files) {
      if (file.file == nullptr || file.input.context) {
        continue;
      }
      const Profile& profile = profiles_.of(file.input.path);
      for (const auto& document : file.documents) {
        if (document.not_linted == NotLinted::none) {
          make_subjects(*file.file, document, profile);
        }
      }
      for (const auto& problem : file.file->problems) {
        add_problem(add_subject(*file.file, {}), problem, *file.file, {}, profile);
      }
    }
  }

  void make_subjects(const document::File& file, const LoadedDocument& document, const Profile& profile) {
    finding::Subject* first = nullptr;
    for (const BundleObject* object : document.objects) {
      finding::Subject& subject = add_subject(file, object->object.root.range());
      subject.kind = object->object.kind;
      subject.namespace_ = object->namespace_;
      subject.name = object->object.name;
      subject.source_comment = document.document->source_comment;
      by_object_[object] = {&subject, &profile};
      first = first == nullptr ? &subject : first;
    }
    for (document::Node half : document.half_objects) {
      finding::Subject& subject = add_subject(file, half.range());
      subject.kind = half["kind"].string();
      subject.name = half["metadata"]["name"].string();
      const bool kind = !half["kind"].is_string() || half["kind"].string().empty();
      document::Problem problem{half_object_rule, kind ? "kind" : "api-version", span_of(half), {}, false, {}};
      add_problem(subject, problem, file, half, profile);
      first = first == nullptr ? &subject : first;
    }
    for (const auto& problem : document.document->problems) {
      first = first == nullptr ? &add_subject(file, document.document->extent) : first;
      add_problem(*first, problem, file, document.document->root, profile);
    }
  }

  // A document that cannot be read is told whatever rules were selected, unless its rule is ignored by name.
  void add_problem(finding::Subject& subject, const document::Problem& problem, const document::File& file,
                   document::Node root, const Profile& profile) {
    const catalogue::Rule* rule = catalogue_.rule(problem.id);
    const bool ignored = std::find(options_.ignore.begin(), options_.ignore.end(), problem.id) != options_.ignore.end();
    if (rule == nullptr || ignored || !(problem.fatal || profile.rules.enabled(*rule))) {
      return;
    }
    subject.findings.push_back(to_finding(catalogue_, problem, file, root));
    subject.findings.back().severity = profile.rules.severity(*rule);
  }

  void check_objects() {
    std::vector<const BundleObject*> objects;
    for (const auto& object : loaded_.bundle.objects()) {
      if (by_object_.count(&object) != 0) {
        objects.push_back(&object);
      }
    }
    parallel_for(objects.size(), options_.threads, [&](std::size_t i) {
      const auto& [subject, profile] = by_object_.at(objects[i]);
      for (auto& finding : engine_.check_object(*objects[i], *profile)) {
        subject->findings.push_back(std::move(finding));
      }
    });
  }

  void check_bundle() {
    std::vector<const catalogue::Rule*> rules;
    for (const auto& rule : catalogue_.rules()) {
      if (rule.applies_to == "bundle") {
        rules.push_back(&rule);
      }
    }
    std::vector<std::vector<Engine::Owned>> found(rules.size());
    parallel_for(rules.size(), options_.threads,
                 [&](std::size_t i) { found[i] = engine_.check_bundle(*rules[i], profiles_.root().settings); });
    for (std::size_t i = 0; i < rules.size(); ++i) {
      for (auto& owned : found[i]) {
        const auto at = by_object_.find(owned.object);
        if (at == by_object_.end() || !at->second.second->rules.enabled(*rules[i])) {
          continue;
        }
        if (const auto severity = at->second.second->rules.overruled(*rules[i])) {
          owned.finding.severity = *severity;
        }
        at->second.first->findings.push_back(std::move(owned.finding));
      }
    }
  }

  void count(finding::Summary& summary) const {
    summary.skipped = loaded_.skipped;
    summary.files = 0;
    for (const auto& file : loaded_.files) {
      summary.files += file.file != nullptr && !file.input.context && !file.skipped ? 1 : 0;
    }
  }
};

LoadOptions load_options(const Options& options) {
  LoadOptions out;
  out.max_file_bytes = options.max_file_bytes;
  out.threads = options.threads;
  out.stdin_name = options.stdin_name;
  if (!options.default_namespace.empty()) {
    out.default_namespace = options.default_namespace;
  }
  return out;
}

}  // namespace

Result run(const Options& options, catalogue::Catalogue& catalogue, FileSystem& files) {
  Loaded loaded = load_files(collect(options.paths, files), load_options(options), catalogue, files);
  return Assembly(options, catalogue, files, loaded).run();
}

}  // namespace podcheck::lint
