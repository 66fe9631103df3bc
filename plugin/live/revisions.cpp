#include "live/revisions.hpp"

#include <cstdlib>

#include "live/facts.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;

namespace {

constexpr std::size_t longest = 80;

// Fields of a container that can be the difference between running and not.
constexpr const char* fields[] = {"image",         "command",        "args",         "workingDir",      "resources",
                                  "livenessProbe", "readinessProbe", "startupProbe", "securityContext", "volumeMounts"};

long revision_of(Node set) {
  std::string number(set["metadata"]["annotations"]["deployment.kubernetes.io/revision"].string());
  return std::strtol(number.substr(0, 9).c_str(), nullptr, 10);
}

Node named(Node list, std::string_view name) {
  for (Node item : list.items()) {
    if (item["name"].string() == name) {
      return item;
    }
  }
  return {};
}

std::string change(const std::string& what, const std::string& before, const std::string& after) {
  auto side = [](const std::string& text) { return text.empty() ? std::string("-") : shown(text, longest); };
  return what + ": " + side(before) + " → " + side(after);
}

std::string value_of(Node variable) {
  return variable.has("valueFrom") ? brief(variable["valueFrom"]) : variable["value"].text();
}

void compare_variables(Node older, Node newer, const std::string& where, std::vector<std::string>& out) {
  auto note = [&](std::string_view name, const std::string& before, const std::string& after) {
    // Redaction goes by the name, so it stands with the value.
    std::string prefix = std::string(name) + "=";
    auto blanked = [&](const std::string& value) {
      std::string text = value.empty() ? value : shown(prefix + value, longest + prefix.size());
      return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
    };
    out.push_back(change(where + "env " + std::string(name), blanked(before), blanked(after)));
  };
  for (Node variable : newer.items()) {
    Node before = named(older, variable["name"].string());
    if (value_of(before) != value_of(variable)) {
      note(variable["name"].string(), before ? value_of(before) : "", value_of(variable));
    }
  }
  for (Node variable : older.items()) {
    if (!named(newer, variable["name"].string())) {
      note(variable["name"].string(), value_of(variable), "");
    }
  }
}

}  // namespace

Node working_revision(cluster::Snapshot& cluster, Node deployment, Node pod) {
  std::string_view current = controller_reference(pod)["name"].string();
  Node best;
  for (Node set : cluster.list("replicasets", namespace_of(deployment)).items) {
    Node owner = controller_reference(set);
    bool ours = owner["name"].string() == name_of(deployment) && owner["kind"].string() == "Deployment";
    if (ours && name_of(set) != current && set["status"]["readyReplicas"].integer().value_or(0) > 0 &&
        (!best || revision_of(set) > revision_of(best))) {
      best = set;
    }
  }
  return best;
}

std::vector<std::string> changes_between(Node older, Node newer, std::string_view container) {
  std::vector<std::string> out;
  for (const char* list : {"initContainers", "containers"}) {
    for (Node now : newer[list].items()) {
      std::string_view name = now["name"].string();
      Node before = named(older[list], name);
      if (!container.empty() && name != container) {
        continue;
      }
      std::string where = container.empty() ? std::string(name) + " " : "";
      if (!before) {
        out.push_back(change(where + list, "", std::string(name)));
        continue;
      }
      for (const char* field : fields) {
        if (brief(before[field]) != brief(now[field])) {
          out.push_back(change(where + field, brief(before[field]), brief(now[field])));
        }
      }
      compare_variables(before["env"], now["env"], where, out);
      if (brief(before["envFrom"]) != brief(now["envFrom"])) {
        out.push_back(change(where + "envFrom", brief(before["envFrom"]), brief(now["envFrom"])));
      }
    }
  }
  for (const char* field : {"volumes", "securityContext", "serviceAccountName", "nodeSelector", "imagePullSecrets"}) {
    if (brief(older[field]) != brief(newer[field])) {
      out.push_back(change(field, brief(older[field]), brief(newer[field])));
    }
  }
  return out;
}

}  // namespace podcheck::live
