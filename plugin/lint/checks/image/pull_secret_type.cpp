#include "lint/checks/container/place.hpp"
#include "lint/checks/image/checks.hpp"
#include "lint/checks/image/pull_secrets.hpp"

namespace podcheck::lint {

namespace {

const char* variant_of(DockerConfig::Fault fault) {
  switch (fault) {
    case DockerConfig::Fault::key:
      return "key";
    case DockerConfig::Fault::base64:
      return "base64";
    case DockerConfig::Fault::json:
      return "json";
    case DockerConfig::Fault::auths:
      return "auths";
    default:
      return "";
  }
}

}  // namespace

// A Secret that is named in imagePullSecrets but that the kubelet cannot read credentials from.
void check_image_pull_secret_type(const Place& place, Reporter& reporter) {
  for (const PullSecret& used : pull_secrets(place).secrets) {
    if (used.secret == nullptr) {
      continue;
    }
    DockerConfig config = docker_config(*used.secret);
    // A Secret whose data was left out (exported, or filled in later) says nothing about its contents.
    bool no_data = used.secret->object.root["data"].empty() && used.secret->object.root["stringData"].empty();
    bool contents = config.fault != DockerConfig::Fault::type && config.fault != DockerConfig::Fault::none;
    if (config.fault == DockerConfig::Fault::none || (contents && no_data)) {
      continue;
    }
    Hit hit;
    hit.at = used.reference;
    hit.object = used.owner;
    hit.variant = variant_of(config.fault);
    hit.values = {{"secret", std::string(used.name)}, {"type", std::string(config.type)}};
    hit.related.push_back({config.at, "secret", used.secret});
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
