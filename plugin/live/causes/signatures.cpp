#include "live/causes/signatures.hpp"

#include <array>

namespace podcheck::live {

namespace {

// Errors of the program's own code that a runtime reports.
constexpr std::string_view panics[] = {
    "panic: {what}",
    "fatal error: {what}",
    "Exception in thread \"{thread:q}\" {what}",
    "Caused by: {what}",
    "Unhandled exception. {what}",
    "Unhandled Exception: {what}",
    "Uncaught {what}",
    "PHP Fatal error:  {what}",
    "panicked at {what}",
    "UnhandledPromiseRejection: {what}",
    "** ({kind:p}) {what}",               // Elixir
    "{what:p}:in `{method}': {message}",  // Ruby
    "{what:p}:in '{method}': {message}",
};

// Native code that gives up by abort().
constexpr std::string_view aborts[] = {
    "terminate called {what}",
    "libc++abi: terminating {what}",
    "Assertion `{what}' failed",
    "Assertion failed: {what}",
    "assertion failed {what}",
    "assertion \"{what}\" failed",
    "Check failed: {what}",
    "Fatal Python error: Aborted",
    "[BUG] {what}",
    "malloc(): {what}",
    "malloc_consolidate(): {what}",
    "free(): {what}",
    "realloc(): {what}",
    "munmap_chunk(): {what}",
    "double free or corruption",
    "corrupted double-linked list",
    "stack smashing detected",
    "buffer overflow detected",
    "calling abort()",
    "SIGABRT",
};

}  // namespace

std::span<const LogSignature> log_signatures() {
  static const std::vector<LogSignature> all = [] {
    std::vector<LogSignature> out;
    for (auto part : {settings_signatures(), files_signatures(), world_signatures()}) {
      out.insert(out.end(), part.begin(), part.end());
    }
    return out;
  }();
  return all;
}

std::span<const std::string_view> panic_patterns() {
  return panics;
}

std::span<const std::string_view> abort_patterns() {
  return aborts;
}

}  // namespace podcheck::live
