// Image references as the kubelet reads them (github.com/distribution/reference).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace podcheck::kube {

struct ImageReference {
  std::string_view domain;      // as written: "registry:5000"; empty when the reference has none
  std::string_view path;        // as written, without domain, tag and digest: "nginx", "team/app"
  std::string_view repository;  // domain and path as written
  std::string_view tag;         // empty when there is none
  std::string_view digest;      // "sha256:…"; empty when there is none
  // The host that is asked, "docker.io" for Docker Hub and its aliases.
  std::string registry() const;
  // Docker Hub's library/ is spelled out: "docker.io/library/nginx".
  std::string canonical_repository() const;
  std::string_view basename() const;  // last part of the path: "nginx"
  bool is_docker_hub() const;
  // No tag and no digest, or the tag latest.
  bool follows_latest() const;
};

// Why a text is no image reference; the pod's status is then InvalidImageName.
struct ImageError {
  enum class Kind : std::uint8_t {
    none,
    empty,
    blank,          // white space
    scheme,         // http://, https://, docker://
    uppercase,      // the repository has to be lower case
    variable,       // ${TAG}, $(TAG), {{ … }}, <tag>
    empty_tag,      // nginx:
    bad_tag,        // longer than 128, or a wrong character
    empty_digest,   // nginx@
    bad_digest,     // not algorithm:hex
    digest_length,  // sha256 needs 64 digits
    digest_algorithm,
    bad_domain,
    double_slash,  // an empty part of the path
    bad_character,
    bad_separator,  // ___, .., a part that begins or ends with . _ -
    too_long,       // more than 255 characters
    bare_digest     // 64 hexadecimal digits and nothing else
  } kind = Kind::none;
  std::size_t at = 0;  // byte in the text
};

std::optional<ImageReference> parse_image(std::string_view text, ImageError* error = nullptr);

// The host of a key in a pull secret's `auths` ("https://index.docker.io/v1/" → "docker.io"), path left out.
std::string registry_host(std::string_view auths_key);
// Whether the credentials of that key are offered for the image: same host (with *.), path a prefix of the repository.
// k8s.io/kubernetes pkg/credentialprovider/keyring.go
bool credentials_match(std::string_view auths_key, const ImageReference& image);

}  // namespace podcheck::kube
