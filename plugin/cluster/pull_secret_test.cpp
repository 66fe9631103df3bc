#include "cluster/pull_secret.hpp"

#include <doctest/doctest.h>

#include "document/document.hpp"

using namespace podcheck;
using Hosts = std::vector<std::string>;

TEST_CASE("registries are named alike however the secret writes them") {
  CHECK(cluster::normalise_registry("https://index.docker.io/v1/") == "docker.io");
  CHECK(cluster::normalise_registry("registry-1.docker.io") == "docker.io");
  CHECK(cluster::normalise_registry("http://REG.example.com:5000/v2/") == "reg.example.com:5000");
  CHECK(cluster::normalise_registry("ghcr.io/Team") == "ghcr.io/Team");
}

TEST_CASE("the hosts of a docker configuration are kept and its text is wiped") {
  std::string config = R"({"auths":{"ghcr.io":{"auth":"c2VjcmV0"},"https://index.docker.io/v1/":{"password":"x"}}})";
  auto hosts = cluster::registry_hosts_of_config(config, false);
  REQUIRE(hosts.has_value());
  CHECK(*hosts == Hosts{"docker.io", "ghcr.io"});
  CHECK(config.empty());
  std::string old = R"({"quay.io":{"auth":"c2VjcmV0"}})";
  CHECK(cluster::registry_hosts_of_config(old, true) == Hosts{"quay.io"});
  for (std::string broken : {"", "[]", "{\"auths\":[]}", "{\"auths\":"}) {
    CAPTURE(broken);
    CHECK_FALSE(cluster::registry_hosts_of_config(broken, false).has_value());
  }
}

TEST_CASE("a secret's hosts come from its data or from what capture kept") {
  auto hosts_of = [](std::string_view json) {
    document::Tree tree;
    std::string error;
    REQUIRE(document::parse_json(json, tree, error));
    return cluster::registry_hosts(tree.root());
  };
  CHECK(hosts_of(R"({"data":{".dockerconfigjson":"eyJhdXRocyI6eyJnaGNyLmlvIjp7fX19"}})") == Hosts{"ghcr.io"});
  CHECK(hosts_of(R"({"metadata":{"annotations":{"podcheck.dev/registry-hosts":"a.example,b.example:5000"}}})") ==
        Hosts{"a.example", "b.example:5000"});
  CHECK_FALSE(hosts_of(R"({"data":{".dockerconfigjson":"%%%"}})").has_value());
  CHECK_FALSE(hosts_of(R"({"type":"Opaque"})").has_value());
}
