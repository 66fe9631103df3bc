#include "live/causes/parts.hpp"

#include <algorithm>

#include "document/document.hpp"
#include "kube/duration.hpp"
#include "live/diagnose.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;

Candidate candidate_for(Patient& patient, std::string cause, Stage stage, finding::Confidence confidence,
                        int specificity) {
  Candidate out;
  out.cause = std::move(cause);
  out.stage = stage;
  out.confidence = confidence;
  out.specificity = specificity;
  out.values = {{"pod", std::string(name_of(patient.pod))},
                {"namespace", patient.namespace_},
                {"node", std::string(patient.pod["spec"]["nodeName"].string())},
                {"owner", patient.owner ? label_of(patient.owner) : ""},
                {"kubectl", patient.cluster.kubectl()}};
  return out;
}

void set(Candidate& candidate, std::string name, std::string value) {
  for (auto& [key, old] : candidate.values) {
    if (key == name) {
      old = std::move(value);
      return;
    }
  }
  candidate.values.emplace_back(std::move(name), std::move(value));
}

void leave_blank(Candidate& candidate, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    if (value_of(candidate, name).empty()) {
      set(candidate, std::string(name), "");
    }
  }
}

std::string value_of(const Candidate& candidate, std::string_view name) {
  for (const auto& [key, value] : candidate.values) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

std::optional<Candidate> recognise(Patient& patient, std::span<const Wording> wordings, std::string_view text,
                                   Stage stage, finding::Confidence confidence) {
  std::string lowered = lower(text);
  for (const Wording& wording : wordings) {
    auto hit = Pattern(wording.pattern).match(text, lowered);
    if (!hit) {
      continue;
    }
    Candidate out = candidate_for(patient, std::string(wording.cause), stage, confidence, wording.specificity);
    out.variant = wording.variant;
    set(out, "detail", shown(text, 300));
    for (const auto& [name, value] : hit->values) {
      set(out, name, shown(trim(value), 300));
    }
    return out;
  }
  return std::nullopt;
}

const EventFacts* newest_of(const std::vector<EventFacts>& events, std::initializer_list<std::string_view> reasons) {
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (std::find(reasons.begin(), reasons.end(), event->reason) != reasons.end()) {
      return &*event;
    }
  }
  return nullptr;
}

void prove(Candidate& candidate, Node object, std::string_view path) {
  Node value = path.starts_with("status.conditions[") ? condition(object, path.substr(18, path.size() - 19))
                                                      : document::at_path(object, path);
  if (value) {
    candidate.evidence.push_back(field_evidence(object, path, shown(brief(value), 300)));
  }
}

std::string age_since(Patient& patient, std::optional<cluster::Time> time) {
  return time ? kube::to_age(patient.cluster.now() - *time) : "";
}

std::vector<Node> agents_on(Patient& patient, std::string_view node, std::initializer_list<std::string_view> words) {
  std::vector<Node> found;
  if (node.empty()) {
    return found;
  }
  for (Node pod : patient.cluster.list("pods").items) {
    if (pod["spec"]["nodeName"].string() != node || found.size() >= 4) {
      continue;
    }
    std::string text = lower(name_of(pod));
    if (std::any_of(words.begin(), words.end(), [&](std::string_view word) { return contains(text, word); }) &&
        name_of(pod) != name_of(patient.pod)) {
      found.push_back(pod);
    }
  }
  return found;
}

void follow_pod(Patient& patient, Node pod, Candidate& candidate) {
  std::string place = std::string(namespace_of(pod)) + "/" + std::string(name_of(pod));
  bool ready = condition_is(pod, "Ready", "True");
  candidate.evidence.push_back(
      field_evidence(pod, "status", place + ": " + status_column(pod) + (ready ? "" : " (not ready)")));
  if (ready || patient.depth >= 2) {
    candidate.chain.push_back(place);
    return;
  }
  Patient other{
      patient.cluster,  patient.catalogue, pod, top_owner(patient.cluster, pod), std::string(namespace_of(pod)),
      patient.depth + 1};
  Ranked inner = examine(other);
  if (inner.kept.empty()) {
    candidate.chain.push_back(place);
    return;
  }
  const Candidate& root = inner.kept.front();
  candidate.chain.push_back(place + " (" + root.cause + ")");
  candidate.evidence.push_back(
      computed_evidence(place + ": " + patient.catalogue.cause_finding(root.cause, root.values, root.variant).message));
  for (std::size_t i = 0; i < root.evidence.size() && i < 2; ++i) {
    candidate.evidence.push_back(root.evidence[i]);
  }
}

void add_agents(Patient& patient, Candidate& candidate, std::string_view node,
                std::initializer_list<std::string_view> words) {
  for (Node pod : agents_on(patient, node, words)) {
    follow_pod(patient, pod, candidate);
  }
}

}  // namespace podcheck::live
