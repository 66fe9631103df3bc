#include "live/causes/exit_context.hpp"

#include <map>

#include "live/text.hpp"

namespace podcheck::live {

std::string ExitContext::get(std::string_view name) const {
  for (const auto& [key, value] : line.captures) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

void ExitContext::set(std::string_view name, std::string value) const {
  for (auto& [key, old] : candidate.values) {
    if (key == name) {
      old = std::move(value);
      return;
    }
  }
  candidate.values.emplace_back(name, std::move(value));
}

std::string base_name(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string folder_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : slash == 0 ? "/" : std::string(path.substr(0, slash));
}

bool enrich(Patient& patient, const ContainerFacts& container, const RunLog& log, const Decisive& line,
            Candidate& candidate) {
  using Handler = bool (*)(const ExitContext&);
  static const std::map<std::string_view, Handler> handlers = {
      {"env-var-missing", env_missing},
      {"bad-config-value", config_value},
      {"bad-config-file", config_file},
      {"config-checksum-mismatch", checksum},
      {"file-missing", file_missing},
      {"module-missing", module_missing},
      {"wrong-arguments", wrong_arguments},
      {"port-already-in-use", port_taken},
      {"privileged-port", privileged_port},
      {"read-only-root-filesystem", read_only},
      {"volume-permission-denied", permission},
      {"dependency-refused", dependency},
      {"dependency-name-unknown", unknown_name},
      {"cluster-dns-down", dns_down},
      {"dependency-auth-failed", auth_failed},
      {"rbac-forbidden", forbidden},
      {"serviceaccount-token-not-mounted", no_token},
      {"secret-trailing-newline", newline},
      {"heap-exhausted", heap},
      {"disk-full", disk_full},
      {"node-out-of-files", limit_of_node},
      {"node-setting-too-low", limit_of_node},
      {"node-out-of-processes", limit_of_node},
  };
  ExitContext at{patient, container, log, line, candidate};
  if (contains(line.line, "$") && literal_reference(patient, container, log, line.index, candidate)) {
    return true;
  }
  if (line.cause == "command-not-found" || line.cause == "entrypoint-not-executable") {
    at.set("hint", "");
    at.set("message", line.line);
    candidate.variant = line.cause == "command-not-found" ? "shell" : "";
    std::string low = lower(line.line);
    if (contains_any(low, {"^m", "\\r", "\r"})) {
      candidate.variant = "line-ends";
    } else if (low.starts_with("exec /") || contains(low, "bad interpreter")) {
      candidate.variant = "interpreter";
    }
  }
  auto handler = handlers.find(line.cause);
  return handler == handlers.end() || handler->second(at);
}

}  // namespace podcheck::live
