#include "live/services.hpp"

#include <algorithm>
#include <cctype>

#include "kube/selector.hpp"
#include "live/dependencies.hpp"
#include "live/diagnose.hpp"
#include "live/facts.hpp"
#include "live/health.hpp"
#include "live/patch.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

bool is_address(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '[' || c == ']' || (c >= 'a' && c <= 'f');
  }) && (host.find(':') != std::string_view::npos || std::count(host.begin(), host.end(), '.') == 3);
}

void fill(Patient& patient, Dependency& out) {
  if (!out.service) {
    return;
  }
  out.name = name_of(out.service);
  out.namespace_ = namespace_of(out.service);
  bool any_slice = false;
  for (Node slice : patient.cluster.list("endpointslices", out.namespace_).items) {
    if (slice["metadata"]["labels"]["kubernetes.io/service-name"].string() != out.name) {
      continue;
    }
    any_slice = true;
    for (Node endpoint : slice["endpoints"].items()) {
      if (endpoint["conditions"]["ready"].boolean().value_or(true)) {
        out.ready += static_cast<int>(endpoint["addresses"].size());
      }
    }
  }
  if (!any_slice) {
    Node endpoints = patient.cluster.get("endpoints", out.namespace_, out.name);
    for (Node subset : endpoints["subsets"].items()) {
      out.ready += static_cast<int>(subset["addresses"].size());
    }
  }
  for (Node pod : patient.cluster.list("pods", out.namespace_).items) {
    if (kube::service_matches(out.service["spec"]["selector"], pod["metadata"]["labels"])) {
      out.pods.push_back(pod);
    }
  }
}

// The workload whose pods would stand behind the Service.
Node workload_behind(Patient& patient, const Dependency& dependency) {
  for (const char* resource : {"deployments", "statefulsets", "daemonsets"}) {
    for (Node object : patient.cluster.list(resource, dependency.namespace_).items) {
      if (kube::service_matches(dependency.service["spec"]["selector"],
                                object["spec"]["template"]["metadata"]["labels"])) {
        return object;
      }
    }
  }
  return {};
}

}  // namespace

Dependency look_up(Patient& patient, std::string_view host, std::string_view port) {
  Dependency out;
  while (host.ends_with(".") || host.ends_with(",") || host.ends_with(")") || host.ends_with(":")) {
    host.remove_suffix(1);
  }
  while (host.starts_with("(") || host.starts_with("//")) {
    host.remove_prefix(1);
  }
  if (std::size_t scheme = host.find("://"); scheme != std::string_view::npos) {
    host = host.substr(scheme + 3);
  }
  // Java writes name/address, either of which may be missing: "db/10.0.0.1", "/10.0.0.1", "db/<unresolved>".
  if (std::size_t slash = host.find('/'); slash != std::string_view::npos) {
    host = slash > 0 ? host.substr(0, slash) : host.substr(1);
  }
  out.host = host;
  out.port = port;
  out.namespace_ = patient.namespace_;
  out.known = patient.cluster.knows("services", patient.namespace_);
  if (host == "localhost" || host == "127.0.0.1" || host == "[::1]" || host == "::1" || host == "0.0.0.0") {
    out.is_local = true;
    return out;
  }
  if (is_address(host)) {
    for (Node service : patient.cluster.list("services", patient.namespace_).items) {
      bool ours = service["spec"]["clusterIP"].string() == host;
      for (Node address : service["spec"]["clusterIPs"].items()) {
        ours = ours || address.string() == host;
      }
      if (ours) {
        out.service = service;
      }
    }
    out.is_external = !out.service;
    fill(patient, out);
    return out;
  }
  std::string name(host);
  std::string space = patient.namespace_;
  if (std::size_t dot = name.find('.'); dot != std::string::npos) {
    std::string rest = name.substr(dot + 1);
    name.resize(dot);
    std::size_t next = rest.find('.');
    std::string second = rest.substr(0, next);
    std::string after = next == std::string::npos ? "" : rest.substr(next + 1);
    bool in_cluster = after == "svc" || after.starts_with("svc.");
    if (in_cluster) {
      space = second;
    } else if (next == std::string::npos &&
               (patient.cluster.get("namespaces", "", second) || patient.cluster.get("services", second, name))) {
      space = second;
    } else {
      out.is_external = true;
      out.name = host;
      return out;
    }
  }
  out.name = name;
  out.namespace_ = space;
  out.known = patient.cluster.knows("services", space);
  out.service = patient.cluster.get("services", space, name);
  fill(patient, out);
  return out;
}

Dependency mentioned_in(Patient& patient, std::string_view line) {
  std::string best;
  std::string port;
  for (const std::string& name : names_in(patient, "services", patient.namespace_)) {
    for (std::size_t at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
      auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
      std::size_t end = at + name.size();
      bool whole = (at == 0 || !part(line[at - 1])) && (end >= line.size() || !part(line[end]));
      if (whole && name.size() > best.size()) {
        best = name;
        port.clear();
        for (std::size_t i = end + 1;
             end < line.size() && line[end] == ':' && i < line.size() && line[i] >= '0' && line[i] <= '9'; ++i) {
          port += line[i];
        }
      }
    }
  }
  if (best.empty()) {
    return {};
  }
  return look_up(patient, best, port);
}

