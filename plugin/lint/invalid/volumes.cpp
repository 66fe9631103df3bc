#include <algorithm>
#include <set>

#include "kube/names.hpp"
#include "kube/quantity.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "volume-invalid";

void mode(Faults& faults, Node node) {
  const auto number = node.is_number() ? node.integer() : std::nullopt;
  if (number && (*number < 0 || *number > 0777)) {
    // 755 in decimal was meant as octal: its digits say so.
    const std::string digits = node.text();
    const bool octal = digits.size() == 3 && digits.find_first_not_of("01234567") == std::string::npos;
    Hit& hit = faults.value(rule, octal ? "mode-decimal" : "mode", node, {{"suggestion", "0" + digits}});
    if (octal)
      hit.changes.push_back({Hit::Change::Kind::replace_value, node, {}, "0" + digits});
  }
}

void key_to_path(Faults& faults, Node items, std::set<std::string_view>* paths) {
  for (const Node item : items.items()) {
    if (!is_struct(item))
      continue;
    required(faults, rule, item, "key");
    const Node path = required(faults, rule, item, "path");
    projected_path(faults, rule, path);
    mode(faults, get(item, "mode"));
    if (paths != nullptr && path.is_string() && !paths->insert(path.string()).second)
      faults.value(rule, "duplicate", path);
  }
}

void downward_items(Faults& faults, Node items, std::set<std::string_view>* paths) {
  for (const Node item : items.items()) {
    if (!is_struct(item))
      continue;
    const Node path = required(faults, rule, item, "path");
    projected_path(faults, rule, path);
    const Node field = get(item, "fieldRef");
    const Node resource = get(item, "resourceFieldRef");
    if (field && resource)
      not_with(faults, rule, resource, "fieldRef");
    if (!field && !resource)
      faults.missing(rule, item, "fieldRef", "one-of", {{"allowed", "fieldRef, resourceFieldRef"}});
    check_field_ref(faults, field, true);
    if (!field)
      check_resource_field_ref(faults, resource, true);
    mode(faults, get(item, "mode"));
    if (paths != nullptr && path.is_string() && !paths->insert(path.string()).second)
      faults.value(rule, "duplicate", path);
  }
}

