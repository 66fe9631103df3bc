// podcheck_measure COMMAND...: runs it once with its output dropped and prints three numbers: milliseconds of wall
// clock, milliseconds of processor time with that of its children, and the MiB that it had resident at most, its
// children's not counted. getrusage() cannot tell the last one: it has the largest of the whole family.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

namespace {

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

// VmHWM only grows, so the last reading before the end is the peak; 0 when the process has ended.
double peak_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::strtod(line.c_str() + 6, nullptr) / 1024;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: podcheck_measure COMMAND...\n");
    return 2;
  }
  auto start = std::chrono::steady_clock::now();
  pid_t pid = ::fork();
  if (pid == 0) {
    int nowhere = ::open("/dev/null", O_RDWR);
    for (int descriptor : {0, 1, 2}) {
      ::dup2(nowhere, descriptor);
    }
    ::execvp(argv[1], argv + 1);
    ::_exit(127);
  }
  double peak = 0;
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, WNOHANG, &usage) == 0) {
    double now = peak_of(pid);
    peak = now > 0 ? now : peak;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
  std::printf("%.1f %.1f %.1f\n", wall.count(), milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), peak);
}
