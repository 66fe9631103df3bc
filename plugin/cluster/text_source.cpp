#include "cluster/text_source.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "cluster/kubectl_error.hpp"
#include "cluster/list_reader.hpp"
#include "cluster/paste/reader.hpp"
#include "cluster/recorded_source.hpp"
#include "document/document.hpp"

namespace podcheck::cluster {

namespace fs = std::filesystem;
using document::Node;

namespace {

constexpr std::size_t max_file_bytes = 512u << 20;
constexpr std::size_t max_files = 2000;

class TextSource : public RecordedSource {
 public:
  explicit TextSource(const LogLimits& limits) : limits_(limits) {}

  bool covers(std::string_view) const override { return false; }

  // Whether anything of a cluster was in it.
  bool read(const NamedText& text) { return read_json(text) || read_yaml(text) || read_pasted(text); }

  void finish() {
    if (pasted_now_) {
      set_now(*pasted_now_);
    } else {
      set_now_from_objects();
    }
    place_logs();
  }

  Log log(const LogQuery& query) override {
    Log log;
    const paste::PastedLog* best = nullptr;
    for (const paste::PastedLog& candidate : logs_) {
      bool fits = (candidate.pod.empty() || candidate.pod == query.pod) &&
                  (candidate.namespace_.empty() || candidate.namespace_ == query.namespace_) &&
                  (candidate.container.empty() || candidate.container == query.container) &&
                  (!candidate.from_command || candidate.previous == query.previous || !query.previous);
      // A text that was pasted without its command may be of either run.
      if (fits && (best == nullptr || candidate.previous == query.previous)) {
        best = &candidate;
      }
    }
    if (best == nullptr) {
      log.failure = {FailureKind::not_found, "not recorded"};
    } else if (best->text.starts_with("Error from server") || best->text.starts_with("error: ") ||
               is_lost_log(best->text)) {
      log.failure = classify_kubectl_error(best->text);
    } else {
      Tail tail = tail_of(best->text, limits_);
      log.text = std::move(tail.text);
      log.truncated = tail.truncated;
    }
    return log;
  }

 protected:
  bool records(std::string_view) const override { return false; }

 private:
  bool read_json(const NamedText& text) {
    std::size_t first = text.text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first == std::string::npos || (text.text[first] != '{' && text.text[first] != '[')) {
      return false;
    }
    std::vector<Node> items;
    std::string error;
    std::string_view json = std::string_view(text.text).substr(first);
    // Without a kind of its own a list's items are of the kind that the list's name says.
    document::Tree head;
    static const document::Projection kind_only({"kind"});
    std::string kind;
    if (document::parse_json(json, head, error, &kind_only)) {
      kind = head.root()["kind"].string();
    }
    std::string item_kind = kind.ends_with("List") ? kind.substr(0, kind.size() - 4) : kind;
    if (!read_list(json, item_kind, &full_projection(), trees_, items, error)) {
      return false;
    }
    return add_all(items);
  }

  bool read_yaml(const NamedText& text) {
    std::string_view head = std::string_view(text.text).substr(0, 4096);
    if (head.find("apiVersion:") == std::string_view::npos && head.find("kind:") == std::string_view::npos) {
      return false;
    }
    document::File file = document::parse(text.name, text.text);
    bool any = false;
    bool broken = file.documents.empty();
    for (document::Document& part : file.documents) {
      Node root = part.root;
      broken = broken || !root.is_mapping();
      std::vector<Node> items;
      if (root["items"].is_sequence() && root["kind"].string().ends_with("List")) {
        for (Node item : root["items"].items()) {
          items.push_back(item);
        }
      } else {
        items.push_back(root);
      }
      bool taken = add_all(items);
      any = any || taken;
      trees_.push_back(std::move(part.tree));
    }
    return any && !broken;
  }

