#include <algorithm>
#include <unordered_map>

#include "lint/checks/table.hpp"
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
  Assembly(const Options& options, const catalogue::Catalogue& catalogue, Profiles& profiles, Loaded& loaded)
      : options_(options),
        catalogue_(catalogue),
        loaded_(loaded),
        profiles_(profiles),
        engine_(catalogue, loaded.bundle) {}

  Result run() {
    Result result;
    result.unreadable = loaded_.unreadable;
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
  Profiles& profiles_;
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
      if (file.file == nullptr || file.input.context || (!file.input.named && profiles_.excludes(file.input.path))) {
        continue;
      }
      const Profile& profile = profiles_.of(file.input.path);
      for (const auto& document : file.documents) {
        if (document.not_linted == NotLinted::none) {
          make_subjects(file, document, profile);
        }
      }
      for (const auto& problem : file.file->problems) {
        add_problem(add_subject(*file.file, {}), problem, *file.file, {}, profile);
      }
    }
  }

  void make_subjects(const LoadedFile& loaded, const LoadedDocument& document, const Profile& profile) {
    const document::File& file = *loaded.file;
    finding::Subject* first = nullptr;
    for (const BundleObject* object : document.objects) {
      finding::Subject& subject = add_subject(file, object->object.root.range());
      subject.kind = object->object.kind;
      subject.namespace_ = object->namespace_;
      subject.name = object->object.name;
      subject.source_comment = document.document->source_comment;
      by_object_[object] = {&subject, &profiles_.of(loaded.input.path, object)};
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
      const bool wanted = std::any_of(by_object_.begin(), by_object_.end(),
                                      [&](const auto& entry) { return entry.second.second->rules.enabled(rule); });
      if (rule.applies_to == "bundle" && wanted) {
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
  for (const auto& check : all_checks()) {
    names.emplace_back(check.name);
  }
  std::vector<std::string> out;
  for (const auto& rule : catalogue.rules()) {
    if (!rule.built_in && !rule.check.empty() && find_check(rule.check) == nullptr) {
      const std::string near = catalogue::nearest(rule.check, names);
      out.push_back(rule.id + ": " +
                    catalogue.say(near.empty() ? "cards.check-unknown" : "cards.check-near",
                                  {{"check", rule.check}, {"nearest", near}}));
    }
  }
  return out;
}

}  // namespace

Result run(const Options& options, catalogue::Catalogue& catalogue, FileSystem& files) {
  std::vector<std::string> mistakes;
  for (const auto& directory : options.rule_directories) {
    append(mistakes, catalogue.load_rules(directory));
  }
  Configs configs(catalogue, files);
  const Config* config = root_config(options, configs, files);
  if (config != nullptr) {
    for (const auto& directory : config->rule_directories) {
      append(mistakes, catalogue.load_rules(directory));
    }
  }
  append(mistakes, unknown_checks(catalogue));
  Loaded loaded = load_files(collect(options.paths, files), load_options(options, config), catalogue, files);
  Profiles profiles(options, catalogue, files, configs, loaded.generated);
  Result result = Assembly(options, catalogue, profiles, loaded).run();
  append(mistakes, profiles.mistakes());
  append(mistakes, configs.mistakes());
  result.mistakes.insert(result.mistakes.begin(), mistakes.begin(), mistakes.end());
  return result;
}

}  // namespace podcheck::lint
