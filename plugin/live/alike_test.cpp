#include "live/alike.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "document/document.hpp"

using namespace podcheck;
using document::Node;

namespace {

class Pods {
 public:
  Node add(const std::string& json) {
    auto tree = std::make_unique<document::Tree>();
    std::string error;
    REQUIRE(document::parse_json(json, *tree, error));
    trees_.push_back(std::move(tree));
    return trees_.back()->root();
  }
  Node crashed(const std::string& owner, int code) {
    return add(
        R"({"kind":"Pod","metadata":{"name":"x","ownerReferences":[{"kind":"ReplicaSet","uid":")" + owner +
        R"(","controller":true}]},"status":{"phase":"Running","containerStatuses":[{"name":"app","ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":)" +
        std::to_string(code) + R"(,"reason":"Error"}}}]}})");
  }

 private:
  std::vector<std::unique_ptr<document::Tree>> trees_;
};

// A cluster whose lists are dear, as a live one's are.
class DearSource : public cluster::Source {
 public:
  cluster::Listing list(const cluster::Query&) override { return {}; }
  cluster::Log log(const cluster::LogQuery&) override { return {}; }
  cluster::Time now() const override { return {}; }
  bool partial(std::string_view) const override { return false; }
  bool lists_are_cheap() const override { return false; }
};

}  // namespace

TEST_CASE("pods with the same trouble are alike, whatever their names; another exit code is another trouble") {
  Pods pods;
  CHECK(live::likeness(pods.crashed("a", 1)) == live::likeness(pods.crashed("b", 1)));
  CHECK(live::likeness(pods.crashed("a", 1)) != live::likeness(pods.crashed("a", 137)));
}

TEST_CASE("of many pods one of each kind and controller is looked at, of a named target three") {
  Pods pods;
  for (bool named : {false, true}) {
    cluster::Snapshot cluster(std::make_unique<DearSource>());
    live::Sample sample(cluster, named);
    int taken = 0;
    for (int i = 0; i < 10; ++i) {
      taken += sample.takes(pods.crashed("a", 1)) ? 1 : 0;
      taken += sample.takes(pods.crashed("a", 2)) ? 1 : 0;
      taken += sample.takes(pods.crashed("b", 1)) ? 1 : 0;
    }
    CHECK(taken == (named ? 9 : 3));
  }
}
