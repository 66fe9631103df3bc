#include "lint/inputs/collect.hpp"

#include <algorithm>
#include <set>

#include "lint/glob.hpp"
#include "lint/inputs/gitignore.hpp"
#include "lint/inputs/paths.hpp"

namespace podcheck::lint {

namespace {

constexpr std::size_t gitignore_limit = 1u << 20;
constexpr std::size_t most_siblings = 100;
constexpr std::uint64_t largest_sibling = 1u << 20;
constexpr int deepest_folder = 64;

class Walk {
 public:
  Walk(FileSystem& files, Collected& out) : files_(files), out_(out) {}

  void argument(const std::string& typed) {
    if (typed == "-") {
      add(typed, true);
      return;
    }
    std::string path = typed;
    while (path.size() > 1 && path.back() == '/') {
      path.pop_back();
    }
    const auto status = files_.status(path);
    switch (status.kind) {
      case FileSystem::Kind::file:
        add(path, true);
        break;
      case FileSystem::Kind::directory:
        folder_argument(path, status);
        break;
      case FileSystem::Kind::other:
        fail(typed, "lint.input.not-a-file");
        break;
      case FileSystem::Kind::missing:
        if (is_glob(typed)) {
          glob_argument(typed);
        } else {
          fail(typed, "lint.input.missing");
        }
        break;
    }
  }

  // Files of the folders that named files are in.
  void siblings() {
    std::set<std::string> folders;
    for (const auto& file : out_.files) {
      if (file.named && file.path != "-") {
        folders.insert(parent_path(file.path));
      }
    }
    for (const auto& folder : folders) {
      std::vector<FileSystem::Entry> entries;
      std::string error;
      if (!files_.list(folder.empty() ? "." : folder, entries, error)) {
        continue;
      }
      std::size_t added = 0;
      for (const auto& entry : entries) {
        const std::string path = join_path(folder, entry.name);
        if (entry.status.kind != FileSystem::Kind::file || entry.name.front() == '.' ||
            !has_manifest_extension(entry.name) || seen_.count(path) != 0 || added == most_siblings ||
            files_.status(path).size > largest_sibling) {
          continue;
        }
        ++added;
        seen_.insert(path);
        out_.files.push_back({path, false, true});
      }
    }
  }

 private:
  FileSystem& files_;
  Collected& out_;
  std::set<std::string> seen_;
  std::set<std::string> entered_;
  GitIgnore ignored_;

  void add(const std::string& path, bool named) {
    if (seen_.insert(path).second) {
      out_.files.push_back({path, named, false});
    }
  }

  void note(const std::string& about, const char* key, const std::string& detail = {}) {
    out_.notices.push_back({about, key, detail});
  }

  void fail(const std::string& about, const char* key, const std::string& detail = {}) {
    note(about, key, detail);
    out_.unreadable = true;
  }

  void folder_argument(const std::string& path, const FileSystem::Status& status) {
    if (!status.identity.empty() && entered_.count(status.identity) != 0) {
      return;  // read already, as a part of an earlier argument
    }
    const std::size_t before = out_.files.size();
    const bool was_readable = !out_.unreadable;
    ignored_ = {};
    inherit_gitignore(path);
    walk(path, status, 0);
    if (out_.files.size() == before && (was_readable == !out_.unreadable)) {
      fail(path, "lint.input.no-manifests");
    }
  }

  // .gitignore files above the folder, up to the one beside .git.
  void inherit_gitignore(const std::string& path) {
    const std::string absolute = absolute_path(path, files_.working_directory());
    std::vector<std::string> above;
    std::string folder = absolute;
    for (int depth = 0; depth < deepest_folder && folder.size() > 1; ++depth) {
      if (files_.status(join_path(folder, ".git")).kind != FileSystem::Kind::missing) {
        root_ = folder;
        if (folder != absolute) {
          add_gitignore(folder, "");
        }
        for (auto parent = above.rbegin(); parent != above.rend(); ++parent) {
          if (*parent != absolute) {
            add_gitignore(*parent, relative_to_root(*parent));
          }
        }
        return;
      }
      above.push_back(folder);
      folder = parent_path(folder);
    }
    root_ = absolute;
  }

  std::string root_;  // what .gitignore paths are relative to: the repository, or the folder that was named

  std::string relative_to_root(const std::string& absolute) const {
    return absolute.size() > root_.size() ? absolute.substr(root_.size() + (root_ == "/" ? 0 : 1)) : std::string();
  }

