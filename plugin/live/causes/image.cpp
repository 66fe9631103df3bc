// Images that cannot be had: the texts of containerd, CRI-O and docker, decided with the pull secrets, the images that
// other pods and nodes have, and the node's platform.
#include <algorithm>
#include <set>

#include "kube/effective.hpp"
#include "kube/image.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/facts.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

struct Pull {
  const ContainerFacts& container;
  std::string image;
  std::string registry;    // host that is asked
  std::string repository;  // without tag and digest
  std::string tag;
  std::string text;   // everything that kubelet and runtime say
  std::string quote;  // the one message that is shown
  std::vector<finding::Evidence> evidence;
};

bool is_image_reason(std::string_view reason) {
  for (std::string_view known : {"ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName",
                                 "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed"}) {
    if (reason == known) {
      return true;
    }
  }
  return false;
}

// The innermost part of the runtime's ladder, for the sentence: what follows the last reference in quotes.
std::string innermost(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  std::size_t at = line.rfind("\": ");
  std::string_view part = at == std::string_view::npos ? line : line.substr(at + 3);
  return shown(part.size() < 4 ? line : part, 260);
}

// Pull secrets of the pod (the API server has added those of its ServiceAccount).
std::vector<std::string> pull_secrets(Patient& patient) {
  std::vector<std::string> names;
  for (Node secret : patient.pod["spec"]["imagePullSecrets"].items()) {
    if (!secret["name"].string().empty()) {
      names.emplace_back(secret["name"].string());
    }
  }
  return names;
}

// Tags and repositories that are known to exist: of other pods that run, older revisions, and images on nodes.
struct KnownImages {
  std::set<std::string> tags;  // of the same repository, best first is not known
  std::string previous;        // the image of an older revision of the same container
  std::vector<std::string> repositories;
  bool repository_known = false;
};

KnownImages known_images(Patient& patient, const Pull& pull) {
  KnownImages known;
  std::set<std::string> repositories;
  auto note = [&](std::string_view text) {
    auto image = kube::parse_image(text);
    if (!image || text == pull.image) {
      return;
    }
    std::string repository(image->repository);
    repositories.insert(repository);
    if (repository == pull.repository) {
      known.repository_known = true;
      if (!image->tag.empty()) {
        known.tags.insert(std::string(image->tag));
      }
    }
  };
  for (Node node : patient.cluster.list("nodes").items) {
    for (Node image : node["status"]["images"].items()) {
      for (Node name : image["names"].items()) {
        note(name.string());
      }
    }
  }
  for (Node pod : patient.cluster.list("pods", patient.namespace_).items) {
    for (Node status : pod["status"]["containerStatuses"].items()) {
      if (!status["imageID"].string().empty()) {
        note(status["image"].string());
      }
    }
  }
  std::string owner(name_of(patient.owner));
  std::int64_t newest = -1;
  for (Node set : patient.cluster.list("replicasets", patient.namespace_).items) {
    if (owner.empty() || controller_reference(set)["name"].string() != owner) {
      continue;
    }
    std::int64_t revision = 0;
    std::string number(set["metadata"]["annotations"]["deployment.kubernetes.io/revision"].string());
    for (char c : number) {
      revision = c >= '0' && c <= '9' && revision < 1000000 ? revision * 10 + (c - '0') : revision;
    }
    for (Node container : set["spec"]["template"]["spec"]["containers"].items()) {
      std::string image(container["image"].string());
      if (container["name"].string() == pull.container.name && image != pull.image) {
        if (set["status"]["readyReplicas"].integer().value_or(0) > 0) {
          note(image);
        }
        if (revision > newest) {
          newest = revision;
          known.previous = image;
        }
      }
    }
  }
  known.repositories.assign(repositories.begin(), repositories.end());
  return known;
}

std::vector<std::string> parts_of(std::string_view repository) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= repository.size();) {
    std::size_t end = std::min(repository.find('/', at), repository.size());
    parts.emplace_back(repository.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// A repository that differs in one part of its path, and in that part by a slip only: two applications of one
// organisation have much in common, and are no slips of one another.
std::string near_repository(const std::string& wanted, const std::vector<std::string>& known) {
  std::vector<std::string> parts = parts_of(wanted);
  for (const std::string& other : known) {
    std::vector<std::string> theirs = parts_of(other);
    if (theirs.size() != parts.size()) {
      continue;
    }
    std::size_t differing = 0;
    std::size_t place = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] != theirs[i]) {
        ++differing;
        place = i;
      }
    }
    if (differing == 1 && !catalogue::nearest(parts[place], {theirs[place]}).empty()) {
      return other;
    }
  }
  return {};
}

