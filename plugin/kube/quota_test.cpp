#include "kube/quota.hpp"

#include <doctest/doctest.h>

#include "kube/json_test_support.hpp"

using namespace podcheck::kube;

namespace {

std::string usage(const PodTemplate& pod, const LimitRanges& ranges, std::string_view resource) {
  const ResourceList list = quota_usage(pod, ranges);
  const auto found = list.find(resource);
  return found == list.end() ? "none" : to_string(found->second);
}

std::string violations(const std::string& range, const std::string& spec) {
  const Json rule(range), json(spec);
  std::string out;
  for (const auto& v : limit_range_violations(rule.root(), pod_template_at({}, json.root()), {rule.root()})) {
    out += (out.empty() ? "" : "; ") + std::string(v.type) + " " + std::string(v.bound) + " " + v.resource + " " +
           (v.is_absent ? "absent" : v.value) + " of " + v.allowed;
  }
  return out;
}

}  // namespace

TEST_CASE("a pod uses the larger of its init containers and its app containers, with sidecars in both") {
  const Json json(
      "{'initContainers':[{'name':'s','restartPolicy':'Always','resources':{'requests':{'cpu':'100m'}}},"
      "{'name':'i','resources':{'requests':{'cpu':'2'}}}],"
      "'containers':[{'name':'a','resources':{'limits':{'cpu':'500m','memory':'1Gi'}}}]}");
  const PodTemplate pod = pod_template_at({}, json.root());
  CHECK(usage(pod, {}, "requests.cpu") == "2100m");
  CHECK(usage(pod, {}, "cpu") == "2100m");
  CHECK(usage(pod, {}, "limits.cpu") == "500m");
  CHECK(usage(pod, {}, "requests.memory") == "1Gi");
  CHECK(usage(pod, {}, "pods") == "1");
  CHECK(usage(pod, {}, "requests.nvidia.com/gpu") == "none");
}

TEST_CASE("a LimitRange fills in before a quota counts") {
  const Json range(
      "{'limits':[{'type':'Container','default':{'memory':'256Mi'},'min':{'cpu':'50m'},'max':{'cpu':'1'}}]}");
  const Json json("{'containers':[{'name':'a'},{'name':'b','resources':{'requests':{'memory':'64Mi'}}}]}");
  const PodTemplate pod = pod_template_at({}, json.root());
  CHECK(usage(pod, {range.root()}, "requests.memory") == "320Mi");
  CHECK(usage(pod, {range.root()}, "limits.memory") == "512Mi");
  CHECK(usage(pod, {range.root()}, "limits.cpu") == "2");    // max stands in for default
  CHECK(usage(pod, {range.root()}, "requests.cpu") == "2");  // and that for defaultRequest
}

TEST_CASE("a quota on CPU or memory makes the field mandatory") {
  const Json quota("{'hard':{'requests.cpu':'1','limits.memory':'1Gi','pods':'5'}}");
  const Json json("{'containers':[{'name':'a','resources':{'limits':{'cpu':'1'}}}]}");
  const PodTemplate pod = pod_template_at({}, json.root());
  const auto missing = unspecified_under(quota.root(), pod, {});
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].resource == "limits.memory");
  CHECK(missing[0].container->name == "a");
}

TEST_CASE("scopes choose the pods that a quota counts") {
  struct Case {
    const char* quota;
    const char* pod;
    bool covers;
  };
  const char* plain = "{'containers':[{'name':'a'}]}";
  const char* sized = "{'containers':[{'name':'a','resources':{'requests':{'cpu':'1'}}}]}";
  const char* important = "{'priorityClassName':'high','containers':[{'name':'a'}]}";
  for (const Case& c :
       {Case{"{}", plain, true}, Case{"{'scopes':['BestEffort']}", plain, true},
        Case{"{'scopes':['BestEffort']}", sized, false}, Case{"{'scopes':['NotBestEffort']}", sized, true},
        Case{"{'scopes':['Terminating']}", plain, false},
        Case{"{'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'In','values':['high']}]}}",
             important, true},
        Case{"{'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'In','values':['high']}]}}",
             plain, false}}) {
    const Json quota(c.quota), json(c.pod);
    CAPTURE(std::string(c.quota));
    CHECK(quota_covers(quota.root(), pod_template_at({}, json.root()), {}) == c.covers);
  }
}

TEST_CASE("a LimitRange bounds containers and pods") {
  const char* container =
      "{'limits':[{'type':'Container','min':{'memory':'64Mi'},'max':{'memory':'1Gi'},"
      "'maxLimitRequestRatio':{'memory':'2'}}]}";
  const auto sized = [](const std::string& request, const std::string& limit) {
    return "{'containers':[{'name':'a','resources':{'requests':{'memory':'" + request + "'},'limits':{'memory':'" +
           limit + "'}}}]}";
  };
  CHECK(violations(container, sized("512Mi", "1Gi")).empty());
  CHECK(violations(container, sized("1Gi", "2Gi")) == "Container max memory 2Gi of 1Gi");
  CHECK(violations(container, sized("32Mi", "64Mi")) == "Container min memory 32Mi of 64Mi");
  CHECK(violations(container, sized("100Mi", "1Gi")) == "Container maxLimitRequestRatio memory 10.24 of 2");
  CHECK(
      violations("{'limits':[{'type':'Pod','max':{'cpu':'1'}}]}",
                 "{'containers':[{'name':'a','resources':{'limits':{'cpu':'800m'}}},{'name':'b','resources':{'limits':{"
                 "'cpu':'800m'}}}]}") == "Pod max cpu 1600m of 1");
  CHECK(violations("{'limits':[{'type':'Pod','max':{'cpu':'1'}}]}", "{'containers':[{'name':'a'}]}") ==
        "Pod max cpu absent of 1");
}
