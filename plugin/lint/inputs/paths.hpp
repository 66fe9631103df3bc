// Slash-separated paths as text; nothing here touches the disk.
#pragma once

#include <string>
#include <string_view>

namespace podcheck::lint {

std::string join_path(std::string_view folder, std::string_view name);  // "." and "" vanish
std::string_view base_name(std::string_view path);
std::string parent_path(std::string_view path);  // "" for a bare name
std::string normal_path(std::string_view path);  // "a/./b/../c" is "a/c"; keeps a leading "..": no disk
std::string absolute_path(std::string_view path, std::string_view working_directory);
bool has_manifest_extension(std::string_view path);  // .yaml, .yml, .json

}  // namespace podcheck::lint
