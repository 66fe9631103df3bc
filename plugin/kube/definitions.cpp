// What exists once an object is applied, and what exists anyway.
#include <algorithm>
#include <array>

#include "kube/references.hpp"

namespace podcheck::kube {
namespace {

using document::Node;

// A controller that makes an object of `kind` named by the field at `path`, or like the object when `path` is empty or
// the field absent and `falls_back` is set.
struct Producer {
  std::string_view kind;
  std::string_view makes;
  std::string_view path;
  bool falls_back;
};

constexpr auto producers = std::to_array<Producer>({
    {"ExternalSecret", "Secret", "spec.target.name", true},             // external-secrets.io
    {"ExternalSecret", "Secret", "spec.template.metadata.name", true},  // kubernetes-client.io
    {"SealedSecret", "Secret", "spec.template.metadata.name", true},    // bitnami.com
    {"Certificate", "Secret", "spec.secretName", false},                // cert-manager.io
    {"Issuer", "Secret", "spec.acme.privateKeySecretRef.name", false},
    {"ClusterIssuer", "Secret", "spec.acme.privateKeySecretRef.name", false},
    {"VaultStaticSecret", "Secret", "spec.destination.name", true},  // secrets.hashicorp.com
    {"VaultDynamicSecret", "Secret", "spec.destination.name", true},
    {"VaultPKISecret", "Secret", "spec.destination.name", true},
    {"VaultSecret", "Secret", "spec.name", true},
    {"OnePasswordItem", "Secret", "", true},  // onepassword.com
    {"InfisicalSecret", "Secret", "spec.managedSecretReference.secretName", true},
    {"DopplerSecret", "Secret", "spec.managedSecret.name", true},
    {"BitwardenSecret", "Secret", "spec.secretName", true},
    {"AzureKeyVaultSecret", "Secret", "spec.output.secret.name", true},
    {"SopsSecret", "Secret", "", true},
    {"KafkaUser", "Secret", "spec.template.secret.metadata.name", true},  // kafka.strimzi.io
    {"PasswordPolicy", "Secret", "", true},
    {"RedisEnterpriseDatabase", "Secret", "spec.databaseSecretName", true},
    {"ObjectBucketClaim", "Secret", "", true},
    {"ObjectBucketClaim", "ConfigMap", "", true},
    {"Bundle", "ConfigMap", "", true},  // trust.cert-manager.io
    {"Bundle", "Secret", "", true},
    {"ClusterExternalSecret", "Secret", "spec.externalSecretName", true},
    {"ScaledObject", "HorizontalPodAutoscaler", "", true},
    {"ServiceClaim", "Secret", "", true},
    {"SecretTemplate", "Secret", "", true},
    {"Password", "Secret", "", true},
    {"ConfigMapGenerator", "ConfigMap", "", true},
    {"DataVolume", "PersistentVolumeClaim", "", true},  // cdi.kubevirt.io
    {"ReplicationDestination", "PersistentVolumeClaim", "spec.destinationPVC", true},
});

// Operators whose objects bring a family of Secrets, ConfigMaps or Services that begin with the object's name.
constexpr auto families = std::to_array<std::string_view>({
    "PostgresCluster",
    "Cluster",
    "postgresql",
    "Kafka",
    "KafkaConnect",
    "Elasticsearch",
    "Kibana",
    "Redis",
    "RedisCluster",
    "RedisFailover",
    "RabbitmqCluster",
    "MongoDB",
    "MongoDBCommunity",
    "InnoDBCluster",
    "PerconaXtraDBCluster",
    "PerconaServerMongoDB",
    "PerconaPGCluster",
    "MariaDB",
    "CassandraDatacenter",
    "K8ssandraCluster",
    "ScyllaCluster",
    "TidbCluster",
    "Keycloak",
    "Tenant",
    "Prometheus",
    "Alertmanager",
    "Grafana",
    "Jaeger",
    "CephCluster",
    "CephObjectStoreUser",
    "CephBlockPool",
    "VirtualMachine",
    "ArgoCD",
    "HelmRelease",
    "HelmChart",
    "Application",
    "Kustomization",
    "SQLInstance",
    "Crossplane",
    "Database",
    "EtcdCluster",
    "NatsCluster",
    "TemporalCluster",
    "SeldonDeployment",
    "InferenceService",
});

constexpr auto cluster_scoped = std::to_array<std::string_view>({
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterIssuer",
    "ClusterRole",
    "ClusterRoleBinding",
    "ComponentStatus",
    "CustomResourceDefinition",
    "DeviceClass",
    "FlowSchema",
    "GatewayClass",
    "IPAddress",
    "IngressClass",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "ResourceSlice",
    "RuntimeClass",
    "ServiceCIDR",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
    "VolumeSnapshotClass",
    "VolumeSnapshotContent",
    "ClusterPolicy",
    "ClusterSecretStore",
    "ClusterExternalSecret",
    "Bundle",
});

// Annotations by which a controller copies a Secret or ConfigMap into other namespaces.
constexpr auto copiers = std::to_array<std::string_view>({
    "reflector.v1.k8s.emberstack.com/",
    "replicator.v1.mittwald.de/",
    "kubed.appscode.com/sync",
    "kopf.zalando.org/",
    "config.kubernetes.io/sync",
    "cluster.x-k8s.io/",
});

bool is_copied(const Object& object) {
  for (const document::Member& member : object.root["metadata"]["annotations"].members())
    for (std::string_view prefix : copiers)
      if (member.key.starts_with(prefix))
        return true;
  return false;
}

void add_family(const Object& object, std::vector<Definition>& out) {
  for (std::string_view kind : {"Secret", "ConfigMap", "Service", "ServiceAccount", "PersistentVolumeClaim"})
    out.push_back({.kind = kind, .name = object.name, .namespace_ = {}, .derived = true, .prefix = true});
}

}  // namespace

std::vector<Definition> definitions(const Object& object) {
  std::vector<Definition> out;
  if (object.name.empty())
    return out;
  Definition self{.kind = object.kind, .name = object.name, .namespace_ = object.namespace_};
  self.every_namespace = is_copied(object);
  if (object.root["metadata"]["name"].string().empty())
    self.prefix = true;  // generateName
  out.push_back(self);
  for (const Producer& producer : producers) {
    if (producer.kind != object.kind)
      continue;
    const Node named = producer.path.empty() ? Node() : document::at_path(object.root, producer.path);
    const std::string_view name = named.string(producer.falls_back ? object.name : std::string_view());
    if (name.empty())
      continue;
    const bool everywhere =
        object.kind == "Bundle" || object.kind == "ClusterExternalSecret" || object.kind == "ClusterIssuer";
    out.push_back(
        {.kind = producer.makes, .name = name, .namespace_ = {}, .derived = true, .every_namespace = everywhere});
  }
  if (object.kind == "SecretProviderClass")
    for (Node secret : object.root["spec"]["secretObjects"].items())
      if (secret["secretName"].is_string())
        out.push_back({.kind = "Secret", .name = secret["secretName"].string(), .namespace_ = {}, .derived = true});
  // ingress-shim of cert-manager fills the Secrets that an annotated Ingress or Gateway names.
  if (object.kind == "Ingress" || object.kind == "Gateway")
    for (const document::Member& member : object.root["metadata"]["annotations"].members())
      if (member.key.starts_with("cert-manager.io/") || member.key == "kubernetes.io/tls-acme")
        for (const Reference& r : references(object))
          if (r.use == ReferenceUse::tls)
            out.push_back({.kind = "Secret", .name = r.name, .namespace_ = {}, .derived = true});
  // The claims that a StatefulSet makes: template name, set name, ordinal.
  if (object.kind == "StatefulSet")
    for (Node claim : object.root["spec"]["volumeClaimTemplates"].items())
      out.push_back({.kind = "PersistentVolumeClaim",
                     .name = claim["metadata"]["name"].string(),
                     .namespace_ = {},
                     .derived = true,
                     .prefix = true});
  if (std::find(families.begin(), families.end(), object.kind) != families.end() &&
      object.api_version.find('.') != std::string_view::npos)
    add_family(object, out);
  return out;
}

bool exists_in_every_cluster(std::string_view kind, std::string_view name) {
  const auto is = [name](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (kind == "ServiceAccount")
    return name == "default";
  if (kind == "ConfigMap")
    return is({"kube-root-ca.crt", "cluster-info", "kubeadm-config", "coredns", "kube-proxy",
               "extension-apiserver-authentication", "openshift-service-ca.crt", "aws-auth"});
  if (kind == "Namespace")
    return is({"default", "kube-system", "kube-public", "kube-node-lease"});
  if (kind == "PriorityClass")
    return name.starts_with("system-");
  if (kind == "Service")
    return is({"kubernetes", "kube-dns"});
  if (kind == "ClusterRole" || kind == "Role")
    return name.starts_with("system:") || name.starts_with("system::") ||
           is({"cluster-admin", "admin", "edit", "view", "extension-apiserver-authentication-reader"});
  return false;
}

bool is_cluster_scoped(std::string_view kind) {
  return std::find(cluster_scoped.begin(), cluster_scoped.end(), kind) != cluster_scoped.end();
}

bool is_hashed_name(std::string_view candidate, std::string_view name) {
  constexpr std::size_t hash_length = 10;
  if (candidate.size() != name.size() + 1 + hash_length || !candidate.starts_with(name))
    return false;
  if (candidate[name.size()] != '-')
    return false;
  // kustomize writes hashes without vowels and with a few letters and digits replaced.
  return candidate.substr(name.size() + 1).find_first_not_of("bcdfghkmt2456789") == std::string_view::npos;
}

}  // namespace podcheck::kube
