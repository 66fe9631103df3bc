#include "kube/image.hpp"

#include <doctest/doctest.h>

using namespace podcheck::kube;

namespace {
const std::string hex64(64, 'a');
}

TEST_CASE("image references are taken apart as the kubelet does") {
  struct Row {
    std::string text;
    const char* registry;
    const char* repository;
    std::string tag;
    bool digest;
  };
  for (const Row& row : {Row{"nginx", "docker.io", "docker.io/library/nginx", "", false},
                         Row{"nginx:1.27", "docker.io", "docker.io/library/nginx", "1.27", false},
                         Row{"registry:5000/app", "registry:5000", "registry:5000/app", "", false},
                         Row{"registry:5000/app:v1", "registry:5000", "registry:5000/app", "v1", false},
                         Row{"localhost/app", "localhost", "localhost/app", "", false},
                         Row{"docker.io/nginx", "docker.io", "docker.io/library/nginx", "", false},
                         Row{"index.docker.io/library/nginx", "docker.io", "docker.io/library/nginx", "", false},
                         Row{"registry-1.docker.io/team/app:2", "docker.io", "docker.io/team/app", "2", false},
                         Row{"ghcr.io/a/b/c__d-e.f@sha256:" + hex64, "ghcr.io", "ghcr.io/a/b/c__d-e.f", "", true},
                         Row{"app:1@sha256:" + hex64, "docker.io", "docker.io/library/app", "1", true},
                         Row{"[::1]:5000/app:x", "[::1]:5000", "[::1]:5000/app", "x", false},
                         Row{"10.0.0.1:5000/a", "10.0.0.1:5000", "10.0.0.1:5000/a", "", false},
                         Row{"app:_x", "docker.io", "docker.io/library/app", "_x", false},
                         Row{"Registry/app", "Registry", "Registry/app", "", false},
                         Row{"a---b/c", "docker.io", "docker.io/a---b/c", "", false}}) {
    CAPTURE(row.text);
    auto image = parse_image(row.text);
    REQUIRE(image);
    CHECK(image->registry() == row.registry);
    CHECK(image->canonical_repository() == row.repository);
    CHECK(image->tag == row.tag);
    CHECK(image->digest.empty() != row.digest);
  }
  CHECK(parse_image("registry:5000/app")->follows_latest());
  CHECK(parse_image("registry:5000/app:latest")->follows_latest());
  CHECK_FALSE(parse_image("app@sha256:" + hex64)->follows_latest());
  CHECK(parse_image("quay.io/keycloak/keycloak:26")->basename() == "keycloak");
}

TEST_CASE("a malformed reference names the fault and the character") {
  using Kind = ImageError::Kind;
  struct Row {
    std::string text;
    Kind kind;
    std::size_t at;
  };
  for (const Row& row : {Row{"", Kind::empty, 0},
                         Row{"Nginx:1", Kind::uppercase, 0},
                         Row{"ghcr.io/Team/app", Kind::uppercase, 8},
                         Row{"https://ghcr.io/team/app", Kind::scheme, 0},
                         Row{"docker://nginx", Kind::scheme, 0},
                         Row{"nginx:", Kind::empty_tag, 6},
                         Row{"nginx:1.27 ", Kind::blank, 10},
                         Row{"my image", Kind::blank, 2},
                         Row{"nginx:${TAG}", Kind::variable, 6},
                         Row{"{{ .Values.image }}", Kind::variable, 0},
                         Row{"nginx:<tag>", Kind::variable, 6},
                         Row{"nginx@sha256:abc", Kind::digest_length, 13},
                         Row{"nginx@sha256:" + std::string(64, 'G'), Kind::bad_digest, 13},
                         Row{"nginx@md5:abc", Kind::digest_algorithm, 6},
                         Row{"nginx@", Kind::empty_digest, 6},
                         Row{"nginx@latest", Kind::bad_digest, 6},
                         Row{"nginx:a:b", Kind::bad_tag, 7},
                         Row{"nginx:-a", Kind::bad_tag, 6},
                         Row{"nginx:" + std::string(129, 'a'), Kind::bad_tag, 134},
                         Row{"ghcr.io//app", Kind::double_slash, 8},
                         Row{"/app", Kind::double_slash, 0},
                         Row{"app/", Kind::double_slash, 4},
                         Row{"a..b", Kind::bad_separator, 1},
                         Row{"a___b", Kind::bad_separator, 1},
                         Row{"-app", Kind::bad_separator, 0},
                         Row{"app_", Kind::bad_separator, 3},
                         Row{"a+b", Kind::bad_character, 1},
                         Row{"ghcr.io:http/app", Kind::bad_domain, 8},
                         Row{"-a.b/app", Kind::bad_domain, 0},
                         Row{hex64, Kind::bare_digest, 0},
                         Row{std::string(256, 'a'), Kind::too_long, 0}}) {
    CAPTURE(row.text);
    ImageError error;
    CHECK_FALSE(parse_image(row.text, &error));
    CHECK(static_cast<int>(error.kind) == static_cast<int>(row.kind));
    CHECK(error.at == row.at);
  }
}

TEST_CASE("credentials are offered by host and path") {
  struct Row {
    const char* key;
    const char* image;
    bool match;
  };
  for (const Row& row :
       {Row{"https://index.docker.io/v1/", "nginx", true}, Row{"docker.io", "docker.io/team/app", true},
        Row{"registry-1.docker.io", "team/app", true}, Row{"docker.io/team", "other/app", false},
        Row{"ghcr.io", "ghcr.io/a/b", true}, Row{"ghcr.io", "nginx", false},
        Row{"https://ghcr.io/", "ghcr.io/a/b", true}, Row{"ghcr.io/a", "ghcr.io/a/b", true},
        Row{"ghcr.io/c", "ghcr.io/a/b", false}, Row{"registry:5000", "registry:5000/app", true},
        Row{"registry", "registry:5000/app", false}, Row{"*.example.com", "r1.example.com/app", true},
        Row{"*.example.com", "a.b.example.com/app", false},
        Row{"http://harbor.example.com/v2/", "harbor.example.com/team/app", true}}) {
    CAPTURE(row.key);
    CAPTURE(row.image);
    CHECK(credentials_match(row.key, *parse_image(row.image)) == row.match);
  }
  CHECK(registry_host("https://index.docker.io/v1/") == "docker.io");
  CHECK(registry_host("https://harbor.example.com:8443/v2/") == "harbor.example.com:8443");
}
