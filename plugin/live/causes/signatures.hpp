// What programs write when they stop, as data: a pattern, the cause it stands for, and how exactly it names the fault.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace podcheck::live {

struct LogSignature {
  std::string_view pattern;  // text.hpp match(): {variable}, {setting}, {value}, {file}, {path}, {host}, {port}, …
  std::string_view cause;
  int specificity = 60;
};

// In no order that matters: the most specific one wins, and of equals the later line. A line break in a pattern is the
// end of the line before. {field} is a name that settings libraries write in lower case for a variable in upper case.
std::span<const LogSignature> log_signatures();
// Its parts, a file each.
std::span<const LogSignature> settings_signatures();
std::span<const LogSignature> files_signatures();
std::span<const LogSignature> world_signatures();

// Signs that a program ended with an unhandled error of its own: panics, stack traces, uncaught exceptions. {what} is
// the error's own sentence.
std::span<const std::string_view> panic_patterns();
// What native code writes before it calls abort(); {what} likewise.
std::span<const std::string_view> abort_patterns();

}  // namespace podcheck::live
