// A Service without a ready endpoint, or with endpoints that nobody listens behind.
#include <algorithm>

#include "kube/effective.hpp"
#include "kube/selector.hpp"
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/patch.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

std::string labels_text(Node labels) {
  std::string text;
  for (const document::Member& label : labels.members()) {
    text += (text.empty() ? "" : ", ") + std::string(label.key) + "=" + label.value.text();
  }
  return text;
}

std::size_t shared_labels(Node selector, Node labels) {
  std::size_t count = 0;
  for (const document::Member& wanted : selector.members()) {
    count += labels[wanted.key].text() == wanted.value.text() && labels.has(wanted.key) ? 1 : 0;
  }
  return count;
}

bool generated(std::string_view key) {
  return key == "pod-template-hash" || key == "controller-revision-hash" ||
         key == "statefulset.kubernetes.io/pod-name" || key == "apps.kubernetes.io/pod-index" ||
         key == "pod-template-generation";
}

// The pods that are most likely meant: named alike, or with most of the labels, or with a near value.
Node meant(Patient& patient, Node service) {
  Node best;
  int best_score = 0;
  for (Node pod : patient.cluster.list("pods", patient.namespace_).items) {
    int score = static_cast<int>(shared_labels(service["spec"]["selector"], pod["metadata"]["labels"])) * 10;
    if (std::string_view(name_of(pod)).starts_with(name_of(service))) {
      score += 8;
    }
    for (const document::Member& wanted : service["spec"]["selector"].members()) {
      std::string value = pod["metadata"]["labels"][wanted.key].text();
      if (!value.empty() && !catalogue::nearest(wanted.value.text(), {value}).empty()) {
        score += 6;
      }
    }
    score += condition_is(pod, "Ready", "True") && score > 0 ? 1 : 0;
    if (score > best_score) {
      best_score = score;
      best = pod;
    }
  }
  return best;
}

void nothing_selected(Patient& patient, std::vector<Candidate>& out) {
  Node service = patient.owner;
  Candidate one = candidate_for(patient, "service-selector-mismatch", Stage::service, Confidence::confirmed, 90);
  set(one, "name", std::string(name_of(service)));
  set(one, "selector", labels_text(service["spec"]["selector"]));
  prove(one, service, "spec.selector");
  Node pod = meant(patient, service);
  set(one, "near", pod ? std::string(name_of(pod)) : "");
  std::string labels;
  std::string patch;
  for (const document::Member& label : pod["metadata"]["labels"].members()) {
    if (!generated(label.key)) {
      labels += (labels.empty() ? "" : ", ") + std::string(label.key) + "=" + label.value.text();
    }
  }
  for (const document::Member& wanted : service["spec"]["selector"].members()) {
    Node label = pod["metadata"]["labels"][wanted.key];
    patch += (patch.empty() ? "" : ",") + json_string(wanted.key) + ":" + (label ? json_string(label.text()) : "null");
  }
  set(one, "labels", labels);
  if (!pod) {
    one.variant = "no-pods";
  } else {
    one.evidence.push_back(field_evidence(pod, "metadata.labels", labels));
    one.fixes.push_back(merge_patch(patient, service, "{\"spec\":{\"selector\":{" + patch + "}}}"));
  }
  one.evidence.push_back(computed_evidence(
      patient.catalogue.say("live.service.no_endpoints", {{"service", std::string(name_of(service))}})));
  out.push_back(std::move(one));
}

// The selector is right and its workload has no pods: scaled to zero, or none could be made.
bool of_absent_pods(Patient& patient, std::vector<Candidate>& out) {
  for (const char* resource : {"deployments", "statefulsets", "daemonsets"}) {
    for (Node workload : patient.cluster.list(resource, patient.namespace_).items) {
      if (!kube::service_matches(patient.owner["spec"]["selector"],
                                 workload["spec"]["template"]["metadata"]["labels"])) {
        continue;
      }
      Candidate one =
          candidate_for(patient, "service-without-ready-endpoints", Stage::service, Confidence::confirmed, 60);
      set(one, "name", std::string(name_of(patient.owner)));
      set(one, "count", "0");
      set(one, "workload", label_of(workload));
      one.variant = "no-pods";
      prove(one, workload, "spec.replicas");
      prove(one, workload, "status.conditions");
      one.chain = {label_of(patient.owner), label_of(workload)};
      out.push_back(std::move(one));
      return true;
    }
  }
  return false;
}

bool declares(const std::vector<ContainerFacts>& containers, Node target, std::string_view protocol) {
  for (const ContainerFacts& container : containers) {
    for (const kube::Port& port : kube::ports(container.spec)) {
      bool same = target.is_string() ? port.name == target.string() : port.number == target.integer();
      if (same && port.protocol == protocol) {
        return true;
      }
    }
  }
  return false;
}

