// The workload is there and its pods are not: what the API server's admission told the controller.
// (plugin/pkg/admission, pkg/controller/controller_utils.go, pod-security-admission)
#include <algorithm>
#include <map>

#include "kube/object.hpp"
#include "kube/pod_security.hpp"
#include "kube/quantity.hpp"
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/diagnose.hpp"
#include "live/patch.hpp"
#include "live/target.hpp"
#include "live/text.hpp"
#include "scheduling/capacity.hpp"
#include "scheduling/resources.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr Wording wordings[] = {
    {"exceeded quota: {quota:w} requested: {requested}, used: {used}, limited: {limited}", "quota-exceeded", "", 100},
    {"exceeded quota: {quota}, requested: {requested}, used: {used}, limited: {limited}", "quota-exceeded", "", 100},
    {"failed quota: {quota:w} must specify {fields}", "quota-requires-limits", "", 100},
    {"failed quota: {quota}: must specify {fields}", "quota-requires-limits", "", 100},
    {"status unknown for quota: {quota}, resources: {fields}", "quota-not-counted", "", 90},
    {"insufficient quota to match these scopes: {detail}", "quota-exceeded", "scope", 90},
    {"insufficient quota to consume: {detail}", "quota-exceeded", "scope", 90},
    {"violates podsecurity \"{policy:q}\": {detail}", "podsecurity-violation", "", 100},
    {"podsecuritypolicy: unable to {detail}", "podsecuritypolicy-violation", "", 95},
    {"no providers available to validate pod request", "podsecuritypolicy-violation", "none", 95},
    {"unable to validate against any security context constraint: {detail}", "scc-violation", "", 95},
    {"unable to validate against any security context constraint", "scc-violation", "", 90},
    {"failed calling webhook \"{webhook:q}\": {detail}", "admission-webhook-unreachable", "", 100},
    {"failed calling admission webhook \"{webhook:q}\": {detail}", "admission-webhook-unreachable", "", 100},
    {"admission webhook \"{webhook:q}\" denied the request without explanation", "admission-webhook-denied", "silent",
     95},
    {"admission webhook \"{webhook:q}\" denied the request: {detail}", "admission-webhook-denied", "", 95},
    {"validatingadmissionpolicy '{policy:q}' with binding '{binding:q}' denied request: {detail}",
     "admission-policy-denied", "", 95},
    {"validatingadmissionpolicy '{policy:q}' denied request: {detail}", "admission-policy-denied", "", 95},
    {"policy '{policy:q}' with binding '{binding:q}' denied request: {detail}", "admission-policy-denied", "", 95},
    {"serviceaccount \"{name:q}\" not found", "serviceaccount-missing", "", 100},
    {"no api token found for service account \"{name:q}\"", "serviceaccount-token-pending", "", 90},
    {"is not allowed because service account {name:w} does not reference that secret",
     "serviceaccount-secret-not-allowed", "", 90},
    {"no priorityclass with name {name:w} was found", "priorityclass-missing", "", 100},
    {"priorityclass with name {name:w}: {detail}", "priorityclass-missing", "", 90},
    {"the integer value of priority ({detail})", "priority-conflict", "", 90},
    {"runtimeclass \"{name:q}\" not found", "runtimeclass-missing", "", 100},
    {"pod's overhead doesn't match runtimeclass's defined overhead", "runtimeclass-conflict", "", 90},
    {"conflict: runtimeclass.scheduling.nodeselector{detail}", "runtimeclass-conflict", "", 90},
    {"conflicts with its namespace node label selector", "namespace-placement-conflict", "", 90},
    {"conflict with its namespace whitelist", "namespace-placement-conflict", "", 90},
    {"tolerations (possibly merged with namespace default tolerations) conflict{detail}",
     "namespace-placement-conflict", "", 90},
    {"because it is being terminated", "namespace-terminating", "", 100},
    {"images rejected by webhook backend", "image-policy-denied", "", 90},
    {"image policy webhook backend denied one or more images: {detail}", "image-policy-denied", "", 90},
    {"forbidden: user \"{user:q}\" cannot {verb:w} resource \"{resource:q}\"", "controller-forbidden", "", 95},
    {"usage per {type:w} is {detail}", "limitrange-violation", "", 100},
    {"max limit to request ratio per {type:w} is {detail}", "limitrange-violation", "", 100},
    {"is invalid: {detail}", "template-invalid", "", 95},
};