void projected(Faults& faults, Node volume) {
  mode(faults, get(volume, "defaultMode"));
  std::set<std::string_view> paths;
  for (const Node source : get(volume, "sources").items()) {
    if (!is_struct(source))
      continue;
    Node first;
    for (const char* kind : {"secret", "configMap", "downwardAPI", "serviceAccountToken"}) {
      const Node node = get(source, kind);
      if (!node)
        continue;
      if (first)
        not_with(faults, rule, node, first.key());
      first = node;
    }
    for (const char* kind : {"secret", "configMap"})
      if (const Node node = get(source, kind); node.is_mapping()) {
        required(faults, rule, node, "name");
        key_to_path(faults, get(node, "items"), &paths);
      }
    downward_items(faults, get(get(source, "downwardAPI"), "items"), &paths);
    if (const Node token = get(source, "serviceAccountToken"); token.is_mapping()) {
      const Node expiration = get(token, "expirationSeconds");
      between(faults, rule, expiration, 600, std::int64_t{1} << 32);
      const Node path = required(faults, rule, token, "path");
      projected_path(faults, rule, path);
    }
  }
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_iqn(std::string_view text) {
  const auto digits = [&](std::size_t at, std::size_t count) {
    return text.size() >= at + count &&
           text.substr(at, count).find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (text.substr(0, 4) == "iqn.") {
    if (!digits(4, 4) || text.substr(8, 1) != "-" || !digits(9, 2) || text.substr(11, 1) != ".")
      return false;
    const std::string_view rest = text.substr(12);
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size())
      return false;
    const std::string_view domain = rest.substr(0, colon);
    return std::all_of(domain.begin(), domain.end(),
                       [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; }) &&
           rest.substr(colon + 1).find_first_of(",;*&$| \t\n") == std::string_view::npos;
  }
  const bool eui = text.substr(0, 3) == "eui" && text.size() == 20;
  const bool naa = text.substr(0, 3) == "naa" && text.size() == 36;
  return (eui || naa) && std::all_of(text.begin() + 4, text.end(), is_alphanumeric);
}

void iscsi(Faults& faults, Node volume) {
  required(faults, rule, volume, "targetPortal");
  if (const Node iqn = required(faults, rule, volume, "iqn"); iqn.is_string() && !is_iqn(iqn.string()))
    faults.value(rule, "iqn", iqn);
  between(faults, rule, get(volume, "lun"), 0, 255);
  const bool chap = is_true(get(volume, "chapAuthDiscovery")) || is_true(get(volume, "chapAuthSession"));
  if (chap && !get(volume, "secretRef"))
    faults.missing(rule, volume, "secretRef");
}

void fibre_channel(Faults& faults, Node volume) {
  const bool names = !get(volume, "targetWWNs").empty();
  const bool ids = !get(volume, "wwids").empty();
  if (names && ids)
    not_with(faults, rule, get(volume, "wwids"), "targetWWNs");
  if (!names && !ids)
    faults.missing(rule, volume, "targetWWNs", "one-of", {{"allowed", "targetWWNs, wwids"}});
  if (names && !get(volume, "lun"))
    faults.missing(rule, volume, "lun");
  between(faults, rule, get(volume, "lun"), 0, 255);
}

void azure_disk(Faults& faults, Node volume) {
  required(faults, rule, volume, "diskName");
  required(faults, rule, volume, "diskURI");
  choice(faults, rule, get(volume, "cachingMode"), {"None", "ReadOnly", "ReadWrite"}, true);
  choice(faults, rule, get(volume, "kind"), {"Shared", "Dedicated", "Managed"}, true);
}

void csi(Faults& faults, Node volume) {
  if (const Node driver = required(faults, rule, volume, "driver"); driver.is_string()) {
    std::string lower(driver.string());
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c - 'A' + 'a');
    if (driver.string().size() > 63)
      faults.value(rule, "too-long", driver, {{"maximum", "63"}, {"length", std::to_string(driver.string().size())}});
    if (!kube::is_dns1123_subdomain(lower))
      faults.value(rule, "dns-subdomain", driver);
  }
  if (const Node secret = get(volume, "nodePublishSecretRef"); secret.is_mapping())
    required(faults, rule, secret, "name");
}

void ephemeral(Faults& faults, Node volume) {
  const Node made = get(volume, "volumeClaimTemplate");
  if (!made) {
    faults.missing(rule, volume, "volumeClaimTemplate");
    return;
  }
  if (!made.is_mapping())
    return;
  const Node metadata = get(made, "metadata");
  labels(faults, get(metadata, "labels"));
  annotations(faults, get(metadata, "annotations"));
  for (const auto& member : metadata.members())
    if (member.key != "labels" && member.key != "annotations" && member.key != "creationTimestamp" &&
        !member.value.is_null() && !(member.value.is_string() && member.value.string().empty()))
      faults.key(rule, "not-here", member.value);
  check_claim_spec(faults, made, get(made, "spec"));
}

struct Required {
  std::string_view kind;
  std::initializer_list<const char*> fields;
};

// Sources of which nothing but the presence of some fields is checked.
const Required simple_sources[] = {
    {"gitRepo", {"repository"}},
    {"gcePersistentDisk", {"pdName"}},
    {"awsElasticBlockStore", {"volumeID"}},
    {"glusterfs", {"endpoints", "path"}},
    {"persistentVolumeClaim", {"claimName"}},
    {"rbd", {"monitors", "image"}},
    {"cinder", {"volumeID"}},
    {"cephfs", {"monitors"}},
    {"quobyte", {"registry", "volume"}},
    {"flexVolume", {"driver"}},
    {"azureFile", {"secretName", "shareName"}},
    {"vsphereVolume", {"volumePath"}},
    {"photonPersistentDisk", {"pdID"}},
    {"portworxVolume", {"volumeID"}},
    {"storageos", {"volumeName"}},
    {"scaleIO", {"gateway", "system", "volumeName", "secretRef"}},
    {"secret", {"secretName"}},
    {"configMap", {"name"}},
    {"nfs", {"server", "path"}},
    {"hostPath", {"path"}},
    {"image", {"reference"}},
};

