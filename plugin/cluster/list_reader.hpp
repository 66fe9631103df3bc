// JSON text of a list or of one object, to nodes.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/shard.hpp"
#include "document/node.hpp"
#include "document/projection.hpp"

namespace podcheck::cluster {

// Which fields are worth keeping of every object, of any resource: all but managedFields.
const document::Projection& full_projection();
// What scheduling, services and the roll-up of replicas look at, and no more: for pods and nodes by the thousand.
// nullptr for resources that have no such projection.
const document::Projection* large_list_projection(std::string_view resource);

// The little that scheduling, services and workloads look at in pods that run well.
const document::Projection& running_pod_projection();

// Copies of `node` what the projection keeps.
void copy_kept(document::Node node, const document::Projection::Step* step, document::TreeBuilder& builder);

// Whether nothing is wrong with a pod: it runs and is ready and has never restarted, or it is done.
bool runs_well(document::Node pod);
// Adds the pods to one new tree: well-running ones with the little that scheduling, services and workloads look at, at
// most `full` others as they are, and the rest as large_list_projection() has it. `full` counts down. Pods of other
// shards are kept as well-running ones are.
void keep_pods(const std::vector<document::Node>& pods, std::size_t& full,
               std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<document::Node>& items,
               const std::optional<Shard>& shard = std::nullopt);

// Adds workloads to one new tree: what a long list keeps of those that have all their pods is counts, conditions and
// images, and the others stay as they are.
void keep_workloads(const std::vector<document::Node>& workloads, std::deque<std::unique_ptr<document::Tree>>& trees,
                    std::vector<document::Node>& items);
// Whether a list of the resource is one of workloads.
bool is_workload(std::string_view resource);

// A list on disk of any size, read piece by piece by a few threads, so that neither the text nor what is not kept of it
// is in memory. Of pods that run well running_pod_projection() is kept, the first 2,000 others are read whole, the rest
// and other resources as large_list_projection() has it. False, with a sentence in `error`, when it is no list, ends
// too early, or is so long that part of it was left out: `items` has what could be kept.
bool read_large_list(const std::string& path, std::string_view resource,
                     std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<document::Node>& items,
                     std::string& error);

// The objects and lists among the elements of `list`, which lies in `tree`; a list may leave apiVersion and kind of its
// items out (those of the REST API do): they are added from `resource`.
std::vector<document::Node> name_items(document::Node list, std::string_view resource, document::Tree& tree);

// A list may leave apiVersion and kind of its items out (those of the REST API do); see name_items().
// Items that are no objects are dropped. False, with a sentence in `error`, when `json` is no list and no object.
// `trees` keeps what `items` points into.
bool read_list(std::string_view json, std::string_view resource, const document::Projection* keep,
               std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<document::Node>& items,
               std::string& error, std::string* continue_token = nullptr);

}  // namespace podcheck::cluster
