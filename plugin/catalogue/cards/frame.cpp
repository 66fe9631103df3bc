#include <zstd.h>

#include <bit>
#include <cstdio>
#include <cstdlib>

#include "catalogue/cards/heads.hpp"

namespace podcheck::catalogue {

static_assert(std::endian::native == std::endian::little, "embedded blobs are written as little-endian words");

std::string_view bytes_of(const Frame& frame) {
  return {reinterpret_cast<const char*>(frame.words), frame.size};
}

std::string decompress(const Frame& frame) {
  std::string out(frame.raw, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), frame.words, frame.size);
  if (ZSTD_isError(size) != 0 || size != frame.raw) {
    std::fputs("podcheck: the embedded cards are damaged; install podcheck again\n", stderr);
    std::abort();
  }
  return out;
}

}  // namespace podcheck::catalogue