// The kinds of objects between a workload and its pods carry the events.
std::vector<Node> speakers(Patient& patient) {
  std::vector<Node> out = {patient.owner};
  std::string_view kind = patient.owner["kind"].string();
  const char* between = kind == "Deployment" ? "replicasets" : kind == "CronJob" ? "jobs" : nullptr;
  if (between != nullptr) {
    for (Node object : patient.cluster.list(between, patient.namespace_).items) {
      Node reference = controller_reference(object);
      bool wanted = kind == "CronJob" || object["spec"]["replicas"].integer().value_or(0) > 0;
      if (wanted && reference["name"].string() == name_of(patient.owner) && reference["kind"].string() == kind) {
        out.push_back(object);
      }
    }
  }
  return out;
}

struct Refused {
  std::string message;
  finding::Evidence proof;
  std::string speaker;
};

// Policy engines answer in several lines.
std::string one_line(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank || (!out.empty() && out.back() != ' ')) {
      out += blank ? ' ' : c;
    }
  }
  return out;
}

// The newest refusal that no success has followed.
std::optional<Refused> refusal(Patient& patient) {
  std::optional<Refused> found;
  std::optional<cluster::Time> latest;
  for (Node object : speakers(patient)) {
    auto events = events_of(patient.cluster, object);
    const EventFacts* failed = newest_of(events, {"FailedCreate", "ReplicaSetCreateError"});
    const EventFacts* made = newest_of(events, {"SuccessfulCreate"});
    if (failed != nullptr && !(made != nullptr && made->time && failed->time && *made->time > *failed->time) &&
        (!latest || (failed->time && *failed->time > *latest))) {
      found = Refused{one_line(failed->message), event_evidence(*failed), label_of(object)};
      found->proof.text = label_of(object) + ": " + found->proof.text;
      latest = failed->time;
    }
    for (const char* type : {"ReplicaFailure", "Progressing"}) {
      Node one = condition(object, type);
      bool failure =
          one && (one["reason"].string() == "FailedCreate" || one["reason"].string() == "ReplicaSetCreateError");
      if (!found && failure) {
        found = Refused{
            one_line(normalised(one["message"].string())),
            field_evidence(object, std::string("status.conditions[") + type + "]", shown(one["message"].string(), 600)),
            label_of(object)};
      }
    }
  }
  return found;
}

kube::PodTemplate template_of(Patient& patient) {
  std::string_view kind = patient.owner["kind"].string();
  Node base =
      kind == "CronJob" ? patient.owner["spec"]["jobTemplate"]["spec"]["template"] : patient.owner["spec"]["template"];
  return kube::pod_template_at(base["metadata"], base["spec"]);
}

