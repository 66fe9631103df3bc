#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <algorithm>
#include <thread>

#include "cluster/process.hpp"

namespace podcheck::cluster {

namespace {

constexpr std::size_t max_error_bytes = 64 << 10;

class Handle {
 public:
  Handle() = default;
  ~Handle() { close(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  HANDLE* address() { return &handle_; }
  HANDLE get() const { return handle_; }
  void close() {
    if (handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE) {
      CloseHandle(handle_);
    }
    handle_ = nullptr;
  }

 private:
  HANDLE handle_ = nullptr;
};

std::wstring widen(const std::string& text) {
  int length = MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), wide.data(), length);
  return wide;
}

// One argument as CommandLineToArgvW and the C runtime take it apart again: backslashes count only before a quote.
void append_quoted(std::wstring& line, const std::wstring& argument) {
  if (!line.empty()) {
    line += L' ';
  }
  line += L'"';
  std::size_t backslashes = 0;
  for (wchar_t c : argument) {
    if (c == L'\\') {
      ++backslashes;
      continue;
    }
    line.append(c == L'"' ? 2 * backslashes + 1 : backslashes, L'\\');
    backslashes = 0;
    line += c;
  }
  line.append(2 * backslashes, L'\\');
  line += L'"';
}

void read_all(HANDLE from, std::string& into, std::size_t limit, bool& too_large) {
  char buffer[16 << 10];
  DWORD count = 0;
  while (ReadFile(from, buffer, sizeof buffer, &count, nullptr) && count > 0) {
    std::size_t room = limit - std::min(limit, into.size());
    into.append(buffer, std::min<std::size_t>(room, count));
    too_large = too_large || count > room;
  }
}

Outcome run_one(const Command& command) {
  Outcome outcome;
  SECURITY_ATTRIBUTES inheritable{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
  Handle output_read, output_write, error_read, error_write, input;
  if (!CreatePipe(output_read.address(), output_write.address(), &inheritable, 0) ||
      !CreatePipe(error_read.address(), error_write.address(), &inheritable, 0)) {
    outcome.error = "CreatePipe: error " + std::to_string(GetLastError());
    return outcome;
  }
  SetHandleInformation(output_read.get(), HANDLE_FLAG_INHERIT, 0);
  SetHandleInformation(error_read.get(), HANDLE_FLAG_INHERIT, 0);
  *input.address() = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ, &inheritable, OPEN_EXISTING, 0, nullptr);

  std::wstring line;
  for (const std::string& argument : command.argv) {
    append_quoted(line, widen(argument));
  }
  STARTUPINFOW startup{};
  startup.cb = sizeof startup;
  startup.dwFlags = STARTF_USESTDHANDLES;
  startup.hStdInput = input.get();
  startup.hStdOutput = output_write.get();
  startup.hStdError = error_write.get();
  PROCESS_INFORMATION process{};
  if (!CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, CREATE_NO_WINDOW, nullptr, nullptr, &startup,
                      &process)) {
    DWORD error = GetLastError();
    bool missing = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
    outcome.ending = missing ? Ending::not_found : Ending::not_started;
    outcome.error = "CreateProcess: error " + std::to_string(error);
    return outcome;
  }
  CloseHandle(process.hThread);
  output_write.close();
  error_write.close();
  bool too_large = false;
  bool ignored = false;
  std::thread output([&] { read_all(output_read.get(), outcome.output, command.max_output, too_large); });
  std::thread error([&] { read_all(error_read.get(), outcome.error, max_error_bytes, ignored); });
  DWORD waited = WaitForSingleObject(process.hProcess, static_cast<DWORD>(command.deadline.count()));
  if (waited == WAIT_TIMEOUT) {
    TerminateProcess(process.hProcess, 1);
    WaitForSingleObject(process.hProcess, INFINITE);
  }
  output.join();
  error.join();
  DWORD code = 0;
  GetExitCodeProcess(process.hProcess, &code);
  CloseHandle(process.hProcess);
  outcome.code = static_cast<int>(code);
  outcome.ending = waited == WAIT_TIMEOUT ? Ending::timed_out : too_large ? Ending::too_large : Ending::exited;
  return outcome;
}

}  // namespace

std::vector<Outcome> ProcessRunner::run(const std::vector<Command>& commands) {
  std::vector<Outcome> outcomes(commands.size());
  for (std::size_t start = 0; start < commands.size(); start += parallel_) {
    std::size_t end = std::min(commands.size(), start + parallel_);
    std::vector<std::thread> threads;
    for (std::size_t i = start; i < end; ++i) {
      threads.emplace_back([&, i] { outcomes[i] = run_one(commands[i]); });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
  return outcomes;
}

}  // namespace podcheck::cluster
