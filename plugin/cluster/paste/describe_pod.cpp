#include "cluster/paste/describe_pod.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "cluster/paste/describe_container.hpp"
#include "cluster/paste/describe_fields.hpp"
#include "cluster/paste/describe_volume.hpp"

namespace podcheck::cluster::paste {

namespace {

enum class Section : std::uint8_t {
  top,
  labels,
  annotations,
  init,
  containers,
  ephemeral,
  conditions,
  volumes,
  selectors,
  tolerations,
  spread,
  ips,
  other
};

struct TopKey {
  std::string_view key;
  Section section;
};

// k8s.io/kubectl/pkg/describe/describe.go describePod, with the keys that older versions printed.
constexpr auto top_keys = std::to_array<TopKey>({
    {"Name", Section::top},
    {"Namespace", Section::top},
    {"Priority", Section::top},
    {"Priority Class Name", Section::top},
    {"PriorityClassName", Section::top},
    {"Runtime Class Name", Section::top},
    {"Service Account", Section::top},
    {"Node", Section::top},
    {"Start Time", Section::top},
    {"Labels", Section::labels},
    {"Annotations", Section::annotations},
    {"Status", Section::top},
    {"Reason", Section::top},
    {"Message", Section::top},
    {"Termination Grace Period", Section::top},
    {"SeccompProfile", Section::top},
    {"IP", Section::top},
    {"IPs", Section::ips},
    {"Controllers", Section::top},
    {"Controlled By", Section::top},
    {"Created By", Section::top},
    {"NominatedNodeName", Section::top},
    {"Resources", Section::other},
    {"Init Containers", Section::init},
    {"Containers", Section::containers},
    {"Ephemeral Containers", Section::ephemeral},
    {"Readiness Gates", Section::other},
    {"Conditions", Section::conditions},
    {"Volumes", Section::volumes},
    {"QoS Class", Section::top},
    {"QoS Tier", Section::other},
    {"Node-Selectors", Section::selectors},
    {"Node-Selector", Section::selectors},
    {"Tolerations", Section::tolerations},
    {"Topology Spread Constraints", Section::spread},
    {"Security Policy", Section::top},
    {"Image(s)", Section::top},
});

class PodReader {
 public:
  PodReader(Draft& metadata, Draft& spec, Draft* status, bool flat)
      : metadata_(metadata), spec_(spec), status_(status), flat_(flat), containers_(spec, status, flat) {}

  void feed(const Line& line, std::size_t base) {
    std::optional<KeyValue> pair = key_value(line.text);
    if (pair && (line.indent <= base || flat_)) {
      for (const TopKey& top : top_keys) {
        if (top.key == pair->key && may_be_top(pair->key)) {
          enter(top.section, line, *pair);
          return;
        }
      }
    }
    if (begins_container(line, pair)) {
      section_ = Section::containers;
      containers_.begin_without_head();
    }
    switch (section_) {
      case Section::labels:
        label(line.text);
        break;
      case Section::annotations:
        annotation(line.text);
        break;
      case Section::init:
      case Section::containers:
      case Section::ephemeral:
        containers_.feed(line, pair);
        break;
      case Section::conditions:
        condition(line.text);
        break;
      case Section::volumes:
        volumes_.feed(line, spec_["volumes"]);
        break;
      case Section::selectors:
        selector(line.text);
        break;
      case Section::tolerations:
        toleration(line.text);
        break;
      case Section::spread:
        spread(line.text);
        break;
      case Section::top:
        if (!last_key_.empty() && last_key_ == "Message" && status_ != nullptr) {
          append_line((*status_)["message"], line.text);
        }
        break;
      default:
        break;
    }
  }

 private:
  // A text that has lost its indentation has these keys both at the top and inside of containers and volumes.
  bool may_be_top(std::string_view key) const {
    bool inside = section_ == Section::init || section_ == Section::containers || section_ == Section::volumes ||
                  section_ == Section::ephemeral;
    if (!flat_ || !inside) {
      return true;
    }
    return !(key == "Name" || key == "Reason" || key == "Message" || key == "SeccompProfile" || key == "Resources" ||
             key == "Path");
  }

  // In a text whose "Containers:" was cut off, a container begins with its name or with one of its keys.
  bool begins_container(const Line& line, const std::optional<KeyValue>& pair) const {
    bool open = section_ == Section::init || section_ == Section::containers || section_ == Section::ephemeral ||
                section_ == Section::volumes;
    if (open || spec_.has("containers") || !pair) {
      return false;
    }
    bool key = is_container_key(pair->key) && pair->key != "Resources" && pair->key != "SeccompProfile";
    return key || (section_ == Section::top && last_key_.empty() && is_container_line(line));
  }

