#include "cluster/paste/loose_message.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace podcheck::cluster::paste {

namespace {

struct Phrase {
  std::string_view begins;
  const char* reason;
  const char* component;
  const char* kind = "";    // of the object, where it is no pod
  const char* before = "";  // what the event's message has in front of these words
};

// From what says most to what says least; the first that a line has counts.
constexpr auto phrases = std::to_array<Phrase>({
    {"Error creating: ", "FailedCreate", "replicaset-controller"},
    {"create Pod ", "FailedCreate", "statefulset-controller", "StatefulSet"},
    {"no nodes available to schedule pods", "FailedScheduling", "default-scheduler"},
    {"No nodes are available that match all", "FailedScheduling", "default-scheduler"},
    {"Failed to pull image", "Failed", "kubelet"},
    {"Error: ErrImage", "Failed", "kubelet"},
    {"Error: ImagePull", "Failed", "kubelet"},
    {"Error: InvalidImageName", "Failed", "kubelet"},
    {"Error: secret", "Failed", "kubelet"},
    {"Error: configmap", "Failed", "kubelet"},
    {"Error:secret", "Failed", "kubelet"},
    {"Error:configmap", "Failed", "kubelet"},
    {"couldn't find key ", "Failed", "kubelet", "", "Error: "},
    {"container has runAsNonRoot", "Failed", "kubelet", "", "Error: "},
    {"container's runAsUser breaks non-root policy", "Failed", "kubelet", "", "Error: "},
    {"failed to create containerd task", "Failed", "kubelet", "", "Error: "},
    {"failed to start container", "Failed", "kubelet", "", "Error: "},
    {"OCI runtime create failed", "Failed", "kubelet", "", "Error: "},
    {"MountVolume.", "FailedMount", "kubelet"},
    {"MapVolume.", "FailedMapVolume", "kubelet"},
    {"AttachVolume.Attach failed", "FailedAttachVolume", "attachdetach-controller"},
    {"Multi-Attach error for volume", "FailedAttachVolume", "attachdetach-controller"},
    {"hostPath type check failed", "FailedMount", "kubelet"},
    {"Unable to mount volume \"", "FailedMount", "kubelet"},
    {"Unable to attach or mount volumes", "FailedMount", "kubelet"},
    {"Unable to mount volumes for pod", "FailedMount", "kubelet"},
    {"kubernetes.io/csi: ", "FailedMount", "kubelet"},
    {"Failed to create pod sandbox", "FailedCreatePodSandBox", "kubelet"},
    {"Failed create pod sandbox", "FailedCreatePodSandBox", "kubelet"},
    {"failed to setup network for sandbox", "FailedCreatePodSandBox", "kubelet"},
    {"failed to set up sandbox container", "FailedCreatePodSandBox", "kubelet"},
    {"Liveness probe failed", "Unhealthy", "kubelet"},
    {"Readiness probe failed", "Unhealthy", "kubelet"},
    {"Startup probe failed", "Unhealthy", "kubelet"},
    {"The node was low on resource", "Evicted", "kubelet"},
    {"Usage of EmptyDir volume", "Evicted", "kubelet"},
    {"Pod ephemeral local storage usage exceeds", "Evicted", "kubelet"},
    {"no persistent volumes available for this claim", "FailedBinding", "persistentvolume-controller",
     "PersistentVolumeClaim"},
    {"waiting for a volume to be created", "ExternalProvisioning", "persistentvolume-controller",
     "PersistentVolumeClaim"},
    {"storageclass.storage.k8s.io \"", "ProvisioningFailed", "persistentvolume-controller", "PersistentVolumeClaim"},
    {"pod has unbound immediate PersistentVolumeClaims", "FailedScheduling", "default-scheduler"},
    {"pod has unbound PersistentVolumeClaims", "FailedScheduling", "default-scheduler"},
    {"PersistentVolumeClaim is not bound: ", "FailedScheduling", "default-scheduler"},
    {"Back-off pulling image", "BackOff", "kubelet"},
    {"Back-off restarting failed", "BackOff", "kubelet"},
    {"back-off ", "BackOff", "kubelet"},
});

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '/';
}

std::size_t find_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (at == 0 || !is_word_character(text[at - 1]) || !is_word_character(word.front())) {
      return at;
    }
  }
  return std::string_view::npos;
}

