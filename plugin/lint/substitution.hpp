// Variables that Flux fills in: a Kustomization of its own with postBuild replaces ${NAME} in all that it applies.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
#pragma once

#include "lint/bundle.hpp"

namespace podcheck::lint {

// The text has such a variable in it, and the bundle a Kustomization that may fill it in.
bool is_substituted(const Bundle& bundle, document::Node text);

}  // namespace podcheck::lint
