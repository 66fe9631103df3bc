#include "live/logs.hpp"

#include <algorithm>
#include <cctype>

#include "live/text.hpp"

namespace podcheck::live {

namespace {

constexpr std::size_t most_lines = 400;

// Colours and other terminal sequences are taken out before lines are compared: ESC [ ... letter.
std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      i += 2;
      while (i < text.size() && !(text[i] >= '@' && text[i] <= '~')) {
        ++i;
      }
      continue;
    }
    out += text[i];
  }
  return out;
}

// GNU programs quote with ‘these’ in UTF-8 locales.
std::string plain_quotes(std::string text) {
  for (std::string_view quote : {"\u2018", "\u2019"}) {
    text = replace_all(std::move(text), quote, "'");
  }
  for (std::string_view quote : {"\u201c", "\u201d"}) {
    text = replace_all(std::move(text), quote, "\"");
  }
  return text;
}

RunLog read(Patient& patient, const ContainerFacts& container, bool previous) {
  RunLog out;
  out.previous = previous;
  const cluster::Log& log = patient.cluster.log(patient.namespace_, name_of(patient.pod), container.name, previous);
  out.readable = !log.failure;
  std::vector<std::string_view> lines = lines_of(log.text);
  std::size_t start = lines.size() > most_lines ? lines.size() - most_lines : 0;
  for (std::size_t i = start; i < lines.size(); ++i) {
    if (!trim(lines[i]).empty()) {
      // Indentation tells a trace's frames and a setting's details from what is said.
      std::string_view line = lines[i].substr(0, 8192);
      std::string_view indent = line.substr(0, std::min<std::size_t>(line.find_first_not_of(" \t"), 16));
      std::string sentence = plain_quotes(without_escapes(log_sentence(line)));
      out.lines.push_back(trim(line).front() == '{' ? sentence : std::string(indent) + sentence);
    }
  }
  return out;
}

bool has_port(std::string_view text, std::size_t colon, int& port, std::size_t& end) {
  port = 0;
  end = colon + 1;
  while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0 && end - colon < 7) {
    port = port * 10 + (text[end] - '0');
    ++end;
  }
  return end > colon + 1 && port > 0 && port < 65536;
}

}  // namespace

RunLog last_run_log(Patient& patient, const ContainerFacts& container) {
  bool running = container.running;
  RunLog first = read(patient, container, running);
  if (!first.empty()) {
    return first;
  }
  // A run's log can be gone for --previous though the plain command still has it, and the other way round.
  if (running && container.restarts > 0) {
    return first;
  }
  RunLog second = running                  ? read(patient, container, false)
                  : container.restarts > 0 ? read(patient, container, true)
                                           : RunLog();
  if (!second.empty()) {
    return second;
  }
  first.readable = first.readable || second.readable;
  return first;
}

RunLog current_log(Patient& patient, const ContainerFacts& container) {
  return read(patient, container, false);
}

finding::Evidence termination_evidence(document::Node pod, const ContainerFacts& container) {
  const Termination* ended = container.latest();
  std::string path = container.status_path + (container.now ? ".state.terminated" : ".lastState.terminated");
  std::string text;
  if (ended != nullptr) {
    text = ended->exit_code < 0 ? "" : "exitCode: " + std::to_string(ended->exit_code) + ", ";
    text += ended->reason.empty() ? "" : "reason: " + std::string(ended->reason);
    text = ended->reason.empty() && text.size() > 2 ? text.substr(0, text.size() - 2) : text;
    text += ", restartCount: " + std::to_string(container.restarts);
    if (auto ran = ended->duration()) {
      text += ", ran " + std::to_string(ran->count()) + "s";
    }
    if (!ended->message.empty()) {
      text += ", message: " + normalised(ended->message);
    }
  }
  finding::Evidence proof = field_evidence(pod, path, text);
  if (ended != nullptr && ended->finished) {
    proof.time = cluster::format_time(*ended->finished);
  }
  return proof;
}

Listening listening_in(const RunLog& log) {
  Listening found;
  for (const std::string& line : log.lines) {
    std::string low = lower(line);
    if (!contains_any(
            low, {"listening", "listen on", "started server on", "running on", "serving on", "serving at", "bound to",
                  "accepting connections", "listen addr", "server started", "started on port", "tomcat started"}) ||
        contains_any(low, {"not listening", "stopped listening", "error", "failed"})) {
      continue;
    }
    // host:port, :port, [::]:port, port 8080
    for (std::size_t colon = line.find(':'); colon != std::string::npos; colon = line.find(':', colon + 1)) {
      std::size_t start = colon;
      while (start > 0 && (std::isalnum(static_cast<unsigned char>(line[start - 1])) != 0 ||
                           std::string_view(".-[]:*").find(line[start - 1]) != std::string_view::npos)) {
        --start;
      }
      std::string_view host = std::string_view(line).substr(start, colon - start);
      int port = 0;
      std::size_t end = 0;
      bool is_time = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == ':' || c == '-' || c == 'T';
      });
      if (has_port(line, colon, port, end) && !is_time && (end >= line.size() || line[end] != ':')) {
        found = {std::string(line.substr(start, end - start)), std::string(host), port, line};
      }
    }
    if (auto hit = match(line, "port {port:d}"); hit && found.line != line) {
      found = {":" + (*hit)["port"], "", std::atoi((*hit)["port"].substr(0, 5).c_str()), line};
    } else if (auto tomcat = match(line, "port(s): {port:d}"); tomcat && found.line != line) {
      found = {":" + (*tomcat)["port"], "", std::atoi((*tomcat)["port"].substr(0, 5).c_str()), line};
    }
  }
  return found;
}

std::string_view level_of(std::string_view line) {
  std::string head = lower(line.substr(0, 120));
  auto word = [&](std::string_view text) {
    for (std::size_t at = head.find(text); at != std::string::npos; at = head.find(text, at + 1)) {
      bool before = at == 0 || std::isalnum(static_cast<unsigned char>(head[at - 1])) == 0;
      std::size_t end = at + text.size();
      bool after = end >= head.size() || std::isalnum(static_cast<unsigned char>(head[end])) == 0;
      if (before && after) {
        return true;
      }
    }
    return false;
  };
  for (std::string_view text : {"fatal", "critical", "emerg", "panic", "alert"}) {
    if (word(text)) {
      return "fatal";
    }
  }
  for (std::string_view text : {"error", "err", "severe", "exception"}) {
    if (word(text)) {
      return "error";
    }
  }
  if (word("warn") || word("warning")) {
    return "warn";
  }
  if (word("info") || word("notice") || contains(head, " log:  ")) {
    return "info";
  }
  return word("debug") || word("trace") ? "debug" : "";
}

}  // namespace podcheck::live