// "requests.cpu=750m,pods=1" as pairs.
std::map<std::string, std::string> amounts(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    std::size_t comma = text.find(',');
    std::string_view part = trim(text.substr(0, comma));
    std::size_t equal = part.find('=');
    if (equal != std::string_view::npos) {
      out.emplace(part.substr(0, equal), part.substr(equal + 1));
    }
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

// What a pod or a claim counts for in a quota's resource; nothing for resources that are counted otherwise.
kube::Quantity counted(Node object, std::string_view resource) {
  if (object["kind"].string() == "PersistentVolumeClaim") {
    return kube::quantity_of(object["spec"]["resources"]["requests"]["storage"]).value_or(kube::Quantity());
  }
  kube::Quantity sum;
  if (resource.starts_with("limits.")) {
    for (const ContainerFacts& container : containers_of(object)) {
      Node limit = container.spec.node["resources"]["limits"][resource.substr(7)];
      sum += container.is_init() ? kube::Quantity() : kube::quantity_of(limit).value_or(kube::Quantity());
    }
    return sum;
  }
  resource.remove_prefix(resource.starts_with("requests.") ? 9 : 0);
  return scheduling::to_quantity(resource, scheduling::amount(scheduling::requests_of(object), resource));
}

// Who has most of what the quota counts.
void prove_consumers(Patient& patient, const std::string& resource, Candidate& out) {
  std::vector<std::pair<kube::Quantity, Node>> users;
  bool storage = contains(resource, "storage") && !contains(resource, "ephemeral");
  for (Node object : patient.cluster.list(storage ? "persistentvolumeclaims" : "pods", patient.namespace_).items) {
    std::string_view phase = object["status"]["phase"].string();
    kube::Quantity amount = counted(object, resource);
    if (phase != "Succeeded" && phase != "Failed" && amount > kube::Quantity()) {
      users.emplace_back(amount, object);
    }
  }
  std::stable_sort(users.begin(), users.end(), [](const auto& a, const auto& b) { return b.first < a.first; });
  users.resize(std::min<std::size_t>(users.size(), 3));
  std::string_view plain = std::string_view(resource).substr(resource.find('.') + 1);
  for (const auto& [amount, object] : users) {
    out.evidence.push_back(computed_evidence(patient.catalogue.say(
        "live.creation.consumer",
        {{"object", label_of(object)}, {"amount", kube::format_resource(plain, amount)}, {"resource", resource}})));
  }
}

// The quota that would let the missing pods in, and what each of them may ask for under the present one.
void raise_quota(Patient& patient, const std::map<std::string, std::string>& requested,
                 std::map<std::string, std::string>& used, std::map<std::string, std::string>& limited,
                 Candidate& out) {
  std::int64_t wanted = patient.owner["spec"]["replicas"].integer().value_or(1);
  std::int64_t missing =
      std::max<std::int64_t>(1, wanted - static_cast<std::int64_t>(pods_of(patient.cluster, patient.owner).size()));
  std::string patch;
  std::string names;
  for (const auto& [resource, amount] : requested) {
    auto each = kube::parse_quantity(amount);
    auto spent = kube::parse_quantity(used[resource]);
    auto limit = kube::parse_quantity(limited[resource]);
    if (!each || !spent || !limit || *spent + *each <= *limit) {
      continue;
    }
    std::string_view plain = std::string_view(resource).substr(resource.find('.') + 1);
    std::string needed = kube::format_resource(plain, *spent + each->times(missing));
    patch += (patch.empty() ? "" : ",") + json_string(resource) + ":" + json_string(needed);
    names += (names.empty() ? "" : ", ") + resource + " " + needed;
  }
  Node object = patient.cluster.get("resourcequotas", patient.namespace_, value_of(out, "quota"));
  if (patch.empty() || !object) {
    return;
  }
  finding::Fix fix = merge_patch(patient, object, "{\"spec\":{\"hard\":{" + patch + "}}}");
  fix.summary =
      patient.catalogue.say("live.creation.raise_quota", {{"count", std::to_string(missing)}, {"amounts", names}});
  out.fixes.push_back(std::move(fix));
}

void quota(Patient& patient, Candidate& out) {
  auto requested = amounts(value_of(out, "requested"));
  auto used = amounts(value_of(out, "used"));
  auto limited = amounts(value_of(out, "limited"));
  std::string numbers;
  for (const auto& [resource, amount] : requested) {
    numbers +=
        (numbers.empty() ? "" : "; ") +
        patient.catalogue.say(
            "live.creation.headroom",
            {{"resource", resource}, {"requested", amount}, {"used", used[resource]}, {"limited", limited[resource]}});
  }
  set(out, "numbers", numbers);
  Node object = patient.cluster.get("resourcequotas", patient.namespace_, value_of(out, "quota"));
  prove(out, object, "status.hard");
  prove(out, object, "status.used");
  for (const auto& [resource, amount] : requested) {
    prove_consumers(patient, resource, out);
  }
  raise_quota(patient, requested, used, limited, out);
  out.chain.push_back("ResourceQuota/" + value_of(out, "quota"));
}

void pod_security(Patient& patient, Candidate& out) {
  kube::PodSecurityPolicy policy =
      kube::enforced_policy(patient.cluster.get("namespaces", "", patient.namespace_)["metadata"]["labels"]);
  kube::PodTemplate pod = template_of(patient);
  auto violations = kube::pod_security_violations(pod, policy);
  for (const auto& violation : violations) {
    out.evidence.push_back(computed_evidence(violation.reason + ": " + violation.detail));
  }
  std::vector<Operation> operations;
  for (const kube::Container& container : pod.containers) {
    if (container.role == kube::ContainerRole::ephemeral) {
      continue;
    }
    std::string path = std::string(container.role == kube::ContainerRole::app ? "containers/" : "initContainers/") +
                       std::to_string(container.index) + "/securityContext";
    std::vector<std::pair<std::string, std::string>> fields;
    for (const auto& violation : violations) {
      bool ours = contains(violation.detail, "\"" + std::string(container.name) + "\"");
      if (violation.id == "allowPrivilegeEscalation" && ours) {
        fields.emplace_back("allowPrivilegeEscalation", "false");
      } else if (violation.id == "capabilities_restricted" && ours) {
        fields.emplace_back("capabilities", "{\"drop\":[\"ALL\"]}");
      } else if (violation.id == "privileged" && ours) {
        fields.emplace_back("privileged", "false");
      }
    }
    if (fields.empty()) {
      continue;
    }
    if (!container.node.has("securityContext")) {
      std::string object;
      for (const auto& [name, json] : fields) {
        object += (object.empty() ? "{" : ",") + json_string(name) + ":" + json;
      }
      operations.push_back({"add", path, object + "}"});
    } else {
      for (const auto& [name, json] : fields) {
        operations.push_back({"add", path + "/" + name, json});
      }
    }
  }
  std::vector<std::pair<std::string, std::string>> whole;
  for (const auto& violation : violations) {
    if (violation.id == "runAsNonRoot") {
      whole.emplace_back("runAsNonRoot", "true");
    } else if (contains(violation.id, "seccompProfile")) {
      whole.emplace_back("seccompProfile", "{\"type\":\"RuntimeDefault\"}");
    }
  }
  if (!whole.empty() && pod.spec["securityContext"].empty()) {
    std::string object;
    for (const auto& [name, json] : whole) {
      object += (object.empty() ? "{" : ",") + json_string(name) + ":" + json;
    }
    operations.push_back({"add", "securityContext", object + "}"});
  } else {
    for (const auto& [name, json] : whole) {
      operations.push_back({"add", "securityContext/" + name, json});
    }
  }
  finding::Fix fix = patch_owner(patient, operations);
  if (!fix.command.empty()) {
    out.fixes.push_back(std::move(fix));
  }
  prove(out, patient.cluster.get("namespaces", "", patient.namespace_), "metadata.labels");
  out.chain.push_back("Namespace/" + patient.namespace_);
}

// The Service behind a webhook, and how its pods are.
void webhook(Patient& patient, Candidate& out) {
  std::string service;
  std::string space;
  if (auto hit = match(value_of(out, "detail"), "https://{service:w}.svc")) {
    std::string host = (*hit)["service"];
    std::size_t dot = host.find('.');
    service = host.substr(0, dot);
    space = dot == std::string::npos ? "" : host.substr(dot + 1);
  }
  for (const char* kind : {"validatingwebhookconfigurations", "mutatingwebhookconfigurations"}) {
    for (Node configuration : patient.cluster.list(kind).items) {
      for (Node item : configuration["webhooks"].items()) {
        if (item["name"].string() == value_of(out, "webhook")) {
          Node reference = item["clientConfig"]["service"];
          service = service.empty() ? std::string(reference["name"].string()) : service;
          space = space.empty() ? std::string(reference["namespace"].string()) : space;
          set(out, "configuration", label_of(configuration));
          out.evidence.push_back(field_evidence(configuration, "webhooks",
                                                std::string(item["name"].string()) + " failurePolicy: " +
                                                    std::string(item["failurePolicy"].string("Fail"))));
        }
      }
    }
  }
  set(out, "service", service.empty() ? "?" : space + "/" + service);
  if (contains(value_of(out, "detail"), "x509: ")) {
    out.variant = "certificate";
  } else if (contains(value_of(out, "detail"), "service \"" + service + "\" not found")) {
    out.variant = "no-service";
  }
  if (service.empty()) {
    return;
  }
  out.chain.push_back("Service/" + service);
  Node object = patient.cluster.get("services", space, service);
  if (!object) {
    bool known = patient.cluster.knows("services", space);
    out.evidence.push_back(computed_evidence(patient.catalogue.say(
        known ? "live.creation.no_service" : "live.creation.service_unknown", {{"service", space + "/" + service}})));
    return;
  }
  std::size_t followed = 0;
  for (Node pod : pods_of(patient.cluster, object)) {
    if (followed++ < 3) {
      follow_pod(patient, pod, out);
    }
  }
  if (followed == 0 && patient.cluster.knows("pods", space)) {
    out.evidence.push_back(
        computed_evidence(patient.catalogue.say("live.service.no_endpoints", {{"service", space + "/" + service}})));
  }
}

// Amounts of bytes as people write them: 1610612736 (1536Mi).
std::string readable(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') {
      ++end;
    }
    bool plain = end < text.size() ? std::isalnum(static_cast<unsigned char>(text[end])) == 0 : true;
    std::string word = text.substr(at, std::max<std::size_t>(end - at, 1));
    out += word;
    if (auto amount = end - at >= 7 && plain ? kube::parse_quantity(word) : std::nullopt) {
      out += " (" + kube::format_bytes(*amount) + ")";
    }
    at = std::max(end, at + 1);
  }
  return out;
}

