// The parts of a log that speak of its end.
#pragma once

#include <string>

#include "live/cause.hpp"
#include "live/facts.hpp"
#include "live/logs.hpp"

namespace podcheck::live {

// The unhandled error that a runtime reports, and its line: behind "panic: ", "Exception in thread"; in Python the
// unindented line after the frames. Empty when there is none.
std::string panic_of(const RunLog& log, std::size_t& index);
// The last line that native code writes before abort(); the number of lines when there is none.
std::size_t abort_line(const RunLog& log);
// The first line below `index` that names a place in source code ("/src/main.go:12"); `index` when none does.
std::size_t frame_below(const RunLog& log, std::size_t index);
// The last line of the highest level; the last line when none names a level.
std::size_t last_words(const RunLog& log);
// Adds a line as proof, with the lines around it that belong to it.
void quote(Candidate& candidate, const ContainerFacts& container, const RunLog& log, std::size_t index);

}  // namespace podcheck::live
