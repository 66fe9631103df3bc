#include "lint/load.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "lint/engine/parallel.hpp"
#include "lint/inputs/paths.hpp"

namespace podcheck::lint {

namespace {

// Why a file gave no documents; a key of messages lint.input.*, empty when it was read.
struct ReadProblem {
  std::string key;
  std::string detail;
};

// What an object is, worked out beside the reading: the most of it needs no other file.
struct Prepared {
  document::Node root;
  std::optional<BundleObject> object;  // none: no apiVersion or no kind
};
using PreparedFile = std::vector<std::vector<Prepared>>;  // of each document

std::vector<Prepared> prepare(document::Node root) {
  std::vector<Prepared> out;
  for (document::Node each : kube::flatten(root)) {
    Prepared& prepared = out.emplace_back();
    prepared.root = each;
    if (const auto object = kube::as_object(each)) {
      BundleObject& added = prepared.object.emplace();
      added.object = *object;
      added.pods = kube::pod_templates(*object);
      added.references = kube::references(*object, added.pods);
    }
  }
  return out;
}

bool is_binary(std::string_view bytes) {
  return bytes.substr(0, 8192).find('\0') != std::string_view::npos;
}

// Objects without the List around them: a document that kubectl refuses.
bool is_list_of_objects(document::Node root) {
  const auto items = root.items();
  return root.is_sequence() && !root.empty() &&
         std::all_of(items.begin(), items.end(), [](document::Node item) { return kube::as_object(item).has_value(); });
}

class Loader {
 public:
  Loader(const LoadOptions& options, const catalogue::Catalogue& catalogue, FileSystem& files, Loaded& out)
      : options_(options), catalogue_(catalogue), files_(files), out_(out) {}

  void run(Collected collected) {
    for (const auto& notice : collected.notices) {
      note(notice.about, notice.key, notice.detail);
    }
    out_.unreadable = collected.unreadable;
    for (auto& input : collected.files) {
      out_.files.emplace_back().input = std::move(input);
    }
    std::vector<ReadProblem> problems(out_.files.size());
    std::vector<PreparedFile> prepared(out_.files.size());
    parallel_for(out_.files.size(), options_.threads, [&](std::size_t i) {
      problems[i] = read(out_.files[i]);
      if (out_.files[i].file != nullptr) {
        for (const auto& document : out_.files[i].file->documents) {
          prepared[i].push_back(prepare(document.root));
        }
      }
    });
    for (std::size_t i = 0; i < problems.size(); ++i) {
      tell(out_.files[i], problems[i]);
    }
    read_kustomizations();
    for (std::size_t i = 0; i < prepared.size(); ++i) {
      classify_file(out_.files[i], prepared[i]);
      prepared[i] = {};
    }
    summarize_skipped();
  }

 private:
  const LoadOptions& options_;
  const catalogue::Catalogue& catalogue_;
  FileSystem& files_;
  Loaded& out_;
  std::map<NotLinted, std::vector<std::string>> skipped_;

  void note(const std::string& about, const std::string& key, const std::string& detail = {}) {
    out_.notes.push_back({about, catalogue_.say(key, {{"path", about}, {"reason", detail}})});
  }

  ReadProblem read(LoadedFile& file) const {
    auto bytes = files_.read(file.input.path, options_.max_file_bytes);
    if (bytes.too_large) {
      return {"lint.input.too-large", std::to_string(options_.max_file_bytes >> 20)};
    }
    if (!bytes.ok) {
      return {"lint.input.unreadable", bytes.error};
    }
    if (is_binary(bytes.bytes) && !file.input.named) {
      return {"lint.input.binary", {}};
    }
    const std::string name = file.input.path == "-" ? options_.stdin_name : file.input.path;
    const bool empty = bytes.bytes.find_first_not_of(" \t\r\n") == std::string::npos;
    auto parsed = std::make_unique<document::File>(document::parse(name, std::move(bytes.bytes)));
    if (!parsed->problems.empty() && parsed->problems.front().variant == "too-many-values") {
      return {"lint.input.too-many-values", {}};
    }
    file.file = std::move(parsed);
    if (empty && file.input.named) {
      return {file.input.path == "-" ? "lint.input.empty-stdin" : "lint.input.empty", {}};
    }
    return {};
  }

  void tell(const LoadedFile& file, const ReadProblem& problem) {
    if (problem.key.empty() || file.input.context) {
      return;
    }
    note(file.input.path == "-" ? options_.stdin_name : file.input.path, problem.key, problem.detail);
    if (problem.key == "lint.input.binary") {
      ++out_.skipped;
    } else if (problem.key != "lint.input.empty") {
      out_.unreadable = true;
    }
  }

