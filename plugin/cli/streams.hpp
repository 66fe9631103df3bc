// The outside world of the program, so that a test can be all of it.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

namespace podcheck::cli {

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  std::function<std::string(const char* name)> environment;  // empty when unset
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  int columns = 100;  // of the terminal
};

// Whether a locale's name ("ja_JP.UTF-8") says that it shows UTF-8.
bool is_utf8_locale(std::string_view locale);

// The process's own.
Streams standard_streams();

}  // namespace podcheck::cli
