// What a document is when it is not a Kubernetes object: counted, named, never linted and never an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/document.hpp"

namespace podcheck::lint {

enum class NotLinted : std::uint8_t {
  none,           // a Kubernetes object or a List: lint it
  helm_template,  // {{ }}: has to be rendered first
  helm_values,
  helm_chart,  // Chart.yaml and its like
  kustomization,
  patch,  // of a kustomization: part of an object
  compose,
  ci,          // GitHub, GitLab, …
  tool,        // the configuration of a program that borrowed apiVersion and kind: kind, kubeadm, Skaffold, …
  other,       // any other mapping, sequence or scalar
  unreadable,  // cannot be parsed, and nothing in it looks like Kubernetes
};

const char* to_string(NotLinted kind);  // "helm-template": keys of messages lint.skipped.*

// Of a document that was read. `path` is its file's.
NotLinted classify(document::Node root, std::string_view path);
// Of a document that could not be read, by its text. `named`: the user asked for this very file, which is no chart's
// template: an error in it is told even when it does not look like Kubernetes, and so are braces that nobody rendered.
NotLinted classify_broken(std::string_view text, bool named);

bool is_kustomization(document::Node root, std::string_view path);
// Files that a kustomization uses as patches, as it writes them (relative to its folder).
std::vector<std::string> patch_files(document::Node kustomization);
// "ConfigMap/name" and "Secret/name" of its generators, whose real names end in a hash.
std::vector<std::string> generated_names(document::Node kustomization);

}  // namespace podcheck::lint
