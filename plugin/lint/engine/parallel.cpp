#include "lint/engine/parallel.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace podcheck::lint {

namespace {

constexpr std::size_t stack_bytes = 8u << 20;  // musl's default is 128 KiB

struct Share {
  std::atomic<std::size_t> next{0};
  std::size_t count = 0;
  const std::function<void(std::size_t)>* work = nullptr;

  void run() {
    for (std::size_t i = next++; i < count; i = next++) {
      (*work)(i);
    }
  }
};

void* enter(void* share) {
  static_cast<Share*>(share)->run();
  return nullptr;
}

}  // namespace

void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
  if (threads == 0) {
    threads = std::max(1u, std::thread::hardware_concurrency());
  }
  threads = static_cast<unsigned>(std::min<std::size_t>({threads, count, 64}));
  Share share;
  share.count = count;
  share.work = &work;
  std::vector<pthread_t> helpers;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  for (unsigned i = 1; i < threads; ++i) {
    pthread_t helper;
    if (pthread_create(&helper, &attributes, enter, &share) != 0) {
      break;  // fewer threads do the same work
    }
    helpers.push_back(helper);
  }
  pthread_attr_destroy(&attributes);
  share.run();
  for (pthread_t helper : helpers) {
    pthread_join(helper, nullptr);
  }
}

}  // namespace podcheck::lint
