#include "cluster/text_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace podcheck::cluster {

namespace {

std::optional<std::string> read_from(const std::string& path, std::size_t size, std::size_t offset) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(size - offset, '\0');
  in.seekg(static_cast<std::streamoff>(offset));
  if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<std::size_t> size_of(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return std::nullopt;
  }
  std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(size);
}

}  // namespace

std::optional<std::string> read_file(const std::string& path, std::size_t limit) {
  std::optional<std::size_t> size = size_of(path);
  if (!size || *size > limit) {
    return std::nullopt;
  }
  return *size == 0 ? std::string() : read_from(path, *size, 0);
}

Tail tail_of(std::string text, const LogLimits& limits) {
  std::size_t start = text.size() > limits.bytes ? text.size() - limits.bytes : 0;
  if (start > 0) {
    std::size_t line_end = text.find('\n', start - 1);
    if (line_end != std::string::npos && line_end + 1 < text.size()) {
      start = line_end + 1;
    }
  }
  std::size_t lines = 0;
  std::size_t at = text.size();
  while (at > start) {
    std::size_t newline = at < 2 ? std::string::npos : text.rfind('\n', at - 2);
    std::size_t line = newline == std::string::npos ? 0 : newline + 1;
    if (line < start || ++lines > limits.lines) {
      break;
    }
    at = line;
  }
  start = std::max(start, lines > limits.lines ? at : start);
  Tail tail{start == 0 ? std::move(text) : text.substr(start), start > 0};
  return tail;
}

std::optional<Tail> tail_of_file(const std::string& path, const LogLimits& limits) {
  std::optional<std::size_t> size = size_of(path);
  if (!size) {
    return std::nullopt;
  }
  // One byte more than can be kept tells whether the first kept line is whole.
  std::size_t offset = *size > limits.bytes + 1 ? *size - limits.bytes - 1 : 0;
  std::optional<std::string> text = *size == 0 ? std::string() : read_from(path, *size, offset);
  if (!text) {
    return std::nullopt;
  }
  Tail tail = tail_of(std::move(*text), limits);
  tail.truncated = tail.truncated || offset > 0;
  return tail;
}

}  // namespace podcheck::cluster