  void read_kustomizations() {
    std::map<std::string, const LoadedFile*> by_path;
    for (const auto& file : out_.files) {
      if (file.file == nullptr) {
        continue;
      }
      by_path[normal_path(file.input.path)] = &file;
      for (const auto& document : file.file->documents) {
        if (!document.root || !is_kustomization(document.root, file.input.path)) {
          continue;
        }
        out_.kustomize->add(file.input.path, document.root);
        for (auto& name : generated_names(document.root)) {
          out_.generated.push_back(std::move(name));
        }
      }
    }
    out_.kustomize->resolve([&](const std::string& path) {
      std::vector<std::string> kinds;
      const auto found = by_path.find(path);
      if (found != by_path.end()) {
        for (const auto& document : found->second->file->documents) {
          kinds.emplace_back(document.root["kind"].string());
        }
      }
      return kinds;
    });
  }

  // A part of an object that kustomize puts together, whether or not a kustomization of this run names it.
  bool is_patch(const std::string& path, document::Node root, std::string_view text) const {
    return out_.kustomize->is_patch(path) ||
           ((is_named_patch(path) || out_.kustomize->leaves_out(path)) && is_partial(root, text));
  }

  NotLinted kind_of(const LoadedFile& file, const std::string& path, const document::Document& document) const {
    const std::string_view text =
        file.file->text.bytes().substr(document.extent.begin, document.extent.end - document.extent.begin);
    const bool of_chart = file.input.path.find("templates/") != std::string::npos;
    if (!document.root) {
      return classify_broken(text, file.input.named && !of_chart);
    }
    // A chart's own templates are skipped even where their braces happen to be valid YAML.
    if (of_chart && text.find("{{") != std::string_view::npos) {
      return NotLinted::helm_template;
    }
    const NotLinted kind = classify(document.root, file.input.path);
    const bool patch = kind != NotLinted::kustomization && is_patch(path, document.root, text);
    return patch ? NotLinted::patch : kind;
  }

  void classify_file(LoadedFile& file, PreparedFile& prepared) {
    if (file.file == nullptr) {
      return;
    }
    const std::string path = normal_path(file.input.path);
    bool any = file.file->documents.empty();
    const bool objects = std::any_of(file.file->documents.begin(), file.file->documents.end(),
                                     [](const auto& document) { return kube::as_object(document.root).has_value(); });
    for (std::size_t i = 0; i < prepared.size(); ++i) {
      const document::Document& document = file.file->documents[i];
      LoadedDocument& loaded = file.documents.emplace_back();
      loaded.document = &document;
      loaded.not_linted = kind_of(file, path, document);
      // Among objects a mapping without a type was meant as one: kubectl refuses the file for it.
      const bool meant = objects ? document.root.is_mapping() : file.input.named && is_list_of_objects(document.root);
      if (loaded.not_linted == NotLinted::other && meant) {
        loaded.not_linted = NotLinted::none;
      }
      if (loaded.not_linted != NotLinted::none) {
        if (!file.input.context) {
          ++out_.skipped;
          auto& names = skipped_[loaded.not_linted];
          if (names.empty() || names.back() != file.file->text.name()) {
            names.push_back(file.file->text.name());
          }
        }
        continue;
      }
      any = true;
      add_objects(file, path, loaded, prepared[i]);
    }
    file.skipped = !any;
  }

  void add_objects(LoadedFile& file, const std::string& path, LoadedDocument& loaded, std::vector<Prepared>& prepared) {
    // The items of a ConfigMapList and the like need not name their kind.
    const std::string_view list = loaded.document->root["kind"].string();
    const bool typed = list.size() >= 4 && list.substr(list.size() - 4) == "List";
    const document::Node items = loaded.document->root["items"];
    if ((typed && items.is_sequence() && items.empty()) || loaded.document->root.is_sequence()) {
      loaded.half_objects.push_back(loaded.document->root);
      return;
    }
    for (auto& [root, object] : prepared) {
      if (!object && typed && list != "List" && !root.has("kind")) {
        continue;
      }
      if (!object) {
        loaded.half_objects.push_back(root);
        continue;
      }
      const std::string_view named = object->object.namespace_;
      object->file = file.file.get();
      object->document = loaded.document;
      object->namespace_ = named.empty() ? options_.default_namespace : std::string(named);
      object->context = file.input.context;
      object->completion = out_.kustomize->of(path);
      loaded.objects.push_back(&out_.bundle.add(std::move(*object)));
    }
  }

  // One sentence a kind: "3 files skipped: Helm templates …".
  void summarize_skipped() {
    for (const auto& [kind, names] : skipped_) {
      std::string list;
      constexpr std::size_t shown = 3;
      for (std::size_t i = 0; i < names.size() && i < shown; ++i) {
        list += (list.empty() ? "" : ", ") + names[i];
      }
      list += names.size() > shown ? ", …" : "";
      out_.notes.push_back({"skipped", catalogue_.say(std::string("lint.skipped.") + to_string(kind),
                                                      {{"count", std::to_string(names.size())}, {"files", list}})});
    }
  }
};

}  // namespace

Loaded load_files(Collected collected, const LoadOptions& options, const catalogue::Catalogue& catalogue,
                  FileSystem& files) {
  Loaded out;
  Loader(options, catalogue, files, out).run(std::move(collected));
  return out;
}

}  // namespace podcheck::lint
