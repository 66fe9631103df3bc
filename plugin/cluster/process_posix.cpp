#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

#include "cluster/process.hpp"

extern char** environ;

namespace podcheck::cluster {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t max_error_bytes = 64 << 10;
constexpr auto grace = std::chrono::milliseconds(500);  // between SIGTERM and SIGKILL
constexpr auto tick = std::chrono::milliseconds(20);

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) {
      ::close(std::exchange(number_, -1));
    }
  }
  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

bool make_pipe(Descriptor& read_end, Descriptor& write_end) {
  int ends[2];
#ifdef __linux__
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return false;
  }
#else
  if (::pipe(ends) != 0) {
    return false;
  }
  ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  ::fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#endif
  read_end = Descriptor(ends[0]);
  write_end = Descriptor(ends[1]);
  return true;
}

class Child {
 public:
  Child(const Command& command, Outcome& outcome) : command_(command), outcome_(outcome) { start(); }
  Child(Child&&) = default;
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (pid_ > 0 && !reaped_) {
      ::kill(pid_, SIGKILL);
      while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
  }

  bool done() const { return pid_ <= 0 || (reaped_ && !output_.is_open() && !error_.is_open()); }

  void watch(std::vector<pollfd>& descriptors) const {
    for (const Descriptor* end : {&output_, &error_}) {
      if (end->is_open()) {
        descriptors.push_back({end->get(), POLLIN, 0});
      }
    }
  }

  void step(const std::vector<pollfd>& descriptors) {
    for (const pollfd& ready : descriptors) {
      if (ready.revents != 0 && ready.fd == output_.get()) {
        read_some(output_, outcome_.output, command_.max_output, true);
      } else if (ready.revents != 0 && ready.fd == error_.get()) {
        read_some(error_, outcome_.error, max_error_bytes, false);
      }
    }
    reap();
    Clock::time_point now = Clock::now();
    if (!reaped_ && now >= deadline_) {
      end_it(Ending::timed_out);
    }
    if (!reaped_ && terminated_ && now >= kill_at_) {
      ::kill(pid_, SIGKILL);
    }
    // What a program has left running may hold the pipes open; the program itself is what was asked for.
    if (reaped_ && now >= close_at_) {
      output_.close();
      error_.close();
    }
  }

 private:
  void start() {
    Descriptor output_write;
    Descriptor error_write;
    if (!make_pipe(output_, output_write) || !make_pipe(error_, error_write)) {
      outcome_.error = std::strerror(errno);
      return;
    }
    std::vector<char*> arguments;
    for (const std::string& argument : command_.argv) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output_write.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error_write.get(), STDERR_FILENO);
    int failed = ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
      pid_ = -1;
      outcome_.ending = failed == ENOENT ? Ending::not_found : Ending::not_started;
      outcome_.error = std::strerror(failed);
      output_.close();
      error_.close();
      return;
    }
    deadline_ = Clock::now() + command_.deadline;
    ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(error_.get(), F_SETFL, O_NONBLOCK);
  }

  void read_some(Descriptor& from, std::string& into, std::size_t limit, bool end_beyond) {
    char buffer[64 << 10];
    for (int round = 0; round < 16; ++round) {
      ssize_t count = ::read(from.get(), buffer, sizeof buffer);
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return;
      }
      if (count <= 0) {
        from.close();
        return;
      }
      std::size_t room = limit - std::min(limit, into.size());
      into.append(buffer, std::min(room, static_cast<std::size_t>(count)));
      if (end_beyond && static_cast<std::size_t>(count) > room) {
        end_it(Ending::too_large);
        from.close();
        return;
      }
    }
  }

  void end_it(Ending why) {
    if (!terminated_ && !reaped_) {
      terminated_ = true;
      outcome_.ending = why;
      kill_at_ = Clock::now() + grace;
      ::kill(pid_, SIGTERM);
    }
  }

  void reap() {
    if (reaped_) {
      return;
    }
    int status = 0;
    pid_t result = ::waitpid(pid_, &status, WNOHANG);
    if (result == 0 || (result < 0 && errno == EINTR)) {
      return;
    }
    reaped_ = true;
    close_at_ = Clock::now() + std::chrono::milliseconds(250);
    if (terminated_) {
      return;
    }
    if (result > 0 && WIFEXITED(status)) {
      outcome_.ending = Ending::exited;
      outcome_.code = WEXITSTATUS(status);
    } else if (result > 0 && WIFSIGNALED(status)) {
      outcome_.code = WTERMSIG(status);
      outcome_.ending = outcome_.code == SIGINT ? Ending::interrupted : Ending::signalled;
    }
  }

  const Command& command_;
  Outcome& outcome_;
  pid_t pid_ = -1;
  Descriptor output_;
  Descriptor error_;
  Clock::time_point deadline_;
  Clock::time_point kill_at_;
  Clock::time_point close_at_;
  bool terminated_ = false;
  bool reaped_ = false;
};

}  // namespace

std::vector<Outcome> ProcessRunner::run(const std::vector<Command>& commands) {
  std::vector<Outcome> outcomes(commands.size());
  std::vector<std::unique_ptr<Child>> running;
  std::size_t next = 0;
  std::vector<pollfd> descriptors;
  while (next < commands.size() || !running.empty()) {
    while (next < commands.size() && running.size() < parallel_) {
      auto child = std::make_unique<Child>(commands[next], outcomes[next]);
      ++next;
      if (!child->done()) {
        running.push_back(std::move(child));
      }
    }
    descriptors.clear();
    for (const auto& child : running) {
      child->watch(descriptors);
    }
    if (descriptors.empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    } else if (::poll(descriptors.data(), descriptors.size(), static_cast<int>(tick.count())) < 0) {
      descriptors.clear();  // EINTR: the next round asks again
    }
    for (const auto& child : running) {
      child->step(descriptors);
    }
    running.erase(std::remove_if(running.begin(), running.end(), [](const auto& child) { return child->done(); }),
                  running.end());
  }
  return outcomes;
}

}  // namespace podcheck::cluster
