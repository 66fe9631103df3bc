// The tables that `kubectl get` prints.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cluster/paste/draft.hpp"
#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

// The kind of object in the rows below this header; empty when it is no header that is known.
std::string_view table_kind(std::string_view header);
// A row of `kubectl get pods` by itself: "web-1  0/1  CrashLoopBackOff  5 (3m ago)  10m".
bool is_pod_row(std::string_view text);
// Reads rows until a line that is none; returns how many lines were taken. Ages are left in the annotation
// podcheck.dev/age, what STATUS said of a pod in podcheck.dev/status.
std::size_t read_table(std::string_view header, std::span<const Line> lines, std::vector<Draft>& objects);

// phase, reasons and container states that `kubectl get pods` shows as this STATUS
// (k8s.io/kubernetes/pkg/printers/internalversion printPod, backwards).
void read_pod_status(std::string_view status, std::string_view ready, std::int64_t restarts, Draft& pod);

}  // namespace podcheck::cluster::paste
