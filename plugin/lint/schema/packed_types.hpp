// schemas/kubernetes/types.txt, compressed with zstd by schema_compile --pack.
#pragma once

#include <cstddef>

namespace podcheck::lint::schema {

extern const std::size_t packed_types_size;
extern const std::size_t packed_types_length;  // of the text
extern const unsigned char packed_types[];

}  // namespace podcheck::lint::schema
