#include "cluster/paste/describe_volume.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace podcheck::cluster::paste {

namespace {

struct VolumeType {
  std::string_view described;  // the first word of "Type:"
  std::string_view member;
};

constexpr auto types = std::to_array<VolumeType>({
    {"ConfigMap", "configMap"},
    {"Secret", "secret"},
    {"EmptyDir", "emptyDir"},
    {"HostPath", "hostPath"},
    {"PersistentVolumeClaim", "persistentVolumeClaim"},
    {"Projected", "projected"},
    {"NFS", "nfs"},
    {"CSI", "csi"},
    {"DownwardAPI", "downwardAPI"},
    {"EphemeralVolume", "ephemeral"},
    {"AWSElasticBlockStore", "awsElasticBlockStore"},
    {"GCEPersistentDisk", "gcePersistentDisk"},
    {"AzureDisk", "azureDisk"},
    {"AzureFile", "azureFile"},
    {"ISCSI", "iscsi"},
    {"RBD", "rbd"},
    {"Glusterfs", "glusterfs"},
    {"CephFS", "cephfs"},
    {"GitRepo", "gitRepo"},
    {"Cinder", "cinder"},
    {"FlexVolume", "flexVolume"},
    {"FC", "fc"},
    {"Image", "image"},
});

bool is_true(std::string_view value) {
  return value == "true" || value == "True";
}

void field(Draft& source, std::string_view type, std::string_view key, std::string_view value) {
  if (is_none(value)) {
    return;
  }
  auto text = [&](std::string_view member) { source[member].set(value); };
  if (key == "Optional") {
    if (type == "projected") {
      if (Draft* list = source.find("sources"); is_true(value) && list != nullptr && !list->items().empty()) {
        for (const char* kind : {"configMap", "secret"}) {
          if (Draft* last = list->items().back().find(kind)) {
            (*last)["optional"].set(true);
          }
        }
      }
    } else if (is_true(value)) {
      source["optional"].set(true);
    }
  } else if (type == "projected" && (key == "ConfigMapName" || key == "SecretName")) {
    source["sources"].append()[key == "SecretName" ? "secret" : "configMap"]["name"].set(value);
  } else if (type == "projected" && key == "TokenExpirationSeconds") {
    source["sources"].append()["serviceAccountToken"]["path"].set("token");
  } else if (key == "SecretName") {
    text("secretName");
  } else if (key == "ClaimName") {
    text("claimName");
  } else if (key == "Name" && type == "configMap") {
    text("name");
  } else if (key == "Medium") {
    text("medium");
  } else if (key == "SizeLimit") {
    text("sizeLimit");
  } else if (key == "Path") {
    text("path");
  } else if (key == "HostPathType") {
    text("type");
  } else if (key == "Server") {
    text("server");
  } else if (key == "Driver") {
    text("driver");
  } else if (key == "FSType") {
    text("fsType");
  } else if (key == "StorageClass") {
    source["volumeClaimTemplate"]["spec"]["storageClassName"].set(value);
  } else if (key == "ReadOnly" && is_true(value)) {
    source["readOnly"].set(true);
  }
}

}  // namespace

void VolumeReader::feed(const Line& line, Draft& volumes) {
  std::optional<KeyValue> pair = key_value(line.text);
  if (!pair) {
    return;
  }
  bool heading = pair->value.empty() && is_name(pair->key) && (flat_ || line.indent <= name_indent_);
  if (heading) {
    name_indent_ = line.indent;
    volumes.append()["name"].set(pair->key);
    type_.clear();
    return;
  }
  if (volumes.items().empty()) {
    return;
  }
  Draft& volume = volumes.items().back();
  if (pair->key == "Type" && type_.empty()) {
    std::string_view word = pair->value.substr(0, pair->value.find(' '));
    for (const VolumeType& type : types) {
      if (type.described == word) {
        type_ = type.member;
        volume[type_].make_mapping();
      }
    }
    return;
  }
  if (!type_.empty()) {
    field(volume[type_], type_, pair->key, pair->value);
  }
}

}  // namespace podcheck::cluster::paste
