// A live cluster, read with the user's own kubectl.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cluster/process.hpp"
#include "cluster/shard.hpp"
#include "cluster/snapshot.hpp"
#include "cluster/text_file.hpp"

namespace podcheck::cluster {

struct KubectlOptions {
  std::string program = "kubectl";
  // kubectl's own flags, as the user gave them: {"--context", "prod", "--as=dev"}. Namespaces are not among them.
  std::vector<std::string> flags;
  std::chrono::milliseconds deadline = std::chrono::seconds(30);    // of each command
  std::chrono::milliseconds retry_pause = std::chrono::seconds(1);  // before a busy server is asked again
  std::size_t page_size = 1000;
  LogLimits logs;
  std::optional<Time> now;  // for tests; otherwise the clock
  // Of what lies in other shards only what scheduling looks at is kept.
  std::optional<Shard> shard;
  bool inspect_pull_secrets = false;  // reads pull secrets in this process and keeps their registry hosts only
  // Told now and then how many objects of a resource have arrived, for progress on long lists; with no resource: that
  // nothing more is on its way for now.
  std::function<void(const std::string& resource, std::size_t count)> progress;
};

// --kubectl, else $KUBECTL_PATH, else "kubectl".
std::string find_kubectl(const std::string& option);

// Lists are read in pages with `get --raw`, which needs no discovery. managedFields are not kept. Of lists longer than
// a page, pods that run well are kept as large_list_projection() says. Secrets come without their data: a list from
// kubectl's table (name, type), a single one with the names of its keys.
// Names and namespaces that could be taken for something else (flags, paths) are answered with not_found, unasked.
std::unique_ptr<Source> open_kubectl(KubectlOptions options, std::unique_ptr<Runner> runner);

// What `kubectl create --dry-run=server -f FILE` says of a manifest on the live cluster: the outcome as kubectl ends.
// `format` is kubectl's -o: "json" prints the objects as they would be stored.
Outcome dry_run_create(const KubectlOptions& options, Runner& runner, const std::string& file,
                       const std::string& namespace_, const std::string& format = "name");

// Whether the user may: {"get", "secrets"}; nullopt when kubectl did not answer yes or no.
std::optional<bool> can_i(const KubectlOptions& options, Runner& runner, const std::string& verb,
                          const std::string& resource, const std::string& namespace_);

}  // namespace podcheck::cluster
