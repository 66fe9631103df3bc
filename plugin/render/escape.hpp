// The escapes that the output formats ask for.
#pragma once

#include <cstdint>

#include <string>
#include <string_view>

namespace podcheck::render {

std::string xml_escape(std::string_view text);     // for element text and attribute values; drops what XML 1.0 forbids
std::string uri_escape(std::string_view path);     // a relative path as a URI reference, forward slashes kept
std::string workflow_data(std::string_view text);  // message part of a GitHub workflow command
std::string workflow_property(std::string_view text);  // property part: also ':' and ','
std::string markdown_cell(std::string_view text);      // one table cell on one line
std::uint64_t stable_hash(std::string_view text);      // FNV-1a, the same on every platform
std::string hex(std::uint64_t value);                  // 16 digits

}  // namespace podcheck::render