void limit_range(Patient& patient, Candidate& out, const std::string& message) {
  // "pods \"x\" is forbidden: [maximum cpu usage …, maximum memory usage …]"
  std::size_t at = message.find("is forbidden: ");
  std::string said = at == std::string::npos ? message : message.substr(at + 14);
  set(out, "detail", shown(readable(said), 300));
  for (Node range : patient.cluster.list("limitranges", patient.namespace_).items) {
    prove(out, range, "spec.limits");
    out.chain.push_back("LimitRange/" + std::string(name_of(range)));
  }
  for (const kube::Container& container : template_of(patient).containers) {
    Node resources = container.node["resources"];
    std::string path = std::string(container.role == kube::ContainerRole::app ? "containers/" : "initContainers/") +
                       std::to_string(container.index) + "/resources";
    auto maximum = match(said, "maximum {resource:w} usage per {type:w} is {value:w}, but {field:w} is {given:w}");
    if (!maximum) {
      maximum = match(said, "minimum {resource:w} usage per {type:w} is {value:w}, but {field:w} is {given:w}");
    }
    if (maximum && lower((*maximum)["type"]) == "container") {
      std::string field = (*maximum)["field"] + "s";
      std::string given = (*maximum)["given"];
      while (!given.empty() && (given.back() == '.' || given.back() == ',' || given.back() == ']')) {
        given.pop_back();
      }
      if (resources[field][(*maximum)["resource"]].text() == given) {
        out.container = container.name;
        out.fixes.push_back(patch_owner(patient, {{"replace", path + "/" + field + "/" + (*maximum)["resource"],
                                                   json_string((*maximum)["value"])}}));
      }
    }
  }
}

