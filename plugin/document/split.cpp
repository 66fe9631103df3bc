#include "document/split.hpp"

#include <algorithm>

namespace podcheck::document {

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\v\f");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\v\f") - first + 1);
}

// `helm template` writes "# Source: chart/templates/x.yaml" at the top of each document.
std::string_view find_source_comment(std::string_view text) {
  constexpr std::string_view mark = "# Source: ";
  while (!text.empty()) {
    const std::size_t stop = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, stop));
    if (line.starts_with(mark)) {
      return trimmed(line.substr(mark.size()));
    }
    if (!line.empty() && !line.starts_with('#')) {
      return {};
    }
    text.remove_prefix(std::min(stop + 1, text.size()));
  }
  return {};
}

}  // namespace

std::vector<Chunk> split_documents(std::string_view text, std::size_t begin) {
  std::vector<Chunk> chunks;
  Chunk current;
  auto finish = [&](std::size_t chunk_begin, std::size_t chunk_end) {
    current.extent = {static_cast<std::uint32_t>(chunk_begin), static_cast<std::uint32_t>(chunk_end)};
    current.scan_begin = static_cast<std::uint32_t>(
        chunks.size() == 1 && chunks[0].extent.begin == chunks[0].extent.end ? chunks[0].extent.end : chunk_begin);
    current.source_comment = find_source_comment(text.substr(chunk_begin, chunk_end - chunk_begin));
    chunks.push_back(current);
    current = {};
  };
  std::size_t chunk_begin = begin;
  std::size_t line = begin;
  while (line < text.size()) {
    const std::size_t stop = std::min(text.find('\n', line), text.size());
    const std::size_t next = std::min(stop + 1, text.size());
    if (text.substr(line, 3) == "---") {
      finish(chunk_begin, line);
      chunk_begin = next;
      std::string_view rest = trimmed(text.substr(line + 3, stop - line - 3));
      if (!rest.empty() && !rest.starts_with('#')) {
        const auto at = static_cast<std::uint32_t>(rest.data() - text.data());
        current.bad_separator = {at, static_cast<std::uint32_t>(at + rest.size())};
      }
    }
    line = next;
  }
  finish(chunk_begin, text.size());
  return chunks;
}

}  // namespace podcheck::document