Candidate candidate_of(const Pull& pull, const char* cause, int specificity, Confidence confidence) {
  Candidate out;
  out.cause = cause;
  out.stage = Stage::image;
  out.confidence = confidence;
  out.specificity = specificity;
  out.container = pull.container.name;
  out.path = pull.container.spec_path + ".image";
  out.values = {{"container", std::string(pull.container.name)},
                {"image", pull.image},
                {"registry", pull.registry},
                {"repository", pull.repository},
                {"tag", pull.tag},
                {"message", innermost(pull.quote)}};
  out.evidence = pull.evidence;
  return out;
}

void set_image(Patient& patient, Candidate& candidate, const std::string& image) {
  candidate.fixes.push_back(patch_owner(patient, {{"replace", pointer_of(candidate.path), json_string(image)}}));
}

void not_found(Patient& patient, const Pull& pull, std::vector<Candidate>& out) {
  KnownImages known = known_images(patient, pull);
  std::string near = known.repository_known ? "" : near_repository(pull.repository, known.repositories);
  bool says_repository = contains_any(lower(pull.text), {"name unknown", "repository name not known"});
  if ((!near.empty() || says_repository) && !known.repository_known) {
    Candidate candidate = candidate_of(pull, "image-not-found", 90, Confidence::likely);
    candidate.values.emplace_back("hint",
                                  near.empty() ? "" : " " + patient.catalogue.say("live.hint.image", {{"name", near}}));
    if (!near.empty()) {
      candidate.variant = "near";
      candidate.values.emplace_back("near", near + (pull.tag.empty() ? "" : ":" + pull.tag));
      set_image(patient, candidate, near + (pull.tag.empty() ? "" : ":" + pull.tag));
    }
    out.push_back(std::move(candidate));
    return;
  }
  Candidate candidate = candidate_of(pull, "image-tag-not-found", 85,
                                     known.repository_known ? Confidence::confirmed : Confidence::likely);
  std::string better = known.previous.empty() ? "" : known.previous;
  if (better.empty()) {
    std::string tag = catalogue::nearest(pull.tag, {known.tags.begin(), known.tags.end()});
    if (!tag.empty()) {
      better = pull.repository + ":" + tag;
    }
  }
  bool digest = contains(pull.image, "@sha256:");
  candidate.variant = digest ? "digest" : "";
  candidate.values.emplace_back(
      "hint", better.empty() ? "" : " " + patient.catalogue.say("live.hint.image", {{"name", better}}));
  if (!better.empty()) {
    set_image(patient, candidate, better);
  }
  out.push_back(std::move(candidate));
}