// Where "0/3 nodes are available" begins.
std::size_t find_fit_error(std::string_view text) {
  std::size_t at = text.find(" nodes are available");
  std::size_t begin = at;
  while (begin != std::string_view::npos && begin > 0 &&
         (std::isdigit(static_cast<unsigned char>(text[begin - 1])) != 0 || text[begin - 1] == '/')) {
    --begin;
  }
  bool counted = at != std::string_view::npos && text.substr(begin, at - begin).find('/') != std::string_view::npos;
  return counted ? begin : std::string_view::npos;
}

std::string_view ended(std::string_view line, std::size_t at) {
  std::string_view message = line.substr(at);
  // What began in backticks ends with them; a sentence may go on behind.
  if (line.substr(0, at).find('`') != std::string_view::npos) {
    message = message.substr(0, message.find('`'));
  }
  while (!message.empty() && std::string_view("`*_ \\").find(message.back()) != std::string_view::npos) {
    message.remove_suffix(1);
  }
  bool odd = std::count(message.begin(), message.end(), '"') % 2 != 0;
  if (odd && message.ends_with('"')) {
    message.remove_suffix(1);
  }
  return message;
}

// Whether a line can have any of the phrases at all: pasted logs have millions of lines that have none.
bool may_tell(std::string_view text) {
  constexpr std::string_view needed[] = {"rror",
                                         "ail",
                                         "odes are",
                                         "odes available",
                                         "ack-off ",
                                         "olume",
                                         "forbidden",
                                         "denied",
                                         "resource",
                                         "torageclass",
                                         "runAs",
                                         "not present",
                                         "couldn't find key",
                                         "create Pod ",
                                         "hostPath"};
  return std::any_of(std::begin(needed), std::end(needed),
                     [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Quotes that are escaped once or more stand in logs.
std::string unescaped(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) {
    return std::string(text);
  }
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = text.find_first_not_of('\\', i);
    if (text[i] == '\\' && end != std::string_view::npos && text[end] == '"') {
      i = end;
    }
    out += text[i];
  }
  return out;
}

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  std::size_t at = text.find(before);
  if (at == std::string_view::npos) {
    return {};
  }
  text.remove_prefix(at + before.size());
  std::size_t end = text.find(after);
  return end == std::string_view::npos ? std::string() : std::string(text.substr(0, end));
}

// 'pod="shop/web-1"', '("web-1_shop(uid)")'
void name_pod(std::string_view text, EventText& event) {
  std::string named = between(text, " pod=\"", "\"");
  char separator = '/';
  if (named.empty()) {
    std::string_view rest = text;
    for (std::size_t at = rest.find("(\""); at != std::string_view::npos && named.empty(); at = rest.find("(\"")) {
      rest.remove_prefix(at + 2);
      std::string_view word = rest.substr(0, rest.find_first_of("(\""));
      if (word.find('_') != std::string_view::npos && rest.substr(word.size()).starts_with('(')) {
        named = word;
        separator = '_';
      }
    }
  }
  std::size_t cut = named.rfind(separator);
  if (named.empty() || cut == std::string::npos) {
    return;
  }
  event.kind = "Pod";
  std::string_view left = std::string_view(named).substr(0, cut);
  std::string_view right = std::string_view(named).substr(cut + 1);
  event.name = separator == '/' ? right : left;
  event.namespace_ = separator == '/' ? left : right;
}

// "Event(v1.ObjectReference{Kind:"Pod", Namespace:"shop", Name:"web-1", …}): type: 'Warning' reason: 'X' message"
std::optional<EventText> recorded_event(std::string_view text) {
  std::size_t at = text.find("ObjectReference{Kind:\"");
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(at);
  EventText event;
  event.kind = between(rest, "Kind:\"", "\"");
  event.namespace_ = between(rest, "Namespace:\"", "\"");
  event.name = between(rest, "Name:\"", "\"");
  event.field_path = between(rest, "FieldPath:\"", "\"");
  event.type = between(rest, "type: '", "'");
  event.reason = between(rest, "reason: '", "'");
  std::size_t message = rest.find("reason: '" + event.reason + "' ");
  if (event.name.empty() || event.reason.empty() || message == std::string_view::npos) {
    return std::nullopt;
  }
  event.message = rest.substr(message + event.reason.size() + 11);
  return event;
}

