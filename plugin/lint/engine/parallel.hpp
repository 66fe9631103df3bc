// The same work for many items on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace podcheck::lint {

// Calls work(0) … work(count - 1), each once, in no given order, and returns when all are done. `threads` 0 means as
// many as the machine has. `work` must not throw. Threads get a stack that recursion over deep documents fits in.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

}  // namespace podcheck::lint