void refused_login(Patient& patient, const Pull& pull, std::vector<Candidate>& out) {
  std::string text = lower(pull.text);
  bool none_sent = contains_any(text, {"no basic auth credentials", "missing username or secret"});
  std::vector<std::string> names = pull_secrets(patient);
  auto image = kube::parse_image(pull.image);
  Candidate candidate = candidate_of(pull, "image-pull-no-credentials", 80, Confidence::confirmed);
  std::vector<std::string> listed;
  for (const std::string& name : names) {
    candidate.evidence.push_back(pod_field(patient, "spec.imagePullSecrets"));
    Presence there = presence(patient, "secrets", name);
    const EventFacts* event = nullptr;
    auto events = events_of(patient.cluster, patient.pod);
    event = newest(events, "FailedToRetrieveImagePullSecret", name);
    if (there == Presence::absent || (there == Presence::unknown && event != nullptr)) {
      candidate.cause = "image-pull-secret-missing";
      candidate.specificity = 95;
      candidate.path = "spec.imagePullSecrets";
      candidate.values.emplace_back("secret", name);
      candidate.values.emplace_back("hint", hint_for(patient, "secrets", name));
      if (event != nullptr) {
        candidate.evidence.insert(candidate.evidence.begin(), event_evidence(*event));
      }
      out.push_back(std::move(candidate));
      return;
    }
  }
  for (const std::string& name : names) {
    std::string_view type = patient.cluster.get("secrets", patient.namespace_, name)["type"].string();
    if (!type.empty() && !type.starts_with("kubernetes.io/dockerc") && names.size() == 1) {
      candidate.cause = "image-pull-secret-other-registry";
      candidate.variant = "type";
      candidate.specificity = 95;
      candidate.values.emplace_back("secret", name);
      candidate.values.emplace_back("type", std::string(type));
      candidate.evidence.push_back(computed_evidence("secret/" + name + ": type " + std::string(type)));
      out.push_back(std::move(candidate));
      return;
    }
  }
  bool covered = false;
  bool known = true;
  std::string hosts;
  for (const std::string& name : names) {
    auto held = patient.cluster.pull_secret_hosts(patient.namespace_, name);
    if (!held) {
      known = false;
      continue;
    }
    for (const std::string& host : *held) {
      covered = covered || (image && kube::credentials_match(host, *image));
      hosts += (hosts.empty() ? "" : ", ") + host;
    }
  }
  candidate.values.emplace_back("secret", join(names, ", "));
  candidate.values.emplace_back("hosts", hosts);
  candidate.values.emplace_back("namespace", patient.namespace_);
  if (names.empty()) {
    bool ambiguous = !none_sent && contains_any(text, {"repository does not exist", "insufficient_scope",
                                                       "requested access to the resource is denied"});
    candidate.variant = ambiguous ? "ambiguous" : "";
    candidate.confidence = ambiguous ? Confidence::likely : Confidence::confirmed;
    if (ambiguous) {
      KnownImages others = known_images(patient, pull);
      std::string near = near_repository(pull.repository, others.repositories);
      if (!near.empty() && !others.repository_known) {
        not_found(patient, pull, out);
        return;
      }
    }
    candidate.fixes.push_back(command_fix(
        "",
        kubectl(patient, "create secret docker-registry pull-secret --docker-server=" + shell_word(pull.registry) +
                             " --docker-username=USER --docker-password=PASSWORD"),
        patient.catalogue.say("live.changes", {{"object", "Secret/pull-secret"}}), finding::Safety::unsafe));
  } else if (covered) {
    candidate.cause = "image-pull-wrong-credentials";
  } else if (known || none_sent) {
    candidate.cause = "image-pull-secret-other-registry";
    candidate.variant = hosts.empty() ? "unread" : "";
    candidate.specificity = 95;
    candidate.confidence = known ? Confidence::confirmed : Confidence::likely;
    if (!hosts.empty()) {
      candidate.evidence.push_back(computed_evidence("secret/" + join(names, ", ") + ": " + hosts));
    }
  } else {
    candidate.cause = "image-pull-wrong-credentials";
    candidate.confidence = Confidence::likely;
  }
  if (contains(text, "token has expired")) {
    candidate.variant = candidate.cause == "image-pull-wrong-credentials" ? "expired" : candidate.variant;
  }
  out.push_back(std::move(candidate));
}

void wrong_platform(Patient& patient, const Pull& pull, std::vector<Candidate>& out) {
  Candidate candidate = candidate_of(pull, "image-platform-mismatch", 90, Confidence::confirmed);
  std::string node(patient.pod["spec"]["nodeName"].string());
  Node info = patient.cluster.get("nodes", "", node)["status"]["nodeInfo"];
  std::string os(info["operatingSystem"].string());
  std::string platform(info["architecture"].string());
  if (!platform.empty()) {
    platform = (os.empty() ? "linux" : os) + "/" + platform;
    candidate.evidence.push_back(
        field_evidence(patient.cluster.get("nodes", "", node), "status.nodeInfo.architecture", platform));
  } else if (auto told = match(pull.text, "no matching manifest for {platform:w} in the manifest")) {
    platform = (*told)["platform"];
  } else if (auto arch = match(pull.text, "for architecture \"{arch:q}\"")) {
    platform = "linux/" + (*arch)["arch"];
  }
  candidate.variant = platform.empty() ? "unknown" : "";
  candidate.values.emplace_back("platform", platform);
  candidate.values.emplace_back("node", node);
  out.push_back(std::move(candidate));
}

void invalid_name(Patient& patient, Pull& pull, std::vector<Candidate>& out) {
  Candidate candidate = candidate_of(pull, "invalid-image-name", 100, Confidence::confirmed);
  using Kind = kube::ImageError::Kind;
  kube::ImageError error;
  kube::parse_image(pull.image, &error);
  std::string better;
  switch (error.kind) {
    case Kind::uppercase: {
      candidate.variant = "uppercase";
      std::size_t colon = pull.image.rfind(':');
      std::size_t end =
          colon != std::string::npos && pull.image.find('/', colon) == std::string::npos ? colon : pull.image.size();
      better = lower(pull.image.substr(0, end)) + pull.image.substr(end);
      break;
    }
    case Kind::scheme:
      candidate.variant = "scheme";
      better = pull.image.substr(pull.image.find("://") + 3);
      break;
    case Kind::variable:
      candidate.variant = "variable";
      break;
    case Kind::blank:
      candidate.variant = "blank";
      better = replace_all(pull.image, " ", "");
      break;
    case Kind::empty_tag:
      candidate.variant = "tag";
      break;
    default:
      break;
  }
  candidate.values.emplace_back("better", better);
  if (!better.empty() && kube::parse_image(better)) {
    set_image(patient, candidate, better);
  }
  out.push_back(std::move(candidate));
}