void named_object(Patient& patient, Candidate& out) {
  static const std::map<std::string, std::pair<const char*, const char*>> fields = {
      {"serviceaccount-missing", {"serviceaccounts", "serviceAccountName"}},
      {"priorityclass-missing", {"priorityclasses", "priorityClassName"}},
      {"runtimeclass-missing", {"runtimeclasses", "runtimeClassName"}}};
  auto place = fields.find(out.cause);
  if (place == fields.end()) {
    return;
  }
  std::string name = value_of(out, "name");
  auto [resource, field] = place->second;
  set(out, "hint", hint_for(patient, resource, name));
  std::string near = near_name(patient, resource, name);
  Node spec = template_of(patient).spec;
  prove(out, patient.owner,
        std::string(patient.owner["kind"].string() == "CronJob" ? "spec.jobTemplate.spec.template.spec."
                                                                : "spec.template.spec.") +
            field);
  out.path = std::string("spec.template.spec.") + field;
  if (!near.empty() && near != "default" && spec[field].string() == name) {
    out.fixes.push_back(patch_owner(patient, {{"replace", field, json_string(near)}}));
  } else if (out.cause == "serviceaccount-missing") {
    out.fixes.push_back(create_object(patient, "ServiceAccount", "serviceaccount " + shell_word(name), name));
  }
  std::string names = join(names_in(patient, resource,
                                    patient.cluster.get("namespaces", "", "")
                                        ? ""
                                        : (std::string_view(resource) == "serviceaccounts" ? patient.namespace_ : "")),
                           ", ");
  if (!names.empty()) {
    out.evidence.push_back(computed_evidence(patient.catalogue.say("live.creation.existing", {{"names", names}})));
  }
}