  void enter(Section section, const Line& line, const KeyValue& pair) {
    section_ = section;
    last_key_ = pair.key;
    switch (section) {
      case Section::top:
        top(pair.key, pair.value);
        break;
      case Section::labels:
        label(pair.value);
        break;
      case Section::annotations:
        annotation(pair.value);
        break;
      case Section::selectors:
        selector(pair.value);
        break;
      case Section::tolerations:
        toleration(pair.value);
        break;
      case Section::spread:
        spread(pair.value);
        break;
      case Section::init:
        containers_.begin(ContainerReader::List::init);
        break;
      case Section::containers:
        containers_.begin(ContainerReader::List::containers);
        break;
      case Section::ephemeral:
        containers_.begin(ContainerReader::List::ephemeral);
        break;
      case Section::volumes:
        volumes_ = VolumeReader(flat_);
        if (!is_none(pair.value)) {
          volumes_.feed(line, spec_["volumes"]);
        }
        break;
      default:
        break;
    }
  }

  void top(std::string_view key, std::string_view value) {
    if (is_none(value)) {
      return;
    }
    if (key == "Name") {
      metadata_["name"].set(value);
    } else if (key == "Namespace") {
      metadata_["namespace"].set(value);
    } else if (key == "Service Account") {
      spec_["serviceAccountName"].set(value);
    } else if (key == "Priority") {
      spec_["priority"].set(number_of(value));
    } else if (key == "Priority Class Name" || key == "PriorityClassName") {
      spec_["priorityClassName"].set(value);
    } else if (key == "Runtime Class Name") {
      spec_["runtimeClassName"].set(value);
    } else if (key == "Node") {
      std::string_view name = value.substr(0, value.find('/'));
      if (!is_none(name)) {
        spec_["nodeName"].set(name);
      }
    } else if (key == "Termination Grace Period") {
      metadata_["deletionGracePeriodSeconds"].set(seconds_of(value));
    } else if (key == "Controlled By" || key == "Created By" || key == "Controllers") {
      owner(value);
    }
    if (status_ != nullptr) {
      top_status(key, value);
    }
  }

  void top_status(std::string_view key, std::string_view value) {
    Draft& status = *status_;
    if (key == "Status") {
      bool terminating = value.starts_with("Terminating");
      if (terminating) {
        // "Terminating (lasts 5m)"; "(expires Mon, 02 Jan …)" in older versions.
        std::size_t open = value.find("(lasts ");
        metadata_["deletionTimestamp"].set("0001-01-01T00:00:00Z");
        if (open != std::string_view::npos) {
          metadata_["annotations"]["podcheck.dev/terminating-for"].set(
              value.substr(open + 7, value.find(')', open) - open - 7));
        }
      } else {
        status["phase"].set(value.substr(0, value.find(' ')));
      }
    } else if (key == "Start Time") {
      std::string time = rfc3339_of(value);
      if (!time.empty()) {
        status["startTime"].set(time);
        metadata_["creationTimestamp"].set(time);
      }
    } else if (key == "Reason") {
      status["reason"].set(value);
    } else if (key == "Message") {
      status["message"].set(value);
    } else if (key == "IP") {
      status["podIP"].set(value);
    } else if (key == "QoS Class") {
      status["qosClass"].set(value);
    } else if (key == "NominatedNodeName") {
      status["nominatedNodeName"].set(value);
    }
  }

  void owner(std::string_view value) {
    std::size_t slash = value.find('/');
    if (slash == std::string_view::npos) {
      return;
    }
    std::string_view kind = value.substr(0, slash);
    std::string_view name = value.substr(slash + 1);
    Draft& reference = metadata_["ownerReferences"].append();
    reference["apiVersion"].set(kind == "Job" || kind == "CronJob"                  ? "batch/v1"
                                : kind == "ReplicationController" || kind == "Node" ? "v1"
                                                                                    : "apps/v1");
    reference["kind"].set(kind);
    reference["name"].set(name.substr(0, name.find_first_of(" ,")));
    reference["controller"].set(true);
  }

  // Versions up to 1.8 wrote all labels on one line, with commas, which no label can contain.
  static void pairs(Draft& into, std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    for (std::string_view word : words(spaced)) {
      std::size_t equals = word.find('=');
      if (equals != std::string_view::npos && equals > 0) {
        into[word.substr(0, equals)].set(word.substr(equals + 1));
      }
    }
  }

  void label(std::string_view text) { pairs(metadata_["labels"], text); }

  void annotation(std::string_view text) {
    std::size_t colon = text.find(": ");
    std::size_t equals = text.find('=');
    std::size_t cut = std::min(colon, equals);
    if (cut != std::string_view::npos && cut > 0 && text.substr(0, cut).find(' ') == std::string_view::npos) {
      metadata_["annotations"][text.substr(0, cut)].set(trim(text.substr(cut + 1)));
    } else if (std::size_t end = text.size();
               end > 1 && text.back() == ':' && text.find(' ') == std::string_view::npos) {
      metadata_["annotations"][text.substr(0, end - 1)].set("");
    }
  }

  void selector(std::string_view text) { pairs(spec_["nodeSelector"], text); }

