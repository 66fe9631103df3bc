// The few colours of the text format. Colour only repeats what words and signs say already.
#pragma once

#include <string>
#include <string_view>

namespace podcheck::render {

class Palette {
 public:
  explicit Palette(bool on) : on_(on) {}
  std::string error(std::string_view text) const { return paint("1;31", text); }
  std::string warning(std::string_view text) const { return paint("33", text); }
  std::string good(std::string_view text) const { return paint("32", text); }
  std::string strong(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }
  std::string command(std::string_view text) const { return paint("36", text); }

 private:
  std::string paint(const char* code, std::string_view text) const {
    if (!on_ || text.empty()) {
      return std::string(text);
    }
    return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
  }
  bool on_;
};

}  // namespace podcheck::render