void target_ports(Patient& patient, const std::vector<Node>& pods, std::vector<Candidate>& out) {
  Node service = patient.owner;
  std::size_t index = 0;
  for (Node port : service["spec"]["ports"].items()) {
    std::string path = "spec.ports[" + std::to_string(index++) + "]";
    Node target = port.has("targetPort") ? port["targetPort"] : port["port"];
    std::string declared;
    bool found = false;
    bool declares_any = false;
    std::string suggestion;
    for (Node pod : pods) {
      auto containers = containers_of(pod);
      found = found || declares(containers, target, port["protocol"].string("TCP"));
      for (const ContainerFacts& container : containers) {
        for (const kube::Port& one : kube::ports(container.spec)) {
          declares_any = true;
          std::string text = (one.name.empty() ? "" : std::string(one.name) + " ") + std::to_string(one.number);
          if (!contains(declared, text)) {
            declared += (declared.empty() ? "" : ", ") + text;
          }
          suggestion =
              suggestion.empty() ? (one.name.empty() ? std::to_string(one.number) : json_string(one.name)) : suggestion;
        }
      }
    }
    // Undeclared numbers can be served all the same; a name that no container has cannot.
    if (found || (!target.is_string() && !declares_any)) {
      continue;
    }
    Candidate one = candidate_for(patient, "service-target-port-mismatch", Stage::service,
                                  target.is_string() ? Confidence::confirmed : Confidence::likely, 80);
    set(one, "name", std::string(name_of(service)));
    set(one, "port", port["port"].text());
    set(one, "target", target.text());
    set(one, "declared", declared.empty() ? "-" : declared);
    prove(one, service, path);
    one.path = path + ".targetPort";
    if (!pods.empty()) {
      for (const ContainerFacts& container : containers_of(pods.front())) {
        prove(one, pods.front(), container.spec_path + ".ports");
      }
    }
    if (!suggestion.empty()) {
      std::string patch = "[{\"op\":\"add\",\"path\":\"/spec/ports/" + std::to_string(index - 1) +
                          "/targetPort\",\"value\":" + suggestion + "}]";
      one.fixes.push_back(change(
          patient, service, "patch service " + shell_word(name_of(service)) + " --type=json -p " + shell_word(patch)));
      one.fixes.back().patch = std::move(patch);
    }
    out.push_back(std::move(one));
    return;
  }
}

// Pods that are selected, and none of them ready: the pods' own cause comes first, this is the frame.
void none_ready(Patient& patient, const std::vector<Node>& pods, std::vector<Candidate>& out) {
  Candidate one = candidate_for(patient, "service-without-ready-endpoints", Stage::service, Confidence::confirmed, 40);
  set(one, "name", std::string(name_of(patient.owner)));
  set(one, "count", std::to_string(pods.size()));
  for (Node pod : pods) {
    if (one.evidence.size() < 4) {
      one.evidence.push_back(field_evidence(pod, "status", status_column(pod)));
    }
  }
  out.push_back(std::move(one));
}

// A description that says that there are no endpoints. Which pods there are is not known; that ready ones in the text
// carry other labels makes the selector the likely fault.
void described(Patient& patient, std::vector<Candidate>& out) {
  Node service = patient.owner;
  Node endpoints = patient.cluster.get("endpoints", patient.namespace_, name_of(service));
  auto pods = pods_of(patient.cluster, service);
  if (!endpoints || endpoints["subsets"].size() > 0) {
    return;
  }
  if (!pods.empty()) {
    none_ready(patient, pods, out);
    return;
  }
  bool others = std::any_of(patient.cluster.list("pods", patient.namespace_).items.begin(),
                            patient.cluster.list("pods", patient.namespace_).items.end(), [](Node pod) {
                              return condition_is(pod, "Ready", "True") && pod["metadata"]["labels"].size() > 0;
                            });
  if (!of_absent_pods(patient, out)) {
    nothing_selected(patient, out);
    out.back().confidence = others ? Confidence::likely : Confidence::possible;
    if (!others) {
      out.back().variant = "untold";
    }
  }
}

}  // namespace

void diagnose_service(Patient& patient, std::vector<Candidate>& out) {
  if (patient.pod || patient.owner["kind"].string() != "Service") {
    return;
  }
  Node service = patient.owner;
  bool external = service["spec"]["type"].string() == "ExternalName" || service["spec"]["selector"].empty();
  if (external) {
    return;  // somebody else fills its endpoints
  }
  if (!patient.cluster.knows("pods", patient.namespace_)) {
    described(patient, out);
    return;
  }
  auto pods = pods_of(patient.cluster, service);
  std::erase_if(pods, [](Node pod) {
    std::string_view phase = pod["status"]["phase"].string();
    return phase == "Succeeded" || phase == "Failed";
  });
  if (pods.empty()) {
    if (!of_absent_pods(patient, out)) {
      nothing_selected(patient, out);
    }
    return;
  }
  bool ready = std::any_of(pods.begin(), pods.end(), [](Node pod) { return condition_is(pod, "Ready", "True"); });
  if (!ready) {
    none_ready(patient, pods, out);
  }
  target_ports(patient, pods, out);
}

}  // namespace podcheck::live