// '"Event occurred" object="shop/web-1" kind="Pod" … type="Warning" reason="X" message="…"'
std::optional<EventText> structured_event(std::string_view text) {
  std::size_t message = text.find(" message=\"");
  std::string object = between(text, " object=\"", "\"");
  if (text.find("\"Event occurred\"") == std::string_view::npos || message == std::string_view::npos ||
      object.empty()) {
    return std::nullopt;
  }
  EventText event;
  std::size_t slash = object.find('/');
  event.namespace_ = slash == std::string::npos ? "" : object.substr(0, slash);
  event.name = slash == std::string::npos ? object : object.substr(slash + 1);
  event.kind = between(text, " kind=\"", "\"");
  event.type = between(text, " type=\"", "\"");
  event.reason = between(text, " reason=\"", "\"");
  event.message = unescaped(text.substr(message + 10));
  if (event.message.ends_with('"')) {
    event.message.pop_back();
  }
  return event;
}

// 'failed to "StartContainer" for "app" with CrashLoopBackOff: "back-off 5m0s restarting failed container=…"'
std::optional<EventText> sync_error(const std::string& text) {
  constexpr std::string_view start = "failed to \"StartContainer\" for \"";
  std::size_t at = text.find(start);
  if (at == std::string::npos) {
    return std::nullopt;
  }
  std::string_view rest = std::string_view(text).substr(at + start.size());
  std::string container(rest.substr(0, rest.find('"')));
  std::size_t with = rest.find(" with ");
  std::size_t quote = with == std::string_view::npos ? with : rest.find(": \"", with);
  if (quote == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view reason = rest.substr(with + 6, quote - with - 6);
  std::string_view message = rest.substr(quote + 3);
  std::size_t end = std::min(message.find("\" pod="), message.rfind('"'));
  message = message.substr(0, end);
  EventText event;
  event.type = "Warning";
  event.component = "kubelet";
  event.field_path = "spec.containers{" + container + "}";
  event.message = message;
  event.reason = "BackOff";
  if (reason == "ErrImagePull") {
    std::string image = between(message, "image \"", "\"");
    event.reason = "Failed";
    event.message = "Failed to pull image \"" + image + "\": " + event.message;
  } else if (reason != "CrashLoopBackOff" && reason != "ImagePullBackOff") {
    event.reason = "Failed";
    event.message = "Error: " + event.message;
  } else if (event.message.starts_with("back-off")) {
    event.message[0] = 'B';
  }
  return event;
}

// "event for web-1: {kubelet node-1} Failed: Error: ErrImagePull", as tests of Kubernetes print it.
std::optional<EventText> test_event(std::string_view text) {
  std::size_t at = text.find(" event for ");
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  EventText event;
  event.kind = "Pod";
  event.name = between(text, " event for ", ": {");
  std::string source = between(text, ": {", "} ");
  std::vector<std::string_view> parts = words(source);
  std::size_t close = text.find("} ", at);
  std::size_t colon = close == std::string_view::npos ? close : text.find(": ", close);
  if (event.name.empty() || parts.empty() || colon == std::string_view::npos) {
    return std::nullopt;
  }
  event.component = parts[0];
  event.host = parts.size() > 1 ? std::string(parts[1]) : "";
  event.reason = text.substr(close + 2, colon - close - 2);
  event.message = text.substr(colon + 2);
  event.type = event.reason.starts_with("Fail") || event.reason == "Unhealthy" ? "Warning" : "Normal";
  return event;
}

}  // namespace

std::optional<EventText> component_log(std::string_view line) {
  if (line.size() > 16384) {
    return std::nullopt;
  }
  if (auto event = recorded_event(line)) {
    return event;
  }
  if (auto event = structured_event(line)) {
    return event;
  }
  if (auto event = test_event(line)) {
    return event;
  }
  if (line.find("StartContainer") != std::string_view::npos) {
    std::string plain = unescaped(line);
    if (auto event = sync_error(plain)) {
      name_pod(plain, *event);
      return event;
    }
  }
  if (std::string pod = between(line, "Error scheduling ", ": "); !pod.empty()) {
    std::size_t slash = pod.find('/');
    std::size_t at = line.find(pod) + pod.size() + 2;
    EventText event;
    event.type = "Warning";
    event.reason = "FailedScheduling";
    event.component = "default-scheduler";
    event.kind = "Pod";
    event.namespace_ = slash == std::string::npos ? "" : pod.substr(0, slash);
    event.name = slash == std::string::npos ? pod : pod.substr(slash + 1);
    event.message = line.substr(at, line.rfind("; retrying") - at);
    return event;
  }
  return std::nullopt;
}

