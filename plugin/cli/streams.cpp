#include "cli/streams.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>

#ifdef _WIN32
#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace podcheck::cli {

namespace {

#ifdef _WIN32
bool is_terminal(int descriptor) {
  return _isatty(descriptor) != 0;
}
int terminal_columns() {
  return 100;
}
#else
bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1;
}
int terminal_columns() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}
#endif

}  // namespace

bool is_utf8_locale(std::string_view locale) {
  for (const char* name : {"UTF-8", "utf-8", "UTF8", "utf8"}) {
    if (locale.find(name) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

Streams standard_streams() {
#ifndef _WIN32
  // A reader that closes early (| head) ends us quietly by the default action of SIGPIPE.
  std::signal(SIGPIPE, SIG_DFL);
#endif
  std::ios::sync_with_stdio(false);
  Streams io{std::cin, std::cout, std::cerr, [](const char* name) {
               const char* value = std::getenv(name);
               return std::string(value == nullptr ? "" : value);
             }};
  io.in_is_terminal = is_terminal(0);
  io.out_is_terminal = is_terminal(1);
  io.err_is_terminal = is_terminal(2);
  if (io.out_is_terminal) {
    io.columns = terminal_columns();
  }
  return io;
}

}  // namespace podcheck::cli
