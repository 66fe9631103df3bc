#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> image_checks();  // sorted by name

void check_image_pull_secret_empty(const Place& place, Reporter& reporter);     // pod
void check_image_pull_secret_missing(const Place& place, Reporter& reporter);   // bundle
void check_image_pull_secret_registry(const Place& place, Reporter& reporter);  // pod
void check_image_pull_secret_type(const Place& place, Reporter& reporter);      // pod
void check_image_reference(const Place& place, Reporter& reporter);             // container
void check_image_registry_retired(const Place& place, Reporter& reporter);      // container
void check_image_tag(const Place& place, Reporter& reporter);                   // container

}  // namespace podcheck::lint
