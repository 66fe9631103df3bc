#include "cluster/kubectl_error.hpp"

#include <array>

namespace podcheck::cluster {

namespace {

struct Pattern {
  std::string_view text;
  FailureKind kind;
};

// In order: the first that occurs in a line decides.
constexpr auto patterns = std::to_array<Pattern>({
    {"could not find the requested resource", FailureKind::unsupported},
    {"(NotFound)", FailureKind::not_found},
    {"(Forbidden)", FailureKind::forbidden},
    {"(Unauthorized)", FailureKind::unauthorized},
    {"You must be logged in to the server", FailureKind::unauthorized},
    {"provide credentials", FailureKind::unauthorized},
    {"getting credentials:", FailureKind::unauthorized},
    {"(Timeout)", FailureKind::timeout},
    {"request timed out", FailureKind::timeout},
    {"context deadline exceeded", FailureKind::timeout},
    {"Client.Timeout exceeded", FailureKind::timeout},
    {"timed out waiting", FailureKind::timeout},
    {"(TooManyRequests)", FailureKind::timeout},
    {"the server is currently unable to handle the request", FailureKind::unreachable},
    {"(ServiceUnavailable)", FailureKind::unreachable},
    {"doesn't have a resource type", FailureKind::unsupported},
    {"no matches for kind", FailureKind::unsupported},
    {"is waiting to start", FailureKind::not_found},
    {"previous terminated container", FailureKind::not_found},
    {"is not valid for pod", FailureKind::not_found},
    {"is not available", FailureKind::not_found},
    {"unable to retrieve container logs", FailureKind::not_found},
    {"The connection to the server", FailureKind::unreachable},
    {"Unable to connect to the server", FailureKind::unreachable},
    {"error: context ", FailureKind::unreachable},
    {"no configuration has been provided", FailureKind::unreachable},
    {"error loading config file", FailureKind::unreachable},
    {"connection refused", FailureKind::unreachable},
    {"no such host", FailureKind::unreachable},
    {"no route to host", FailureKind::unreachable},
    {"i/o timeout", FailureKind::timeout},
    {"unexpected EOF", FailureKind::unreachable},
    {"error: unknown command", FailureKind::unsupported},
    {"error: unknown flag", FailureKind::unsupported},
    {"Error from server", FailureKind::other},
    {"error:", FailureKind::other},
});

std::string_view next_line(std::string_view& text) {
  std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) {
    line.remove_suffix(1);
  }
  return line;
}

// Lines that kubectl and its libraries print beside the error itself: "Warning: …" and klog's "E1123 10:00:00.000000
// …".
bool is_side_remark(std::string_view line) {
  bool klog = line.size() > 6 && (line[0] == 'E' || line[0] == 'W' || line[0] == 'I') &&
              line.substr(1, 4).find_first_not_of("0123456789") == std::string_view::npos && line[5] == ' ';
  return klog || line.starts_with("Warning:") || line.starts_with("Defaulted container") || line.starts_with("Flag --");
}

}  // namespace

Failure classify_kubectl_error(std::string_view standard_error) {
  Failure best{FailureKind::other, ""};
  std::string_view last;
  std::size_t best_rank = patterns.size();
  for (bool side_remarks : {false, true}) {
    std::string_view rest = standard_error;
    while (!rest.empty()) {
      std::string_view line = next_line(rest);
      if (line.empty() || is_side_remark(line) != side_remarks) {
        continue;
      }
      last = last.empty() || !side_remarks ? line : last;
      for (std::size_t rank = 0; rank < best_rank; ++rank) {
        if (line.find(patterns[rank].text) != std::string_view::npos) {
          best = {patterns[rank].kind, std::string(line)};
          best_rank = rank;
        }
      }
    }
    if (best_rank < patterns.size()) {
      return best;
    }
  }
  best.detail = last;
  return best;
}

bool is_lost_log(std::string_view log) {
  return log.size() < 512 && log.starts_with("unable to retrieve container logs for ");
}

}  // namespace podcheck::cluster
