// usage: podcheck_measure_runs RUNS COMMAND [ARGUMENT...]   runs the command and prints "WALL PEAK": milliseconds of
// the fastest run, and megabytes of memory of the largest. What the command prints and its exit code do not matter.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  const int runs = argc > 2 ? std::atoi(argv[1]) : 0;
  if (runs < 1) {
    std::fputs("usage: podcheck_measure_runs RUNS COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  double fastest = 1e18;
  long largest = 0;
  for (int run = 0; run < runs; ++run) {
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
      const int nowhere = open("/dev/null", O_RDWR);
      for (int stream = 0; stream < 3; ++stream) {
        dup2(nowhere, stream);
      }
      execvp(argv[2], argv + 2);
      _exit(127);
    }
    int status = 0;
    rusage usage{};
    if (child < 0 || wait4(child, &status, 0, &usage) != child || (WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
      std::fprintf(stderr, "podcheck_measure_runs: %s cannot be run\n", argv[2]);
      return 1;
    }
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
    fastest = std::min(fastest, wall.count());
    largest = std::max(largest, usage.ru_maxrss);
  }
  std::printf("%.2f %.1f\n", fastest, static_cast<double>(largest) / 1024);
  return 0;
}
