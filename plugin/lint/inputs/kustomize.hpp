// What the kustomizations of a run make of the files that they build from. Nothing is built: only what decides whether
// a file has to be complete by itself is read.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "lint/bundle.hpp"

namespace podcheck::lint {

// What kustomizations add to the objects of one file.
struct Completion {
  std::set<std::string, std::less<>> images;   // names of images whose tag or digest they set
  std::set<std::string, std::less<>> patched;  // kinds that they patch; "*" is any
  bool selectors = false;                      // labels are added to selectors and to the pods they select

  bool patches(std::string_view kind) const { return patched.count(kind) != 0 || patched.count("*") != 0; }
};

// A patch of a kustomization may add anything to the object.
bool is_patched(const BundleObject& object);
// A kustomization adds labels to selectors, the object's own among them.
bool is_selected_by_kustomize(const BundleObject& object);

class Kustomize {
 public:
  using KindsOf = std::function<std::vector<std::string>(const std::string& path)>;

  // A kustomization that was read from `path`.
  void add(const std::string& path, document::Node root);
  // When all are known. `kinds_of` gives the kinds of the objects in a file, by its normalised path.
  void resolve(const KindsOf& kinds_of);

  bool is_patch(const std::string& path) const { return patches_.count(path) != 0; }
  // The file lies beside a kustomization that does not build from it.
  bool leaves_out(const std::string& path) const;
  // Null when no kustomization adds anything to the file.
  const Completion* of(const std::string& path) const;

 private:
  struct Kustomization {
    std::vector<std::string> uses;  // normalised paths of files and folders
    std::vector<std::string> patches;
    Completion adds;
  };
  std::map<std::string, Kustomization> by_folder_;
  std::map<std::string, Completion> by_file_;
  std::set<std::string> patches_;

  void complete(const std::string& folder, const Completion& adds, std::set<std::string>& entered);
};

// An object that only a patch may be: a workload whose pods lack what every workload has, or one with "$patch" in it.
bool is_partial(document::Node root, std::string_view text);
// By its name: patches/web.yaml, manager_patch.yaml.
bool is_named_patch(std::string_view path);

}  // namespace podcheck::lint