  // "key=value:NoExecute op=Exists for 300s", ":NoSchedule op=Exists", "op=Exists", "key:NoSchedule"
  void toleration(std::string_view text) {
    std::vector<std::string_view> parts = words(text);
    if (parts.empty() || is_none(text)) {
      return;
    }
    Draft& entry = spec_["tolerations"].append();
    std::string_view subject = parts[0].starts_with("op=") ? std::string_view() : parts[0];
    if (subject.ends_with(',')) {
      subject.remove_suffix(1);
    }
    std::size_t colon = subject.rfind(':');
    if (colon != std::string_view::npos) {
      entry["effect"].set(subject.substr(colon + 1));
      subject = subject.substr(0, colon);
    }
    std::size_t equals = subject.find('=');
    bool has_value = equals != std::string_view::npos && equals + 1 < subject.size();
    std::string_view value = has_value ? subject.substr(equals + 1) : std::string_view();
    if (!subject.substr(0, equals).empty()) {
      entry["key"].set(subject.substr(0, equals));
    }
    bool exists = text.find("op=Exists") != std::string_view::npos || value == "Exists" || !has_value;
    entry["operator"].set(exists ? "Exists" : "Equal");
    if (!exists) {
      entry["value"].set(value);
    }
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      if (parts[i] == "for") {
        entry["tolerationSeconds"].set(seconds_of(parts[i + 1]));
      }
    }
  }

  // "topology.kubernetes.io/zone:DoNotSchedule when max skew 1 is exceeded for selector app=web"
  void spread(std::string_view text) {
    constexpr std::string_view skew = " when max skew ";
    constexpr std::string_view selector = " is exceeded for selector ";
    std::size_t at = text.find(skew);
    std::size_t colon = text.substr(0, at).rfind(':');
    std::size_t labels = text.find(selector);
    if (at == std::string_view::npos || colon == std::string_view::npos || labels == std::string_view::npos) {
      return;
    }
    Draft& entry = spec_["topologySpreadConstraints"].append();
    entry["topologyKey"].set(text.substr(0, colon));
    entry["whenUnsatisfiable"].set(text.substr(colon + 1, at - colon - 1));
    entry["maxSkew"].set(number_of(text.substr(at + skew.size())));
    pairs(entry["labelSelector"]["matchLabels"], text.substr(labels + selector.size()));
  }

  void condition(std::string_view text) {
    std::vector<std::string_view> parts = words(text);
    if (status_ == nullptr || parts.size() < 2 || parts[0] == "Type" || parts[0].starts_with("--")) {
      return;
    }
    if (parts[1] == "True" || parts[1] == "False" || parts[1] == "Unknown") {
      Draft& entry = (*status_)["conditions"].append();
      entry["type"].set(parts[0]);
      entry["status"].set(parts[1]);
    }
  }

  Draft& metadata_;
  Draft& spec_;
  Draft* status_;
  bool flat_;
  Section section_ = Section::top;
  std::string last_key_;
  ContainerReader containers_;
  VolumeReader volumes_{false};
};

// The column where the top-level keys stand. The first line is left out: a selection often begins in its middle.
std::size_t base_indent(std::span<const Line> lines, bool& flat) {
  std::size_t base = static_cast<std::size_t>(-1);
  std::size_t deepest = 0;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].text.empty()) {
      continue;
    }
    ++seen;
    deepest = std::max(deepest, lines[i].indent);
    std::optional<KeyValue> pair = key_value(lines[i].text);
    bool top =
        pair && std::any_of(top_keys.begin(), top_keys.end(), [&](const TopKey& t) { return t.key == pair->key; });
    if (i > 0 && top) {
      base = std::min(base, lines[i].indent);
    }
  }
  if (base == static_cast<std::size_t>(-1)) {
    base = lines.empty() ? 0 : lines[0].indent;
  }
  flat = seen > 1 && deepest <= base;
  return base;
}

void read(std::span<const Line> lines, Draft& metadata, Draft& spec, Draft* status) {
  bool flat = false;
  std::size_t base = base_indent(lines, flat);
  PodReader reader(metadata, spec, status, flat);
  for (const Line& line : lines) {
    reader.feed(line, base);
  }
}

}  // namespace

void read_pod(std::span<const Line> lines, Draft& pod) {
  Draft& metadata = pod["metadata"];
  metadata.make_mapping();
  Draft spec;
  Draft status;
  Draft meta = metadata;
  read(lines, meta, spec, &status);
  pod["metadata"] = std::move(meta);
  pod["spec"] = std::move(spec);
  pod["status"] = std::move(status);
}

void read_pod_template(std::span<const Line> lines, Draft& pod_template) {
  Draft metadata;
  Draft spec;
  read(lines, metadata, spec, nullptr);
  pod_template["metadata"] = std::move(metadata);
  pod_template["spec"] = std::move(spec);
}

}  // namespace podcheck::cluster::paste
