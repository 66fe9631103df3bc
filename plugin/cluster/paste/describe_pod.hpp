// `kubectl describe pod`, and the pod templates in the describe texts of workloads.
#pragma once

#include <span>

#include "cluster/paste/draft.hpp"
#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

// Reads every line from "Name:" to before "Events:". Works by the names of the keys, with the indentation as a help,
// so that texts that have lost it are read too. Writes metadata, spec and status of `pod`.
void read_pod(std::span<const Line> lines, Draft& pod);

// The lines below "Pod Template:"; writes metadata and spec of `pod_template`.
void read_pod_template(std::span<const Line> lines, Draft& pod_template);

}  // namespace podcheck::cluster::paste
