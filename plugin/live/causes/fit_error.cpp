#include "live/causes/fit_error.hpp"

#include <algorithm>

#include "live/text.hpp"

namespace podcheck::live {

namespace {

struct Reason {
  std::string_view pattern;
  std::string_view cause;
};

constexpr Reason reasons[] = {
    {"insufficient cpu", "insufficient-cpu"},
    {"insufficient memory", "insufficient-memory"},
    {"insufficient ephemeral-storage", "insufficient-ephemeral-storage"},
    {"insufficient {detail:w}", "insufficient-extended-resource"},
    {"too many pods", "too-many-pods"},
    {"untolerated taint {{detail}}", "untolerated-taint"},
    {"had taint {{detail}}", "untolerated-taint"},
    {"untolerated taint", "untolerated-taint"},
    {"had taints that the pod didn't tolerate", "untolerated-taint"},
    {"were unschedulable", "node-cordoned"},
    {"had unknown conditions", "node-not-ready"},
    {"were not ready", "node-not-ready"},
    {"were out of disk", "node-disk-pressure"},
    {"scheduler-enforced node affinity", "node-affinity-mismatch"},
    {"didn't match pod's node affinity", "node-affinity-mismatch"},
    {"didn't match node selector", "node-selector-mismatch"},
    {"pod affinity terms conflict", "node-affinity-mismatch"},
    {"didn't match the requested", "node-name-mismatch"},
    {"free ports for the requested pod ports", "host-port-conflict"},
    {"existing pods anti-affinity", "existing-pod-anti-affinity"},
    {"didn't match pod anti-affinity", "pod-anti-affinity"},
    {"didn't match pod affinity/anti-affinity", "pod-anti-affinity"},
    {"didn't match pod affinity", "pod-affinity"},
    {"topology spread constraints", "topology-spread"},
    {"unbound immediate persistentvolumeclaims", "volume-unbound"},
    {"unbound persistentvolumeclaims", "volume-unbound"},
    {"persistentvolumeclaim \"{detail:q}\" not found", "pvc-not-found"},
    {"persistentvolumeclaim \"{detail:q}\" is being deleted", "volume-claim-deleting"},
    {"persistentvolumeclaim \"{detail:q}\" bound to non-existent", "pvc-lost"},
    {"bound to non-existent pv", "pvc-lost"},
    {"ephemeral volume controller to create the persistentvolumeclaim \"{detail:q}\"", "volume-claim-not-created"},
    {"pod is not owner", "volume-claim-foreign"},
    {"volume node affinity conflict", "volume-node-affinity-conflict"},
    {"didn't match persistentvolume's node affinity", "volume-node-affinity-conflict"},
    {"find available persistent volumes to bind", "volume-no-match"},
    {"enough free storage", "volume-storage-capacity"},
    {"available volume zone", "volume-zone-conflict"},
    {"no available disk", "volume-disk-in-use"},
    {"readwriteoncepod", "rwop-claim-in-use"},
    {"max volume count", "volume-limit"},
    {"{detail:w} csi driver is not installed", "csi-driver-missing"},
    {"waiting for scheduling gates: [{detail}]", "scheduling-gate"},
    {"non-empty scheduling gates", "scheduling-gate"},
    {"device class {detail:w} does not exist", "device-class-missing"},
    {"resource class {detail:w} does not exist", "device-class-missing"},
    {"resourceclaim \"{detail:q}\" not found", "resource-claim-missing"},
    {"resourceclaim \"{detail:q}\" is being deleted", "resource-claim-missing"},
    {"resourceclaim not created", "resource-claim-missing"},
    {"create the resourceclaim", "resource-claim-missing"},
    {"resourceclaim in use", "resource-claim-in-use"},
    {"in the process of being allocated", "resource-claim-in-use"},
    {"cannot allocate all claims", "resource-claim-unsatisfied"},
    {"resourceclaim", "resource-claim-unsatisfied"},
    {"pod's required features", "node-feature-missing"},
    {"node declared features check failed", "node-feature-missing"},
    {"sidecarcontainers feature is disabled", "node-feature-missing"},
    {"persistentvolumeclaim is not bound: \"{detail:q}\"", "volume-unbound"},
    // Predicates, as 1.5 to 1.9 named them.
    {"matchnodeselector", "node-selector-mismatch"},
    {"podtoleratesnodetaints", "untolerated-taint"},
    {"podfitshostports", "host-port-conflict"},
    {"matchinterpodaffinity", "pod-anti-affinity"},
    {"nodeundermemorypressure", "node-pressure"},
    {"nodeunderdiskpressure", "node-disk-pressure"},
    {"nodenotready", "node-not-ready"},
    {"nodeoutofdisk", "node-disk-pressure"},
    {"nodeunschedulable", "node-cordoned"},
    {"novolumezoneconflict", "volume-zone-conflict"},
    {"novolumenodeconflict", "volume-node-affinity-conflict"},
    {"nodiskconflict", "volume-disk-in-use"},
    {"maxvolumecount", "volume-limit"},
    {"gang", "pod-group-incomplete"},
    {"pod group", "pod-group-incomplete"},
    {"workload", "pod-group-incomplete"},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A reason ends where ", 12 " begins the next one; commas in taints and requirements do not count.
std::size_t next_reason(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(", ", from); at != std::string_view::npos; at = text.find(", ", at + 1)) {
    std::size_t digits = at + 2;
    while (digits < text.size() && is_digit(text[digits])) {
      ++digits;
    }
    if (digits > at + 2 && digits < text.size() && text[digits] == ' ') {
      return at;
    }
  }
  return std::string_view::npos;
}

long leading_count(std::string_view& text) {
  std::size_t digits = 0;
  long count = 0;
  while (digits < text.size() && is_digit(text[digits]) && digits < 9) {
    count = count * 10 + (text[digits++] - '0');
  }
  if (digits == 0 || digits >= text.size() || text[digits] != ' ') {
    return 0;
  }
  text.remove_prefix(digits + 1);
  return count;
}

}  // namespace

FitReason fit_reason(std::string_view text, long nodes) {
  FitReason out;
  out.nodes = nodes;
  out.text = text;
  std::string lowered = lower(text);
  for (const Reason& reason : reasons) {
    if (auto hit = Pattern(reason.pattern).match(text, lowered)) {
      out.cause = reason.cause;
      out.detail = (*hit)["detail"];
      break;
    }
  }
  if (out.cause == "insufficient-extended-resource" && out.detail.starts_with("hugepages-")) {
    out.cause = "insufficient-hugepages";
  }
  if (out.cause == "untolerated-taint") {
    if (contains(out.detail, "node.kubernetes.io/not-ready") ||
        contains(out.detail, "node.kubernetes.io/unreachable")) {
      out.cause = "node-not-ready";
    } else if (contains(out.detail, "node.kubernetes.io/disk-pressure")) {
      out.cause = "node-disk-pressure";
    } else if (contains(out.detail, "node.kubernetes.io/memory-pressure") ||
               contains(out.detail, "node.kubernetes.io/pid-pressure")) {
      out.cause = "node-pressure";
    } else if (contains(out.detail, "node.kubernetes.io/unschedulable")) {
      out.cause = "node-cordoned";
    }
  }
  return out;
}

namespace {

// "No nodes are available that match all of the predicates: Insufficient cpu (9), MatchNodeSelector (18)." (to 1.9)
bool read_predicates(std::string_view message, FitError& out) {
  std::size_t head = message.find("predicates:");
  if (head == std::string_view::npos || !contains(message, "o nodes are available")) {
    return false;
  }
  std::string_view body = message.substr(message.find_first_not_of(": ", head + 10));
  long most = 0;
  while (!body.empty()) {
    std::size_t stop = body.find(", ");
    std::string_view part = trim(body.substr(0, stop));
    std::size_t open = part.rfind('(');
    if (open != std::string_view::npos) {
      std::string_view digits = part.substr(open + 1);
      long nodes = 0;
      for (std::size_t i = 0; i < digits.size() && is_digit(digits[i]) && i < 9; ++i) {
        nodes = nodes * 10 + (digits[i] - '0');
      }
      most = std::max(most, nodes);
      out.reasons.push_back(fit_reason(trim(part.substr(0, open)), nodes));
    }
    body.remove_prefix(stop == std::string_view::npos ? body.size() : stop + 2);
  }
  out.total = most;  // how many nodes there are it does not say; at least so many
  return most > 0;
}

}  // namespace

FitError parse_fit_error(std::string_view message) {
  FitError out;
  if (contains(message, "no nodes available to schedule pods")) {
    out.total = 0;
    return out;
  }
  if (read_predicates(message, out)) {
    return out;
  }
  constexpr std::string_view middle = " nodes are available: ";
  std::size_t head = message.find(middle);
  if (head == std::string_view::npos) {
    // Said of the pod before any node was looked at: "pod has unbound immediate PersistentVolumeClaims".
    FitReason alone = fit_reason(message.substr(0, message.find(" (repeated")), 0);
    if (alone.cause.starts_with("volume-") || alone.cause == "pvc-not-found" || alone.cause == "pvc-lost") {
      out.total = 1;
      out.reasons.push_back(std::move(alone));
    }
    return out;
  }
  std::size_t slash = message.rfind('/', head);
  if (slash == std::string_view::npos) {
    return out;
  }
  out.total = 0;
  for (std::size_t at = slash + 1; at < head && is_digit(message[at]) && at - slash < 9; ++at) {
    out.total = out.total * 10 + (message[at] - '0');
  }
  std::string_view body = message.substr(head + middle.size());
  if (std::size_t tail = body.find("preemption: "); tail != std::string_view::npos) {
    out.preemption = trim(body.substr(tail + 12));
    body = body.substr(0, tail);
  }
  for (std::string_view noise : {"no new claims to deallocate,", "plugin disabled,", "still not schedulable,",
                                 "All PostFilter plugins are skipped"}) {
    if (std::size_t at = body.rfind(noise); at != std::string_view::npos) {
      body = body.substr(0, at);
    }
  }
  while (!body.empty()) {
    std::size_t stop = next_reason(body, 0);
    std::string_view part = trim(body.substr(0, stop));
    while (part.ends_with('.')) {
      part.remove_suffix(1);
    }
    long nodes = leading_count(part);
    if (!part.empty()) {
      out.reasons.push_back(fit_reason(part, nodes));
    }
    if (stop == std::string_view::npos) {
      break;
    }
    body.remove_prefix(stop + 2);
  }
  return out;
}

}  // namespace podcheck::live
