#include <algorithm>
#include <cstring>

#include "document/document.hpp"

namespace podcheck::document {

namespace {

constexpr std::uint32_t block_bytes = 4096;

std::uint32_t count_continuations(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }));
}

}  // namespace

SourceText::SourceText(std::string name, std::string bytes) : name_(std::move(name)), bytes_(std::move(bytes)) {
  line_starts_.push_back(0);
  const char* begin = bytes_.data();
  const char* end = begin + bytes_.size();
  for (const char* at = begin; at != end;) {
    const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    if (found == nullptr) {
      break;
    }
    at = static_cast<const char*>(found) + 1;
    line_starts_.push_back(static_cast<std::uint32_t>(at - begin));
  }
  std::uint32_t before = 0;
  for (std::size_t block = 0; block <= bytes_.size(); block += block_bytes) {
    continuations_.push_back(before);
    before += count_continuations(std::string_view(bytes_).substr(block, block_bytes));
  }
  if (before == 0) {
    continuations_.clear();  // every byte is a column, as in most files
  }
}

Position SourceText::position(std::uint32_t offset) const {
  if (line_starts_.empty()) {
    return {};
  }
  offset = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(bytes_.size()));
  auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  Position position;
  position.line = static_cast<std::uint32_t>(after - line_starts_.begin());
  std::uint32_t start = *(after - 1);
  if (start == 0 && bytes_.starts_with("\xEF\xBB\xBF")) {
    start = std::min<std::uint32_t>(3, offset);
  }
  // Every byte but a continuation byte begins a code point.
  position.column = 1 + (offset - start) - (continuations_before(offset) - continuations_before(start));
  return position;
}

std::uint32_t SourceText::continuations_before(std::uint32_t offset) const {
  if (continuations_.empty()) {
    return 0;
  }
  std::uint32_t block = offset / block_bytes;
  return continuations_[block] + count_continuations(std::string_view(bytes_).substr(std::size_t{block} * block_bytes,
                                                                                     offset - block * block_bytes));
}

std::string_view SourceText::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts_.size()) {
    return {};
  }
  std::size_t begin = line_starts_[number - 1];
  std::size_t end = number < line_starts_.size() ? line_starts_[number] : bytes_.size();
  std::string_view text = std::string_view(bytes_).substr(begin, end - begin);
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  if (text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace podcheck::document
