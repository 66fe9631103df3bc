// What `kubectl cluster-info dump --output-directory` writes: nodes.json, and for every namespace a folder with
// pods.json, events.json, … and PODNAME/logs.txt.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cluster/snapshot.hpp"
#include "cluster/text_file.hpp"

namespace podcheck::cluster {

bool is_dump(const std::string& directory);

// There is no word of when the dump was made: now() is the latest moment that its objects speak of.
std::unique_ptr<Source> open_dump(const std::string& directory, const LogLimits& limits = {});

// One container's part of a logs.txt; nullopt when there is none.
std::optional<std::string_view> dumped_log(std::string_view logs_txt, std::string_view container);

}  // namespace podcheck::cluster
