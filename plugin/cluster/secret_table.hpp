// Secrets as far as they can be known without their data.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"

namespace podcheck::cluster {

// kubectl's arguments for a table of a namespace's Secrets (the API server sends names, types and numbers of keys), or
// for one Secret's type and key names by a template, which prints no value.
std::vector<std::string> secret_arguments(std::string_view namespace_, std::string_view name);

// What those print, as objects: metadata, type, and for a single Secret `data` with empty values. A list leaves `data`
// out.
bool read_secrets(std::string_view output, std::string_view namespace_, std::string_view name,
                  std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<document::Node>& items,
                  std::string& error);

// The registry hosts in a Secret's JSON; of its data only the docker configuration is looked at, and the text is
// overwritten.
std::optional<std::vector<std::string>> registry_hosts_of_secret(std::string& json);

}  // namespace podcheck::cluster