struct Rule {
  const char* cause;
  std::initializer_list<std::string_view> texts;
};

// Texts that decide by themselves, most specific first.
const Rule rules[] = {
    {"image-signature-rejected", {"signature validation failed", "signaturevalidationfailed", "source image rejected"}},
    {"registry-blocked", {"is blocked in "}},
    {"image-short-name", {"short-name \"", "short name mode is enforcing", "did not resolve to an alias"}},
    {"image-schema-unsupported",
     {"manifest.v1+prettyjws", "unsupported manifest media type", "docker image format v1"}},
    {"image-disk-full", {"no space left on device"}},
    {"image-pull-throttled", {"pull qps exceeded"}},
    {"registry-rate-limited", {"toomanyrequests", "429 too many requests", "too many requests to registry"}},
    {"registry-proxy", {"proxyconnect", "proxy authentication required"}},
    {"registry-plain-http", {"server gave http response to https client"}},
    {"registry-untrusted-certificate", {"x509:", "certificate signed by unknown authority", "tls: failed to verify"}},
    {"registry-dns-failure",
     {"no such host", ": read udp ", ": dial udp ", "server misbehaving", "temporary failure in name resolution",
      "name or service not known"}},
    {"registry-connection-refused", {"connection refused"}},
    {"registry-server-error",
     {"500 internal server error", "502 bad gateway", "503 service unavailable", "504 gateway",
      "unexpected http status: 5"}},
    {"image-corrupt",
     {"unexpected commit digest", "wrong diff id", "failed size validation", "digest did not match",
      "filesystem layer verification failed"}},
};

const std::initializer_list<std::string_view> timeouts = {
    "i/o timeout", "tls handshake timeout", "context deadline exceeded", "request canceled",
    "no progress", "no route to host",      "network is unreachable"};
const std::initializer_list<std::string_view> logins = {"no basic auth credentials",
                                                        "unauthorized",
                                                        "401",
                                                        "403 forbidden",
                                                        "authorization failed",
                                                        "pull access denied",
                                                        "authentication required",
                                                        "access to the resource is denied",
                                                        "denied:",
                                                        "token has expired",
                                                        "missing username or secret"};
const std::initializer_list<std::string_view> absences = {"not found", "manifest unknown", "404", "name unknown",
                                                          "does not exist"};
const std::initializer_list<std::string_view> platforms = {"no match for platform", "no matching manifest for",
                                                           "no image found in"};

void classify(Patient& patient, Pull& pull, std::string_view reason, std::vector<Candidate>& out) {
  std::string text = lower(pull.text);
  // Numbers of HTTP statuses stand in tags and digests too: the reference itself is no evidence.
  if (!pull.image.empty()) {
    text = replace_all(text, lower(pull.image), "");
  }
  if (reason == "InvalidImageName" || contains_any(text, {"invalid reference format", "couldn't parse image"})) {
    invalid_name(patient, pull, out);
    return;
  }
  if (reason == "ErrImageNeverPull" || contains(text, "pull policy of never")) {
    Candidate candidate = candidate_of(pull, "image-never-pull", 100, Confidence::confirmed);
    std::string node(patient.pod["spec"]["nodeName"].string());
    candidate.values.emplace_back("node", node);
    bool there = false;
    for (Node image : patient.cluster.get("nodes", "", node)["status"]["images"].items()) {
      for (Node name : image["names"].items()) {
        there = there || name.string() == pull.image;
      }
    }
    candidate.variant = there ? "not-entitled" : "";
    candidate.evidence.push_back(pod_field(patient, pull.container.spec_path + ".imagePullPolicy"));
    candidate.fixes.push_back(patch_owner(
        patient, {{"replace", pointer_of(pull.container.spec_path + ".imagePullPolicy"), "\"IfNotPresent\""}}));
    out.push_back(std::move(candidate));
    return;
  }
  if (contains_any(text, platforms)) {
    wrong_platform(patient, pull, out);
    return;
  }
  for (const Rule& rule : rules) {
    if (contains_any(text, rule.texts)) {
      Candidate candidate = candidate_of(pull, rule.cause, 90, Confidence::confirmed);
      candidate.values.emplace_back("node", std::string(patient.pod["spec"]["nodeName"].string()));
      out.push_back(std::move(candidate));
      return;
    }
  }
  if (contains_any(text, logins)) {
    refused_login(patient, pull, out);
    return;
  }
  if (contains_any(text, absences)) {
    not_found(patient, pull, out);
    return;
  }
  if (contains_any(text, timeouts)) {
    out.push_back(candidate_of(pull, "registry-timeout", 80, Confidence::confirmed));
    return;
  }
  if (contains_any(text, {"registryunavailable", "registry is unavailable"})) {
    out.push_back(candidate_of(pull, "registry-server-error", 80, Confidence::confirmed));
    return;
  }
  out.push_back(candidate_of(pull, "image-pull-failed", 20, Confidence::likely));
}