  void add_gitignore(const std::string& folder, const std::string& relative) {
    const auto text = files_.read(join_path(folder, ".gitignore"), gitignore_limit);
    if (text.ok) {
      ignored_.add(relative, text.bytes);
    }
  }

  void walk(const std::string& folder, const FileSystem::Status& status, int depth) {
    if (depth > deepest_folder || (!status.identity.empty() && !entered_.insert(status.identity).second)) {
      if (status.link || depth > deepest_folder) {
        note(folder, "lint.input.seen-folder");
      }
      return;
    }
    std::vector<FileSystem::Entry> entries;
    std::string error;
    if (!files_.list(folder, entries, error)) {
      fail(folder, "lint.input.unreadable", error);
      return;
    }
    const std::size_t kept = ignored_.size();
    const std::string relative_folder = relative_to_root(absolute_path(folder, files_.working_directory()));
    if (std::any_of(entries.begin(), entries.end(), [](const auto& entry) { return entry.name == ".gitignore"; })) {
      add_gitignore(folder, relative_folder);
    }
    for (const auto& entry : entries) {
      if (entry.name.front() == '.') {
        continue;
      }
      const std::string path = join_path(folder, entry.name);
      const bool directory = entry.status.kind == FileSystem::Kind::directory;
      if (ignored_.ignores(join_path(relative_folder, entry.name), directory)) {
        continue;
      }
      if (directory) {
        walk(path, entry.status, depth + 1);
      } else if (has_manifest_extension(entry.name)) {
        if (entry.status.kind == FileSystem::Kind::file) {
          add(path, false);
        } else {
          fail(path, entry.status.kind == FileSystem::Kind::other ? "lint.input.not-a-file" : "lint.input.broken-link");
        }
      }
    }
    ignored_.truncate(kept);
  }

  void glob_argument(const std::string& pattern) {
    // Walk from the last folder that has no pattern character.
    std::string folder;
    std::string_view rest = pattern;
    while (true) {
      const auto slash = rest.find('/');
      if (slash == std::string_view::npos || is_glob(rest.substr(0, slash))) {
        break;
      }
      folder.append(rest.substr(0, slash + 1));
      rest.remove_prefix(slash + 1);
    }
    while (folder.size() > 1 && folder.back() == '/') {
      folder.pop_back();
    }
    const std::size_t before = out_.files.size();
    std::vector<std::string> found;
    glob_walk(folder, std::string(rest), "", found, 0);
    std::sort(found.begin(), found.end());
    for (const auto& path : found) {
      add(path, true);
    }
    if (out_.files.size() == before && found.empty()) {
      fail(pattern, "lint.input.no-match");
    }
  }

  void glob_walk(const std::string& folder, const std::string& pattern, const std::string& below,
                 std::vector<std::string>& found, int depth) {
    std::vector<FileSystem::Entry> entries;
    std::string error;
    if (depth > deepest_folder || !files_.list(folder.empty() ? "." : folder, entries, error)) {
      return;
    }
    const bool deep =
        pattern.find("**") != std::string::npos || depth < std::count(pattern.begin(), pattern.end(), '/');
    for (const auto& entry : entries) {
      if (entry.name.front() == '.' && pattern.front() != '.') {
        continue;
      }
      const std::string path = join_path(folder, entry.name);
      const std::string relative = join_path(below, entry.name);
      if (entry.status.kind == FileSystem::Kind::file && glob_match(pattern, relative)) {
        found.push_back(path);
      } else if (entry.status.kind == FileSystem::Kind::directory && deep && !entry.status.link) {
        glob_walk(path, pattern, relative, found, depth + 1);
      }
    }
  }
};

}  // namespace

Collected collect(const std::vector<std::string>& paths, FileSystem& files) {
  Collected out;
  Walk walk(files, out);
  if (paths.empty()) {
    walk.argument(".");
  }
  for (const auto& path : paths) {
    walk.argument(path);
  }
  walk.siblings();
  return out;
}

std::vector<InputFile> collect_context(const std::vector<std::string>& paths, FileSystem& files, Collected& collected) {
  Collected found;
  Walk walk(files, found);
  for (const auto& path : paths) {
    walk.argument(path);
  }
  collected.notices.insert(collected.notices.end(), found.notices.begin(), found.notices.end());
  collected.unreadable = collected.unreadable || found.unreadable;
  std::vector<InputFile> out;
  for (auto& file : found.files) {
    const bool known = std::any_of(collected.files.begin(), collected.files.end(),
                                   [&](const InputFile& other) { return other.path == file.path; });
    if (!known) {
      out.push_back({std::move(file.path), false, true});
    }
  }
  return out;
}

}  // namespace podcheck::lint