  bool read_pasted(const NamedText& text) {
    Time clock = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    paste::Pasted pasted = paste::read_paste(text.text, clock);
    if (!pasted.objects.empty()) {
      auto tree = std::make_unique<document::Tree>();
      document::TreeBuilder builder(*tree);
      builder.begin_sequence();
      for (const paste::Draft& object : pasted.objects) {
        object.emit(builder);
      }
      builder.end();
      for (Node object : tree->root().items()) {
        add(object);
      }
      trees_.push_back(std::move(tree));
      pasted_now_ = pasted_now_ ? std::max(*pasted_now_, pasted.now) : pasted.now;
    }
    bool any = !pasted.objects.empty() || !pasted.logs.empty();
    std::move(pasted.logs.begin(), pasted.logs.end(), std::back_inserter(logs_));
    return any;
  }

  bool add_all(const std::vector<Node>& items) {
    bool any = false;
    for (Node item : items) {
      if (item["kind"].is_string() && item["metadata"].is_mapping()) {
        add(item);
        any = true;
      }
    }
    return any;
  }

  // A log without a pod's name belongs to the pod that does not run; with nothing but logs there is a pod made for
  // them.
  void place_logs() {
    if (logs_.empty()) {
      return;
    }
    if (store("pods").items.empty()) {
      auto tree = std::make_unique<document::Tree>();
      document::TreeBuilder builder(*tree);
      paste::Draft pod;
      pod["apiVersion"].set("v1");
      pod["kind"].set("Pod");
      const paste::PastedLog& log = logs_.front();
      pod["metadata"]["name"].set(log.pod.empty() ? "POD" : log.pod.c_str());
      pod["metadata"]["namespace"].set(log.namespace_.empty() ? "default" : log.namespace_.c_str());
      pod["metadata"]["annotations"]["podcheck.dev/partial"].set("logs");
      std::string container = log.container.empty() ? "CONTAINER" : log.container;
      pod["spec"]["containers"].append()["name"].set(container);
      paste::Draft& status = pod["status"]["containerStatuses"].append();
      status["name"].set(container);
      status["ready"].set(false);
      status["restartCount"].set(1);
      status["state"]["waiting"]["reason"].set("CrashLoopBackOff");
      pod["status"]["phase"].set("Running");
      pod.emit(builder);
      add(tree->root());
      trees_.push_back(std::move(tree));
    }
  }

  LogLimits limits_;
  std::vector<paste::PastedLog> logs_;
  std::optional<Time> pasted_now_;
};

bool is_text_file(const fs::path& path) {
  static constexpr std::array<std::string_view, 6> extensions{".json", ".yaml", ".yml", ".txt", ".log", ".md"};
  std::string extension = path.extension().string();
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

std::vector<NamedText> texts_below(const std::string& directory) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(directory, fs::directory_options::skip_permission_denied, error);
       !error && entry != fs::recursive_directory_iterator() && paths.size() < max_files; entry.increment(error)) {
    if (entry->is_regular_file(error) && is_text_file(entry->path())) {
      paths.push_back(entry->path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<NamedText> texts;
  for (const fs::path& path : paths) {
    if (std::optional<std::string> text = read_file(path.string(), max_file_bytes)) {
      texts.push_back({path.string(), std::move(*text)});
    }
  }
  return texts;
}

}  // namespace

std::unique_ptr<Source> open_texts(std::vector<NamedText> texts, const LogLimits& limits) {
  auto source = std::make_unique<TextSource>(limits);
  bool any = false;
  for (const NamedText& text : texts) {
    any = source->read(text) || any;
  }
  if (!any) {
    return nullptr;
  }
  source->finish();
  return source;
}

std::unique_ptr<Source> open_text_files(const std::string& path, const LogLimits& limits) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return open_texts(texts_below(path), limits);
  }
  std::optional<std::string> text = read_file(path, max_file_bytes);
  return text ? open_texts({{path, std::move(*text)}}, limits) : nullptr;
}

}  // namespace podcheck::cluster
