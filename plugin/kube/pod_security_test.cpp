#include "kube/pod_security.hpp"

#include <doctest/doctest.h>

#include "kube/json_test_support.hpp"

using namespace podcheck::kube;

namespace {

std::string verdict(const std::string& pod, PodSecurityLevel level, int minor = PodSecurityPolicy::latest) {
  const Json json(pod);
  return pod_security_message(
      pod_security_violations(pod_template_at(json.root()["metadata"], json.root()["spec"]), {level, minor}));
}

std::string of_spec(const std::string& spec, PodSecurityLevel level, int minor = PodSecurityPolicy::latest) {
  return verdict("{'spec':{" + spec + "}}", level, minor);
}

}  // namespace

TEST_CASE("restricted names what a plain pod lacks in the admission plugin's words and order") {
  CHECK(
      of_spec("'containers':[{'name':'app'}]", PodSecurityLevel::restricted) ==
      "allowPrivilegeEscalation != false (container \"app\" must set securityContext.allowPrivilegeEscalation=false), "
      "unrestricted capabilities (container \"app\" must set securityContext.capabilities.drop=[\"ALL\"]), "
      "runAsNonRoot != true (pod or container \"app\" must set securityContext.runAsNonRoot=true), "
      "seccompProfile (pod or container \"app\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or "
      "\"Localhost\")");
}

TEST_CASE("each control of baseline") {
  struct Case {
    const char* spec;
    const char* expected;
  };
  for (const Case& c : {
           Case{"'containers':[{'name':'a'}]", ""},
           Case{"'hostNetwork':true,'hostPID':true,'containers':[{'name':'a'}]",
                "host namespaces (hostNetwork=true, hostPID=true)"},
           Case{"'containers':[{'name':'a','securityContext':{'privileged':true}},{'name':'b','securityContext':{"
                "'privileged':true}}]",
                "privileged (containers \"a\", \"b\" must not set securityContext.privileged=true)"},
           Case{"'containers':[{'name':'a','securityContext':{'capabilities':{'add':['SYS_TIME','NET_ADMIN','CHOWN']}}}"
                "]",
                "non-default capabilities (container \"a\" must not include \"NET_ADMIN\", \"SYS_TIME\" in "
                "securityContext.capabilities.add)"},
           Case{"'volumes':[{'name':'v','hostPath':{'path':'/'}}],'containers':[{'name':'a'}]",
                "hostPath volumes (volume \"v\")"},
           Case{"'containers':[{'name':'a','ports':[{'hostPort':80},{'hostPort':443}]}]",
                "hostPort (container \"a\" uses hostPorts 443, 80)"},
           Case{"'securityContext':{'seccompProfile':{'type':'Unconfined'}},'containers':[{'name':'a'}]",
                "seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")"},
           Case{"'securityContext':{'sysctls':[{'name':'kernel.msgmax'},{'name':'net.ipv4.tcp_syncookies'}]},"
                "'containers':[{'name':'a'}]",
                "forbidden sysctls (kernel.msgmax)"},
           Case{
               "'containers':[{'name':'a','securityContext':{'seLinuxOptions':{'type':'spc_t','user':'u'}}}]",
               "seLinuxOptions (container \"a\" set forbidden securityContext.seLinuxOptions: type \"spc_t\"; user may "
               "not be set)"},
           Case{"'securityContext':{'windowsOptions':{'hostProcess':true}},'containers':[{'name':'a'}]",
                "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)"},
       }) {
    CAPTURE(std::string(c.spec));
    CHECK(of_spec(c.spec, PodSecurityLevel::baseline) == c.expected);
    CHECK(of_spec(c.spec, PodSecurityLevel::privileged).empty());
  }
}

TEST_CASE("a complete security context is admitted by restricted") {
  CHECK(of_spec("'securityContext':{'runAsNonRoot':true,'seccompProfile':{'type':'RuntimeDefault'}},"
                "'containers':[{'name':'a','securityContext':{'allowPrivilegeEscalation':false,'capabilities':{'drop':["
                "'ALL'],'add':['NET_BIND_SERVICE']}}}],'volumes':[{'name':'v','emptyDir':{}}]",
                PodSecurityLevel::restricted)
            .empty());
}

TEST_CASE("init containers count, and a container's own setting wins over the pod's") {
  const std::string good = "'securityContext':{'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL']}";
  CHECK(of_spec("'securityContext':{'runAsNonRoot':true,'seccompProfile':{'type':'RuntimeDefault'}},"
                "'initContainers':[{'name':'i'," +
                    good + ",'runAsNonRoot':false}}],'containers':[{'name':'a'," + good + "}}]",
                PodSecurityLevel::restricted) ==
        "runAsNonRoot != true (container \"i\" must not set securityContext.runAsNonRoot=false)");
}

TEST_CASE("controls hold from the version that brought them") {
  const char* probe = "'containers':[{'name':'a','livenessProbe':{'httpGet':{'host':'example.com'}}}]";
  CHECK(of_spec(probe, PodSecurityLevel::baseline, 33).empty());
  CHECK(of_spec(probe, PodSecurityLevel::baseline, 34) ==
        "probe or lifecycle host (container \"a\" uses probe or lifecycle host \"example.com\")");
  const char* sysctl = "'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_rmem'}]},'containers':[{'name':'a'}]";
  CHECK_FALSE(of_spec(sysctl, PodSecurityLevel::baseline, 31).empty());
  CHECK(of_spec(sysctl, PodSecurityLevel::baseline, 32).empty());
}

TEST_CASE("the labels of a Namespace tell level and version") {
  struct Case {
    const char* labels;
    const char* name;
  };
  for (const Case& c :
       {Case{"{}", "privileged:latest"}, Case{"{'pod-security.kubernetes.io/warn':'restricted'}", "privileged:latest"},
        Case{"{'pod-security.kubernetes.io/enforce':'baseline'}", "baseline:latest"},
        Case{"{'pod-security.kubernetes.io/enforce':'restricted',"
             "'pod-security.kubernetes.io/enforce-version':'v1.30'}",
             "restricted:v1.30"},
        Case{"{'pod-security.kubernetes.io/enforce':'strict'}", "restricted:latest"}}) {
    const Json json(c.labels);
    CHECK(enforced_policy(json.root()).name() == c.name);
  }
}
