// Patches that are worked out on a pod and printed for its owner, whose template is another object: admission has given
// the pod tolerations, defaults, perhaps containers that the template does not have.
#include <algorithm>

#include "document/document.hpp"
#include "live/facts.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"
#include "scheduling/value.hpp"

namespace podcheck::live {

using document::Node;
using scheduling::Value;

namespace {

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty()) {
    std::size_t slash = std::min(path.find('/'), path.size());
    out.push_back(replace_all(replace_all(std::string(path.substr(0, slash)), "~1", "/"), "~0", "~"));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return out;
}

std::optional<std::size_t> index_of(std::string_view segment) {
  bool digits = !segment.empty() && segment.size() < 6 &&
                std::all_of(segment.begin(), segment.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? std::optional(std::stoul(std::string(segment))) : std::nullopt;
}

std::string_view name_in(Value& item) {
  Value* name = item.is_mapping() ? item.find("name") : nullptr;
  return name != nullptr && name->type() == document::Type::string ? name->text() : std::string_view();
}

// Operations below a pod spec, fitted one after the other to the template's spec as they change it.
class Fitting {
 public:
  Fitting(Node pod_spec, Node spec) : pod_spec_(pod_spec), spec_(Value::from(spec)) {}

  // False when the template has nothing that the operation could be about.
  bool fit(Operation& operation) {
    std::vector<std::string> segments = segments_of(operation.path);
    Value* at = &spec_;
    Node in_pod = pod_spec_;
    std::string path;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      bool last = i + 1 == segments.size();
      std::string& segment = segments[i];
      if (at->is_sequence()) {
        if (last && segment == "-") {
          path += "/-";
          break;
        }
        auto index = in_template(*at, in_pod, segment);
        if (!index) {
          return false;
        }
        in_pod = in_pod[*index_of(segment)];
        path += "/" + std::to_string(*index);
        at = &at->items()[*index];
        continue;
      }
      Value* next = at->is_mapping() ? at->find(segment) : nullptr;
      path += "/" + scheduling::pointer_segment(segment);
      if (next == nullptr || next->type() == document::Type::null) {
        if (operation.op == "remove") {
          return false;
        }
        operation = {"add", path.substr(1), nested(segments, i + 1, operation.value)};
        return apply(operation);
      }
      in_pod = in_pod[segment];
      at = next;
    }
    operation.path = path.substr(1);
    return apply(operation);
  }

 private:
  // The element of the template's list that the pod's element comes from: by name where elements have one.
  static std::optional<std::size_t> in_template(Value& list, Node in_pod, std::string_view segment) {
    auto index = index_of(segment);
    if (!index) {
      return std::nullopt;
    }
    std::string_view name = in_pod[*index]["name"].string();
    for (std::size_t i = 0; !name.empty() && i < list.items().size(); ++i) {
      if (name_in(list.items()[i]) == name) {
        return i;
      }
    }
    return name.empty() && *index < list.items().size() ? index : std::nullopt;
  }

  // The value within the objects and lists that the template lacks.
  static std::string nested(const std::vector<std::string>& segments, std::size_t from, std::string value) {
    for (std::size_t i = segments.size(); i > from; --i) {
      const std::string& segment = segments[i - 1];
      bool element = segment == "-" || segment == "0";
      value = element ? "[" + value + "]" : "{" + json_string(segment) + ":" + value + "}";
    }
    return value;
  }

  bool apply(const Operation& operation) {
    document::Tree tree;
    std::string error;
    if (operation.op != "remove" && !document::parse_json(operation.value, tree, error)) {
      return false;
    }
    return scheduling::apply_patch(
        {{operation.op, "/" + operation.path, operation.op == "remove" ? Value() : Value::from(tree.root())}}, spec_);
  }

  Node pod_spec_;
  Value spec_;
};

// Of a bare pod only the images can be changed.
bool only_images(const std::vector<Operation>& operations) {
  return std::all_of(operations.begin(), operations.end(), [](const Operation& operation) {
    return operation.op == "replace" && operation.path.ends_with("/image");
  });
}

finding::Fix patch_images(Patient& patient, const std::vector<Operation>& operations) {
  finding::Fix fix;
  for (const Operation& operation : operations) {
    fix.patch += std::string(fix.patch.empty() ? "[" : ",") +
                 "{\"op\":\"replace\",\"path\":" + json_string("/spec/" + operation.path) +
                 ",\"value\":" + operation.value + "}";
  }
  fix.patch += "]";
  fix.command =
      kubectl(patient, "patch pod " + shell_word(name_of(patient.pod)) + " --type=json -p " + shell_word(fix.patch));
  fix.effect = effect_on(patient, patient.pod);
  fix.safety = finding::Safety::unsafe;
  return fix;
}

finding::Fix made_anew(Patient& patient, Node object) {
  finding::Fix fix;
  fix.command = kubectl(patient, "replace --force -f " + shell_word(std::string(name_of(object)) + ".yaml"));
  fix.effect = patient.catalogue.say("live.recreates", {{"object", label_of(object)}});
  fix.safety = finding::Safety::manual;
  return fix;
}

}  // namespace

finding::Fix patch_owner(Patient& patient, const std::vector<Operation>& operations) {
  finding::Fix fix;
  std::string kind(patient.owner["kind"].string());
  if (operations.empty()) {
    return fix;
  }
  bool bare = !patient.owner && patient.pod && !controller_reference(patient.pod);
  if (kind == "Job" || bare) {
    return bare && only_images(operations) ? patch_images(patient, operations)
                                           : made_anew(patient, bare ? patient.pod : patient.owner);
  }
  std::string root = pod_spec_pointer(kind);
  if (root.empty()) {
    return fix;
  }
  Node spec = document::at_path(patient.owner, replace_all(root.substr(1), "/", "."));
  Fitting fitting(patient.pod ? patient.pod["spec"] : spec, spec);
  std::string patch = "[";
  for (Operation operation : operations) {
    // Text that was pasted may not have the template at all.
    if (!spec.empty() && !fitting.fit(operation)) {
      return fix;
    }
    patch += patch.size() > 1 ? "," : "";
    patch += "{\"op\":" + json_string(operation.op) + ",\"path\":" + json_string(root + "/" + operation.path);
    patch += operation.op == "remove" ? "}" : ",\"value\":" + operation.value + "}";
  }
  patch += "]";
  fix.patch = patch;
  fix.command = kubectl(patient, "patch " + lower(kind) + " " + shell_word(name_of(patient.owner)) +
                                     " --type=json -p " + shell_word(patch));
  fix.effect = effect_on(patient, patient.owner);
  fix.safety = finding::Safety::unsafe;
  return fix;
}

}  // namespace podcheck::live