void judge_dependency(Patient& patient, const Dependency& dependency, Candidate& candidate) {
  auto& values = candidate.values;
  values.emplace_back("service", dependency.name.empty() ? dependency.host : dependency.name);
  values.emplace_back("address", dependency.host + (dependency.port.empty() ? "" : ":" + dependency.port));
  values.emplace_back("service_namespace", dependency.namespace_);
  if (!dependency.service) {
    bool absent = !dependency.is_external && !dependency.is_local && dependency.known && !dependency.name.empty();
    candidate.cause = absent ? "dependency-name-unknown" : "dependency-unreachable";
    candidate.variant = dependency.is_local ? "local" : "";
    candidate.confidence = absent ? Confidence::confirmed : Confidence::likely;
    values.emplace_back("host", dependency.host);
    values.emplace_back("hint", absent ? hint_for(patient, "services", dependency.name) : "");
    return;
  }
  candidate.chain.push_back("Service/" + dependency.name);
  std::vector<Node> pods = dependency.pods;
  for (Node pod : pods) {
    if (patient.depth >= 1 || is_well(health_of(patient.cluster, pod))) {
      continue;
    }
    Patient other{patient.cluster,       patient.catalogue, pod, top_owner(patient.cluster, pod),
                  dependency.namespace_, patient.depth + 1};
    Ranked ranked = examine(other);
    candidate.cause = "dependency-crashing";
    candidate.confidence = Confidence::confirmed;
    values.emplace_back("dependency_pod", std::string(name_of(pod)));
    values.emplace_back("dependency_status", status_column(pod));
    candidate.chain.push_back(label_of(pod));
    std::string reason = status_column(pod);
    if (!ranked.kept.empty()) {
      const Candidate& root = ranked.kept.front();
      finding::Finding inner = patient.catalogue.cause_finding(root.cause, root.values, root.variant);
      reason = inner.message;
      candidate.evidence.insert(candidate.evidence.end(), root.evidence.begin(), root.evidence.end());
      candidate.chain.push_back(root.cause);
      std::vector<finding::Fix> fixes = root.fixes.empty() ? inner.fixes : root.fixes;
      if (!fixes.empty() && fixes.front().summary.empty() && !inner.fixes.empty()) {
        fixes.front().summary = inner.fixes.front().summary;
      }
      candidate.fixes = fixes;
    }
    values.emplace_back("reason", reason);
    return;
  }
  if (dependency.ready == 0 && (patient.cluster.knows("endpointslices", dependency.namespace_) ||
                                patient.cluster.knows("endpoints", dependency.namespace_))) {
    candidate.cause = "dependency-service-without-endpoints";
    candidate.confidence = Confidence::confirmed;
    Node workload = workload_behind(patient, dependency);
    std::string cause;
    if (workload && workload["spec"]["replicas"].integer().value_or(1) == 0) {
      candidate.variant = "scaled";
      cause = label_of(workload);
      candidate.evidence.push_back(field_evidence(workload, "spec.replicas", "0"));
      candidate.fixes.push_back(command_fix(
          "",
          patient.cluster.kubectl() + " -n " + shell_word(dependency.namespace_) + " scale " +
              lower(workload["kind"].string()) + " " + shell_word(name_of(workload)) + " --replicas=1",
          patient.catalogue.say("live.changes", {{"object", label_of(workload)}}), finding::Safety::unsafe));
      candidate.chain.push_back(label_of(workload));
    } else if (pods.empty()) {
      candidate.variant = "no-pods";
      candidate.evidence.push_back(
          field_evidence(dependency.service, "spec.selector", brief(dependency.service["spec"]["selector"])));
    }
    values.emplace_back("workload", cause);
    values.emplace_back("pods", std::to_string(pods.size()));
    candidate.evidence.push_back(computed_evidence(
        patient.catalogue.say("live.service.endpoints",
                              {{"service", dependency.name}, {"ready", "0"}, {"pods", std::to_string(pods.size())}})));
    return;
  }
  candidate.cause = "dependency-unreachable";
  candidate.variant = "";
  candidate.confidence = Confidence::likely;
  std::string ports;
  bool has_port = dependency.port.empty();
  for (Node port : dependency.service["spec"]["ports"].items()) {
    ports += (ports.empty() ? "" : ", ") + port["port"].text();
    has_port = has_port || port["port"].text() == dependency.port;
  }
  if (!has_port && !ports.empty()) {
    candidate.variant = "port";
    candidate.confidence = Confidence::confirmed;
    values.emplace_back("ports", ports);
    candidate.evidence.push_back(field_evidence(dependency.service, "spec.ports", ports));
  }
  candidate.evidence.push_back(
      computed_evidence(patient.catalogue.say("live.service.endpoints", {{"service", dependency.name},
                                                                         {"ready", std::to_string(dependency.ready)},
                                                                         {"pods", std::to_string(pods.size())}})));
}

}  // namespace podcheck::live
