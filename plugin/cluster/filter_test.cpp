#include "cluster/filter.hpp"

#include <doctest/doctest.h>

#include "document/document.hpp"

using namespace podcheck;
using cluster::Filter;
using cluster::LabelSelector;
using cluster::Query;

namespace {

struct Parsed {
  document::Tree tree;
  explicit Parsed(std::string_view json) {
    std::string error;
    REQUIRE(document::parse_json(json, tree, error));
  }
};

}  // namespace

TEST_CASE("label selectors select what kubectl -l selects") {
  Parsed labels(R"({"app":"web","tier":"front","canary":""})");
  struct Case {
    const char* selector;
    bool selected;
  };
  for (const Case& c : {Case{"", true},
                        Case{"app=web", true},
                        Case{"app==web", true},
                        Case{"app=api", false},
                        Case{"app!=api", true},
                        Case{"app!=web", false},
                        Case{"missing!=x", true},
                        Case{"app", true},
                        Case{"missing", false},
                        Case{"!missing", true},
                        Case{"!app", false},
                        Case{"app in (web,api)", true},
                        Case{"app in (api)", false},
                        Case{"app notin (api, db)", true},
                        Case{"app notin (web)", false},
                        Case{"missing notin (a)", true},
                        Case{"app=web,tier=front", true},
                        Case{"app=web,tier=back", false},
                        Case{"app in (web), !missing , canary=", true},
                        Case{"app of (web)", false},
                        Case{"a b", false}}) {
    CAPTURE(c.selector);
    CHECK(LabelSelector(c.selector).matches(labels.tree.root()) == c.selected);
  }
}

TEST_CASE("queries filter by namespace, name and fields") {
  Parsed pod(
      R"({"kind":"Pod","metadata":{"name":"a","namespace":"shop"},"spec":{"nodeName":"n1"},"status":{"phase":"Running"}})");
  Parsed node(R"({"kind":"Node","metadata":{"name":"n1"},"spec":{"unschedulable":true}})");
  CHECK(Filter(Query{"pods", "shop", "", "", ""}).matches(pod.tree.root()));
  CHECK(Filter(Query{"pods", "", "a", "", ""}).matches(pod.tree.root()));
  CHECK_FALSE(Filter(Query{"pods", "pay", "", "", ""}).matches(pod.tree.root()));
  CHECK_FALSE(Filter(Query{"pods", "shop", "b", "", ""}).matches(pod.tree.root()));
  CHECK(Filter(Query{"nodes", "shop", "", "", ""}).matches(node.tree.root()));
  CHECK(Filter(Query{"nodes", "", "", "", "spec.unschedulable=true"}).matches(node.tree.root()));
  CHECK(Filter(Query{"pods", "", "", "", "status.phase!=Failed,spec.nodeName=n1"}).matches(pod.tree.root()));
  CHECK_FALSE(Filter(Query{"pods", "", "", "", "spec.nodeName="}).matches(pod.tree.root()));
  CHECK(Filter(Query{"pods", "", "", "", "status.nominatedNodeName="}).matches(pod.tree.root()));
}
