// The API server's own verdict on an object, by server-side dry run.
#pragma once

#include <memory>
#include <string>

#include "cluster/kubectl_source.hpp"
#include "cluster/process.hpp"
#include "document/node.hpp"

namespace podcheck::preflight {

struct Answer {
  enum class Kind : std::uint8_t {
    accepted,
    refused,
    exists,      // an object of this name is there already: admission had no objection
    no_dry_run,  // a webhook that does not support dry run
    unknown      // no answer: forbidden, unreachable, kubectl missing
  } kind = Kind::unknown;
  std::string message;                   // the server's words, without kubectl's frame
  std::unique_ptr<document::Tree> tree;  // the object as admitted, when it was accepted
};

class Server {
 public:
  virtual ~Server() = default;
  // `json`: the whole object.
  virtual Answer create(const std::string& json, const std::string& namespace_) = 0;
};

// Runs `kubectl create --dry-run=server` on a file of its own, which is removed at once.
class KubectlServer : public Server {
 public:
  KubectlServer(cluster::KubectlOptions options, cluster::Runner& runner)
      : options_(std::move(options)), runner_(runner) {}
  Answer create(const std::string& json, const std::string& namespace_) override;

 private:
  cluster::KubectlOptions options_;
  cluster::Runner& runner_;
};

}  // namespace podcheck::preflight
