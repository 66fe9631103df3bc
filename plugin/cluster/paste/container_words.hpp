// What a pod's events tell of its containers, for pods whose containers nothing in the text describes.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cluster/paste/events_text.hpp"

namespace podcheck::cluster::paste {

struct ContainerWords {
  std::string name;
  std::string image;
  std::string reason;   // why it waits, as the kubelet would put it into the status
  std::string message;  // the runtime's or kubelet's words for that, without "Error: "
};

// The kubelet's words of Kubernetes 1.0 and later; only what all of them agree on, as two containers are not one.
ContainerWords container_words(std::span<const EventText* const> events);

}  // namespace podcheck::cluster::paste
