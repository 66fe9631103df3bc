// A webhook that has to answer before its own pods may be made.
#include <algorithm>

#include "kube/selector.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool contains(Node list, std::string_view text) {
  const auto items = list.items();
  return std::any_of(items.begin(), items.end(),
                     [&](Node item) { return item.string() == text || item.string() == "*"; });
}

bool intercepts_pods(Node webhook) {
  for (Node rule : webhook["rules"].items())
    if (contains(rule["operations"], "CREATE") &&
        (contains(rule["resources"], "pods") || contains(rule["resources"], "*/*")) &&
        (contains(rule["apiGroups"], "")) && rule["scope"].string("*") != "Cluster")
      return true;
  return false;
}

// The labels of the Namespace, with the one that the API server sets; from the input when it is there.
bool takes_namespace(const Place& place, Node selector, std::string_view namespace_) {
  const BundleObject* home = place.bundle.find("Namespace", {}, namespace_);
  document::Tree tree;
  document::TreeBuilder builder(tree);
  builder.begin_mapping();
  builder.key("kubernetes.io/metadata.name");
  builder.string(namespace_);
  if (home != nullptr)
    for (const document::Member& m : home->object.root["metadata"]["labels"].members())
      if (m.key != "kubernetes.io/metadata.name") {
        builder.key(m.key);
        builder.string(m.value.text());
      }
  builder.end();
  return kube::matches(selector, tree.root());
}

}  // namespace

void check_webhook_backend_in_bundle(const Place& place, Reporter& reporter) {
  const PodsByNamespace& pods = place.bundle.index<PodIndex>().all();
  for (const BundleObject& object : place.bundle.objects()) {
    if (object.context || (object.object.kind != "ValidatingWebhookConfiguration" &&
                           object.object.kind != "MutatingWebhookConfiguration"))
      continue;
    for (Node webhook : object.object.root["webhooks"].items()) {
      const Node policy = webhook["failurePolicy"], target = webhook["clientConfig"]["service"];
      if (!target || policy.string("Fail") != "Fail" || !intercepts_pods(webhook) ||
          !webhook["matchConditions"].empty())
        continue;
      const std::string_view namespace_ = target["namespace"].string();
      if (webhook["namespaceSelector"] && !takes_namespace(place, webhook["namespaceSelector"], namespace_))
        continue;
      const BundleObject* service = place.bundle.find("Service", namespace_, target["name"].string());
      if (service == nullptr)
        continue;
      for (const PodOf& pod : pods_in(pods, namespace_)) {
        if (!kube::service_matches(service->object.root["spec"]["selector"], pod.labels()))
          continue;
        if (webhook["objectSelector"] && !kube::matches(webhook["objectSelector"], pod.labels()))
          continue;
        Hit hit;
        hit.object = &object;
        hit.at = policy ? policy : webhook["name"];
        hit.values = {{"webhook", std::string(webhook["name"].string())},
                      {"workload", title(*pod.object)},
                      {"namespace", std::string(namespace_)}};
        hit.related.push_back({pod.object->object.root["metadata"]["name"], "backend", pod.object, hit.values});
        reporter.report(std::move(hit));
        break;
      }
    }
  }
}

}  // namespace podcheck::lint