bool wants_pods(Patient& patient) {
  Node owner = patient.owner;
  std::string_view kind = owner["kind"].string();
  if (kind == "Job") {
    return !owner["spec"]["suspend"].boolean().value_or(false) && !condition_is(owner, "Complete", "True");
  }
  if (kind == "CronJob") {
    return !owner["spec"]["suspend"].boolean().value_or(false);
  }
  if (kind == "DaemonSet") {
    return owner["status"]["desiredNumberScheduled"].integer().value_or(1) > 0;
  }
  return owner["spec"]["replicas"].integer().value_or(1) > 0;
}

void explain(Patient& patient, const Refused& refused, std::vector<Candidate>& out) {
  auto known = recognise(patient, wordings, refused.message, Stage::creation, Confidence::confirmed);
  Candidate one = known ? std::move(*known)
                        : candidate_for(patient, "pod-creation-refused", Stage::creation, Confidence::likely, 40);
  if (!known) {
    set(one, "detail", shown(refused.message, 300));
    one.variant = refused.message.empty() ? "no-message" : "";
  }
  leave_blank(one, {"quota", "requested", "used", "limited", "fields", "policy", "webhook", "binding", "name", "hint",
                    "user", "verb", "resource", "type", "numbers", "service", "configuration"});
  for (const char* name : {"quota", "name"}) {  // "team-quota," and "team-quota:" are the quota and a mark
    std::string text = value_of(one, name);
    while (!text.empty() && (text.back() == ',' || text.back() == ':' || text.back() == '.')) {
      text.pop_back();
    }
    set(one, name, text);
  }
  one.evidence.push_back(refused.proof);
  one.chain.push_back(refused.speaker);
  if (one.cause == "quota-exceeded" && one.variant.empty()) {
    quota(patient, one);
  } else if (one.cause == "podsecurity-violation") {
    pod_security(patient, one);
  } else if (one.cause == "admission-webhook-unreachable") {
    webhook(patient, one);
  } else if (one.cause == "limitrange-violation") {
    limit_range(patient, one, refused.message);
  } else if (one.cause == "namespace-terminating") {
    Node space = patient.cluster.get("namespaces", "", patient.namespace_);
    prove(one, space, "metadata.deletionTimestamp");
    prove(one, space, "status.conditions");
  } else if (one.cause == "quota-requires-limits") {
    for (const kube::Container& container : template_of(patient).containers) {
      one.evidence.push_back(field_evidence(
          patient.owner, "spec.template.spec.containers",
          std::string(container.name) + (container.node.has("resources") ? ": resources" : ": no resources")));
    }
    prove(one, patient.cluster.get("resourcequotas", patient.namespace_, value_of(one, "quota")), "spec.hard");
  } else {
    named_object(patient, one);
  }
  out.push_back(std::move(one));
}

// Text can tell of a pod that a person made and the API server refused: it has that message and nothing else.
bool is_refused_pod(Patient& patient) {
  return patient.pod && !patient.owner && !is_placed(patient.pod) && !patient.pod["metadata"].has("uid") &&
         patient.pod["spec"]["containers"].size() == 0;
}

}  // namespace

void diagnose_creation(Patient& patient, std::vector<Candidate>& out) {
  static constexpr std::string_view kinds[] = {"Deployment", "ReplicaSet", "StatefulSet",          "DaemonSet",
                                               "Job",        "CronJob",    "ReplicationController"};
  if (is_refused_pod(patient)) {
    Patient made{patient.cluster, patient.catalogue, Node(), patient.pod, patient.namespace_, patient.depth};
    if (auto answer = refusal(made)) {
      explain(made, *answer, out);
    }
    return;
  }
  std::string_view kind = patient.owner["kind"].string();
  if (patient.pod || std::find(std::begin(kinds), std::end(kinds), kind) == std::end(kinds) || !wants_pods(patient)) {
    return;
  }
  auto refused = refusal(patient);
  if (!refused) {
    return;
  }
  // Enough pods in the end: the refusals were of another time.
  std::int64_t wanted = patient.owner["spec"]["replicas"].integer().value_or(
      patient.owner["status"]["desiredNumberScheduled"].integer().value_or(1));
  if (static_cast<std::int64_t>(pods_of(patient.cluster, patient.owner).size()) >= wanted) {
    return;
  }
  explain(patient, *refused, out);
}

}  // namespace podcheck::live