// An image that takes long, while nothing has failed.
void slow_pull(Patient& patient, const std::vector<EventFacts>& events, std::vector<Candidate>& out) {
  constexpr std::chrono::seconds patience{180};
  const EventFacts* pulling = newest(events, "Pulling");
  if (pulling == nullptr || !pulling->time || newest(events, "Failed") != nullptr) {
    return;
  }
  // What runs or crashes has its image, whether or not anybody has kept the event of that.
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    bool has_image = container.running || container.latest() != nullptr || container.restarts > 0;
    if (has_image && (pulling->container.empty() || pulling->container == container.name)) {
      return;
    }
  }
  const EventFacts* pulled = newest(events, "Pulled");
  if ((pulled != nullptr && pulled->time >= pulling->time) || patient.cluster.now() - *pulling->time < patience) {
    return;
  }
  Candidate candidate;
  candidate.cause = "image-pull-slow";
  candidate.stage = Stage::image;
  candidate.confidence = Confidence::likely;
  candidate.container = pulling->container;
  auto image = match(pulling->message, "image \"{image:q}\"");
  candidate.values = {{"container", pulling->container},
                      {"image", image ? (*image)["image"] : ""},
                      {"minutes", std::to_string((patient.cluster.now() - *pulling->time).count() / 60)}};
  candidate.evidence.push_back(event_evidence(*pulling));
  out.push_back(std::move(candidate));
}

}  // namespace

void diagnose_image(Patient& patient, std::vector<Candidate>& out) {
  if (!patient.pod) {
    return;
  }
  auto events = events_of(patient.cluster, patient.pod);
  auto containers = containers_of(patient.pod);
  std::size_t before = out.size();
  for (const ContainerFacts& container : containers) {
    if (!is_image_reason(container.waiting_reason)) {
      continue;
    }
    Pull pull{container, std::string(container.spec.node["image"].string(container.status["image"].string())),
              "",        "",
              "",        "",
              "",        {}};
    if (auto image = kube::parse_image(pull.image)) {
      pull.registry = image->registry();
      pull.repository = image->repository;
      pull.tag = image->tag;
    }
    pull.text = container.waiting_message;
    const EventFacts* event = newest(events, "Failed", "ailed to pull image", container.name);
    if (event == nullptr) {
      event = newest(events, "Failed", "ailed to pull image \"" + pull.image);
    }
    for (const char* reason : {"InspectFailed", "ErrImageNeverPull"}) {
      if (event == nullptr) {
        event = newest(events, reason, "", container.name);
      }
    }
    if (event != nullptr) {
      pull.text += "\n" + event->message;
      pull.evidence.push_back(event_evidence(*event));
    }
    bool told =
        event == nullptr || contains(container.waiting_message, "rror") || contains(container.waiting_message, "fail");
    pull.quote = event != nullptr ? event->message : container.waiting_message;
    pull.quote = pull.quote.empty() ? std::string(container.waiting_reason) : pull.quote;
    if (told && !container.waiting_message.empty()) {
      pull.evidence.push_back(field_evidence(
          patient.pod, container.status_path.substr(container.status_path.starts_with(".") ? 1 : 0) + ".state.waiting",
          std::string(container.waiting_reason) + ": " + container.waiting_message));
    }
    pull.evidence.push_back(pod_field(patient, container.spec_path + ".image"));
    classify(patient, pull, container.waiting_reason, out);
  }
  if (out.size() == before) {
    slow_pull(patient, events, out);
  }
}

}  // namespace podcheck::live