void check_source(Faults& faults, std::string_view kind, Node source) {
  if (!source.is_mapping())
    return;
  for (const Required& simple : simple_sources)
    if (simple.kind == kind)
      for (const char* field : simple.fields)
        required(faults, rule, source, field);
  if (kind == "emptyDir") {
    const auto limit = kube::quantity_of(get(source, "sizeLimit"));
    if (limit && limit->is_negative())
      faults.value("quantity-invalid", "negative", get(source, "sizeLimit"));
  } else if (kind == "hostPath") {
    no_backsteps(faults, rule, get(source, "path"));
    choice(faults, rule, get(source, "type"),
           {"BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"});
  } else if (kind == "secret" || kind == "configMap") {
    mode(faults, get(source, "defaultMode"));
    key_to_path(faults, get(source, "items"), nullptr);
  } else if (kind == "nfs") {
    const Node path = get(source, "path");
    if (!string_or(path, "").empty() && path.string()[0] != '/')
      faults.value(rule, "absolute-path", path);
  } else if (kind == "iscsi") {
    iscsi(faults, source);
  } else if (kind == "fc") {
    fibre_channel(faults, source);
  } else if (kind == "azureDisk") {
    azure_disk(faults, source);
  } else if (kind == "gcePersistentDisk" || kind == "awsElasticBlockStore") {
    between(faults, rule, get(source, "partition"), 0, 255);
  } else if (kind == "gitRepo") {
    relative_path(faults, rule, get(source, "directory"));
  } else if (kind == "flocker") {
    const bool name = !string_or(get(source, "datasetName"), "").empty();
    const bool id = !string_or(get(source, "datasetUUID"), "").empty();
    if (name == id)
      faults.value(rule, name ? "only-one-of" : "one-of", source, {{"allowed", "datasetName, datasetUUID"}});
  } else if (kind == "downwardAPI") {
    mode(faults, get(source, "defaultMode"));
    downward_items(faults, get(source, "items"), nullptr);
  } else if (kind == "projected") {
    projected(faults, source);
  } else if (kind == "csi") {
    csi(faults, source);
  } else if (kind == "ephemeral") {
    ephemeral(faults, source);
  } else if (kind == "image") {
    choice(faults, rule, get(source, "pullPolicy"), {"Always", "IfNotPresent", "Never"});
  }
}

// In the order in which the server looks at them: the second one found is the one too many.
constexpr std::string_view sources[] = {"emptyDir",
                                        "hostPath",
                                        "gitRepo",
                                        "gcePersistentDisk",
                                        "awsElasticBlockStore",
                                        "secret",
                                        "nfs",
                                        "iscsi",
                                        "glusterfs",
                                        "persistentVolumeClaim",
                                        "rbd",
                                        "cinder",
                                        "cephfs",
                                        "flocker",
                                        "downwardAPI",
                                        "fc",
                                        "flexVolume",
                                        "configMap",
                                        "azureFile",
                                        "vsphereVolume",
                                        "photonPersistentDisk",
                                        "azureDisk",
                                        "quobyte",
                                        "storageos",
                                        "portworxVolume",
                                        "projected",
                                        "scaleIO",
                                        "csi",
                                        "ephemeral",
                                        "image"};

}  // namespace

void check_volumes(Faults& faults, PodContext& pod) {
  for (const Node volume : get(pod.spec, "volumes").items()) {
    if (!is_struct(volume))
      continue;
    if (const Node name = required(faults, "name-invalid", volume, "name");
        name.is_string() && dns_label(faults, "name-invalid", name) &&
        !pod.volumes.emplace(name.string(), volume).second)
      faults.value("volume-duplicate", "", name);
    Node first;
    for (const std::string_view kind : sources) {
      const Node source = get(volume, kind);
      if (!source)
        continue;
      if (first) {
        faults.key("volume-two-sources", "", source, {{"other", std::string(first.key())}});
        continue;
      }
      first = source;
      check_source(faults, kind, source);
    }
  }
}

}  // namespace podcheck::lint::invalid
