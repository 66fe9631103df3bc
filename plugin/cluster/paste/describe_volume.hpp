// The "Volumes:" part of a describe text.
#pragma once

#include "cluster/paste/draft.hpp"
#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

class VolumeReader {
 public:
  explicit VolumeReader(bool flat) : flat_(flat) {}
  // One line below "Volumes:".
  void feed(const Line& line, Draft& volumes);

 private:
  bool flat_;
  std::size_t name_indent_ = static_cast<std::size_t>(-1);
  std::string type_;
};

}  // namespace podcheck::cluster::paste
