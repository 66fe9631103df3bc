// Other programs: their Services, names and logins.
#include "live/causes/exit_context.hpp"
#include "live/patch.hpp"
#include "live/services.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

// The line names nobody, but the settings name a single Service, and nobody stands behind it.
Dependency only_silent_service(const ExitContext& at) {
  Dependency found;
  for (const Variable& one : variables_of(at.patient, at.container)) {
    Dependency named = one.known ? mentioned_in(at.patient, one.value) : Dependency();
    if (!named.service || named.ready > 0) {
      continue;
    }
    if (found.service && found.name != named.name) {
      return {};
    }
    found = named;
    at.candidate.evidence.push_back(field_evidence(at.patient.pod, one.path, one.name + "=" + one.value));
  }
  return found;
}

}  // namespace

bool dependency(const ExitContext& at) {
  if (contains(at.line.line, "$(") && unexpanded_reference(at)) {
    return true;
  }
  std::string host = at.get("host");
  std::string port = at.get("port");
  Dependency found = look_up(at.patient, host, port);
  if (!found.service) {
    for (std::size_t i = at.line.index + 1; i-- > 0 && i + 3 > at.line.index && (host.empty() || found.is_external);) {
      Dependency other = mentioned_in(at.patient, at.log.lines[i]);
      if (other.service) {
        found = other;
        break;
      }
    }
  }
  if (found.host.empty()) {
    found = only_silent_service(at);
  }
  if (found.host.empty()) {
    return false;
  }
  judge_dependency(at.patient, found, at.candidate);
  if (at.candidate.cause == "dependency-unreachable" && found.is_local) {
    at.candidate.specificity = 52;
  }
  return true;
}

bool unknown_name(const ExitContext& at) {
  if (contains(at.line.line, "$(") && unexpanded_reference(at)) {
    return true;
  }
  std::string host = at.get("host");
  if (host.empty()) {
    auto url = match(at.line.line, "://{host:p}");
    host = url ? (*url)["host"].substr(0, (*url)["host"].find_first_of("/:")) : "";
  }
  if (host.empty()) {
    Dependency other = mentioned_in(at.patient, at.line.line);
    if (!other.service) {
      return false;
    }
    host = other.host;
  }
  Dependency found = look_up(at.patient, host, "");
  at.set("host", found.host);
  at.set("service", found.name);
  if (found.service) {
    // The Service is there, yet its name does not resolve.
    at.candidate.cause = "cluster-dns-down";
    at.candidate.confidence = Confidence::likely;
    return enrich(at.patient, at.container, at.log,
                  Decisive{"cluster-dns-down", at.line.line, 90, at.line.captures, at.line.index}, at.candidate);
  }
  at.candidate.variant = found.is_external ? "external" : "";
  at.set("hint", found.is_external ? "" : hint_for(at.patient, "services", found.name));
  at.set("service_namespace", found.namespace_);
  if (!found.known) {
    at.candidate.confidence = Confidence::likely;
  } else if (!found.is_external) {
    at.candidate.evidence.push_back(computed_evidence(
        at.say("live.service.absent", {{"service", found.name},
                                       {"namespace", found.namespace_},
                                       {"names", join(names_in(at.patient, "services", found.namespace_), ", ")}})));
  }
  return true;
}

bool dns_down(const ExitContext& at) {
  std::string host = at.get("host");
  Dependency found = look_up(at.patient, host, "");
  at.set("host", found.host.empty() ? host : found.host);
  std::string state;
  std::string detail = at.get("dns");
  at.set("dns", detail);
  for (Node pod : at.patient.cluster.list("pods", "kube-system").items) {
    std::string_view app = pod["metadata"]["labels"]["k8s-app"].string();
    if (app == "kube-dns" || app == "coredns") {
      state += (state.empty() ? "" : ", ") + std::string(name_of(pod)) + " " + status_column(pod);
    }
  }
  at.candidate.evidence.push_back(
      computed_evidence(at.say("live.service.dns", {{"host", host}, {"state", state.empty() ? "-" : state}})));
  if (found.service) {
    at.candidate.evidence.push_back(
        computed_evidence(at.say("live.service.exists", {{"service", found.name}, {"namespace", found.namespace_}})));
  } else if (found.known && !found.is_external && !found.host.empty() && at.line.cause != "cluster-dns-down") {
    return false;
  }
  at.candidate.confidence = Confidence::likely;
  // ClusterFirst means the node's resolver for pods in the node's network.
  std::string policy(at.patient.pod["spec"]["dnsPolicy"].string("ClusterFirst"));
  bool host_network = at.patient.pod["spec"]["hostNetwork"].boolean().value_or(false);
  if (found.service && (policy == "Default" || (policy == "ClusterFirst" && host_network))) {
    std::string better = host_network ? "ClusterFirstWithHostNet" : "ClusterFirst";
    at.candidate.variant = "policy";
    at.candidate.confidence = Confidence::confirmed;
    at.candidate.path = "spec.dnsPolicy";
    at.set("policy", policy + (host_network ? " (hostNetwork)" : ""));
    at.set("better", better);
    at.candidate.evidence.push_back(pod_field(at.patient, "spec.dnsPolicy"));
    at.candidate.fixes.push_back(patch_owner(at.patient, {{"replace", "dnsPolicy", json_string(better)}}));
  }
  return true;
}

bool auth_failed(const ExitContext& at) {
  if (trailing_newline(at, false)) {
    return true;
  }
  at.set("user", at.get("user"));
  Dependency found = mentioned_in(at.patient, at.line.line);
  if (!found.service) {
    for (const Variable& one : variables_of(at.patient, at.container)) {
      Dependency named = one.known ? mentioned_in(at.patient, one.value) : Dependency();
      if (named.service) {
        found = named;
      }
    }
  }
  at.set("service", found.name);
  std::string secrets;
  for (const Variable& one : variables_of(at.patient, at.container)) {
    if (one.object.starts_with("Secret/")) {
      secrets += (secrets.empty() ? "" : ", ") + one.name + " ← " + one.source;
    }
  }
  at.set("secrets", secrets);
  at.candidate.variant = at.get("user").empty() ? "unnamed" : "";
  if (!secrets.empty()) {
    at.candidate.evidence.push_back(computed_evidence(secrets));
  }
  return true;
}

}  // namespace podcheck::live
