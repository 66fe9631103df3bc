#include "live/alike.hpp"

#include "live/facts.hpp"

namespace podcheck::live {

using document::Node;

std::string likeness(Node pod) {
  std::string key = status_column(pod);
  for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
    for (Node status : pod["status"][list].items()) {
      key += "|" + status["name"].text();
      for (Node state : {status["state"], status["lastState"]}) {
        Node ended = state["terminated"];
        key += ":" + state["waiting"]["reason"].text() + ":" + ended["reason"].text() + ":" + ended["exitCode"].text();
      }
      key += status["ready"].boolean().value_or(false) ? ":ready" : "";
    }
  }
  return key;
}

Sample::Sample(cluster::Snapshot& cluster, bool named) : most_(named || cluster.source().lists_are_cheap() ? 3 : 1) {}

bool Sample::takes(Node pod) {
  std::string controller = controller_reference(pod)["uid"].text();
  return taken_[(controller.empty() ? "pod " + pod["metadata"]["uid"].text() : controller) + " " + likeness(pod)]++ <
         most_;
}

}  // namespace podcheck::live
