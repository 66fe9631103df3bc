#include "lint/inputs/kustomize.hpp"

#include <algorithm>

#include "kube/object.hpp"
#include "lint/inputs/classify.hpp"
#include "lint/inputs/paths.hpp"

namespace podcheck::lint {

namespace {

using document::Node;

bool is_path(Node node) {
  return node.is_string() && !node.string().empty() && node.string().find_first_of("\n{") == std::string_view::npos;
}

// "kind: Deployment" at the beginning of a line of a patch that is written in place.
std::vector<std::string> kinds_in(std::string_view text) {
  constexpr std::string_view key = "kind:";
  std::vector<std::string> out;
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at > 0 && text[at - 1] != '\n') {
      continue;
    }
    const std::size_t begin = text.find_first_not_of(" \"'", at + key.size());
    if (begin != std::string_view::npos) {
      out.emplace_back(text.substr(begin, text.find_first_of(" \"'\r\n#", begin) - begin));
    }
  }
  return out;
}

void add_patches(Completion& adds, Node root) {
  for (const char* list : {"patches", "patchesStrategicMerge", "patchesJson6902"}) {
    for (Node item : root[list].items()) {
      const Node target = item["target"];
      if (target.is_mapping()) {
        adds.patched.emplace(target["kind"].is_string() ? target["kind"].string() : "*");
      }
      const Node text = item.is_string() ? item : item["patch"];
      for (auto& kind : kinds_in(text.string())) {
        adds.patched.insert(std::move(kind));
      }
    }
  }
}

void add_images(Completion& adds, Node root) {
  for (Node image : root["images"].items()) {
    if (image["name"].is_string() && (image["newTag"] || image["digest"])) {
      adds.images.emplace(image["name"].string());
    }
  }
}

void add_selectors(Completion& adds, Node root) {
  adds.selectors = !root["commonLabels"].empty();
  for (Node labels : root["labels"].items()) {
    adds.selectors = adds.selectors || labels["includeSelectors"].boolean().value_or(false);
  }
}

}  // namespace

bool is_patched(const BundleObject& object) {
  return object.completion != nullptr && object.completion->patches(object.object.kind);
}

bool is_selected_by_kustomize(const BundleObject& object) {
  return object.completion != nullptr && object.completion->selectors;
}

void Kustomize::add(const std::string& path, Node root) {
  const std::string folder = parent_path(normal_path(path));
  Kustomization& kustomization = by_folder_[folder];
  for (const char* list : {"resources", "bases", "components", "crds", "generators", "transformers"}) {
    for (Node item : root[list].items()) {
      if (is_path(item)) {
        kustomization.uses.push_back(normal_path(join_path(folder, item.string())));
      }
    }
  }
  for (const auto& patch : patch_files(root)) {
    kustomization.patches.push_back(normal_path(join_path(folder, patch)));
    patches_.insert(kustomization.patches.back());
  }
  add_patches(kustomization.adds, root);
  add_images(kustomization.adds, root);
  add_selectors(kustomization.adds, root);
}

void Kustomize::resolve(const KindsOf& kinds_of) {
  for (auto& [folder, kustomization] : by_folder_) {
    for (const auto& patch : kustomization.patches) {
      for (auto& kind : kinds_of(patch)) {
        kustomization.adds.patched.insert(std::move(kind));
      }
    }
  }
  for (const auto& [folder, kustomization] : by_folder_) {
    const Completion& adds = kustomization.adds;
    if (!adds.images.empty() || !adds.patched.empty() || adds.selectors) {
      std::set<std::string> entered;
      complete(folder, adds, entered);
    }
  }
}

void Kustomize::complete(const std::string& folder, const Completion& adds, std::set<std::string>& entered) {
  const auto found = by_folder_.find(folder);
  if (found == by_folder_.end() || !entered.insert(folder).second) {
    return;
  }
  for (const auto& path : found->second.uses) {
    if (by_folder_.count(path) != 0) {
      complete(path, adds, entered);
      continue;
    }
    Completion& file = by_file_[path];
    file.images.insert(adds.images.begin(), adds.images.end());
    file.patched.insert(adds.patched.begin(), adds.patched.end());
    file.selectors = file.selectors || adds.selectors;
  }
}

bool Kustomize::leaves_out(const std::string& path) const {
  const auto beside = by_folder_.find(parent_path(path));
  return beside != by_folder_.end() &&
         std::find(beside->second.uses.begin(), beside->second.uses.end(), path) == beside->second.uses.end();
}

const Completion* Kustomize::of(const std::string& path) const {
  const auto found = by_file_.find(path);
  return found == by_file_.end() ? nullptr : &found->second;
}

bool is_partial(Node root, std::string_view text) {
  if (text.find("$patch:") != std::string_view::npos) {
    return true;
  }
  const auto object = kube::as_object(root);
  if (!object) {
    return false;
  }
  if (object->kind == "CustomResourceDefinition") {
    return !root["spec"]["versions"] || !root["spec"]["names"];
  }
  if (object->kind == "MutatingWebhookConfiguration" || object->kind == "ValidatingWebhookConfiguration") {
    const auto webhooks = root["webhooks"].items();
    return std::any_of(webhooks.begin(), webhooks.end(), [](Node webhook) { return !webhook["clientConfig"]; });
  }
  if (object->group != "apps" && object->group != "batch") {
    return false;
  }
  const bool selects = object->group == "apps";
  if (selects && !root["spec"]["selector"].is_mapping()) {
    return true;
  }
  const auto pods = kube::pod_templates(*object);
  return pods.empty() || std::any_of(pods.begin(), pods.end(), [](const kube::PodTemplate& pod) {
           const auto containers = pod.spec["containers"].items();
           return pod.spec["containers"].empty() ||
                  std::any_of(containers.begin(), containers.end(), [](Node container) { return !container["image"]; });
         });
}

bool is_named_patch(std::string_view path) {
  const std::string folder = parent_path(path);
  return base_name(path).find("patch") != std::string_view::npos ||
         base_name(folder).find("patch") != std::string_view::npos;
}

}  // namespace podcheck::lint