std::optional<EventText> loose_message(std::string_view line) {
  if (line.size() > 16384 || !may_tell(line)) {
    return std::nullopt;
  }
  std::string plain = unescaped(line);
  for (std::size_t at = plain.find("**"); at != std::string::npos; at = plain.find("**")) {
    plain.erase(at, 2);
  }
  EventText event;
  event.type = "Warning";
  std::string_view text = plain;
  std::size_t at = find_fit_error(text);
  if (at != std::string_view::npos) {
    event.reason = "FailedScheduling";
    event.component = "default-scheduler";
    event.message = ended(text, at);
    return event;
  }
  for (const Phrase& phrase : phrases) {
    at = find_word(text, phrase.begins);
    if (at == std::string_view::npos) {
      continue;
    }
    event.reason = phrase.reason;
    event.component = phrase.component;
    event.kind = phrase.kind;
    event.message = phrase.before + std::string(ended(text, at));
    if (event.message.starts_with("Error:") && !event.message.starts_with("Error: ")) {
      event.message.insert(6, " ");
    }
    if (event.kind == "StatefulSet") {
      event.name = between(event.message, " in StatefulSet ", " failed");
      if (event.name.empty()) {
        continue;
      }
    } else if (event.kind.empty()) {
      name_pod(text, event);
    }
    return event;
  }
  // What admission says to a person who has made the pod.
  at = text.find("pods \"");
  if (at != std::string_view::npos && text.find("\" is forbidden: ", at) != std::string_view::npos &&
      text.find("cannot ", at) == std::string_view::npos) {
    event.reason = "FailedCreate";
    event.component = "replicaset-controller";
    event.message = "Error creating: " + std::string(ended(text, at));
    return event;
  }
  // docker's words of a failed pull, without the kubelet's around them.
  std::string image = between(text, "pull access denied for ", ",");
  if (!image.empty() && image.find(' ') == std::string::npos) {
    event.reason = "Failed";
    event.component = "kubelet";
    event.message = "Failed to pull image \"" + image + "\": " + std::string(ended(text, text.find("pull access")));
    return event;
  }
  std::string absent = between(text, "ontainer image \"", "\" is not present with pull policy of Never");
  if (!absent.empty()) {
    event.reason = "ErrImageNeverPull";
    event.component = "kubelet";
    event.message = "Container image \"" + absent + "\" is not present with pull policy of Never";
    return event;
  }
  return std::nullopt;
}

bool read_waiting_to_start(std::string_view line, Draft& pod) {
  std::string plain = unescaped(line);
  std::string container = between(plain, "ontainer \"", "\" in pod \"");
  std::string name = between(plain, "\" in pod \"", "\" is waiting to start: ");
  if (name.empty() || container.empty() || !is_name(name)) {
    return false;
  }
  std::string_view why = std::string_view(plain).substr(plain.find(" is waiting to start: ") + 22);
  std::string_view reason = why.substr(0, why.find_first_of(" :`"));
  if (why.starts_with("trying and failing to pull image") || why.starts_with("image can't be pulled")) {
    reason = "ImagePullBackOff";
  }
  pod["apiVersion"].set("v1");
  pod["kind"].set("Pod");
  pod["metadata"]["name"].set(name);
  pod["metadata"]["annotations"]["podcheck.dev/partial"].set("table");
  pod["status"]["phase"].set("Pending");
  Draft& scheduled = pod["status"]["conditions"].append();
  scheduled["type"].set("PodScheduled");
  scheduled["status"].set("True");
  Draft& status = pod["status"]["containerStatuses"].append();
  status["name"].set(container);
  status["ready"].set(false);
  status["restartCount"].set(0);
  status["state"]["waiting"]["reason"].set(reason);
  return true;
}

}  // namespace podcheck::cluster::paste
