#include "lint/schema/types.hpp"

#include <doctest/doctest.h>

using namespace podcheck::lint::schema;

TEST_CASE("built-in types know every version's kinds and fields") {
  const Types& types = Types::built_in();
  CHECK(types.oldest() == 28);
  CHECK(types.newest() == 36);
  const Kind* deployment = types.kind("apps/v1", "Deployment");
  REQUIRE(deployment != nullptr);
  CHECK(deployment->in(28));
  const Type& type = types.type(deployment->type);
  CHECK(type.name == "apps.v1.Deployment");
  CHECK(types.field(type, "spec", 36) != nullptr);
  CHECK(types.field(type, "specs", 36) == nullptr);
  CHECK(types.kind("extensions/v1beta1", "Deployment") == nullptr);
  CHECK(types.knows_group("apps"));
  CHECK(types.knows_group(""));
  CHECK_FALSE(types.knows_group("example.com"));
}

TEST_CASE("fields carry the versions that have them") {
  const Types& types = Types::built_in();
  const Kind* pod = types.kind("v1", "Pod");
  REQUIRE(pod != nullptr);
  const Type& spec = types.type(types.field(types.type(pod->type), "spec", 36)->type);
  CHECK(types.field(spec, "resources", 36) != nullptr);
  CHECK(types.field(spec, "resources", 28) == nullptr);
  CHECK(types.field_ever(spec, "resources")->since > 28);
  const Kind* flow = types.kind("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema");
  REQUIRE(flow != nullptr);
  CHECK(flow->in(31));
  CHECK_FALSE(flow->in(32));
}
