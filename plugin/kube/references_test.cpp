#include "kube/references.hpp"

#include <doctest/doctest.h>

#include "kube/json_test_support.hpp"

using namespace podcheck::kube;

namespace {

std::string references_in(const std::string& text) {
  const Json json(text);
  std::string out;
  for (const Reference& r : references(*as_object(json.root()))) {
    out += (out.empty() ? "" : " ") + std::string(r.kind) + "/" + std::string(r.name);
    if (!r.namespace_.empty())
      out += "@" + std::string(r.namespace_);
    if (!r.key.empty())
      out += "#" + std::string(r.key);
    if (r.port)
      out += ":" + r.port.text();
    if (r.optional)
      out += "?";
  }
  return out;
}

std::string definitions_in(const std::string& text) {
  const Json json(text);
  std::string out;
  for (const Definition& d : definitions(*as_object(json.root())))
    out += (out.empty() ? "" : " ") + std::string(d.kind) + "/" + std::string(d.name) + (d.prefix ? "*" : "");
  return out;
}

}  // namespace

TEST_CASE("everything that a pod names") {
  CHECK(references_in(
            "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'serviceAccountName':'sa',"
            "'priorityClassName':'high','imagePullSecrets':[{'name':'pull'},{'name':''}],"
            "'containers':[{'name':'a','env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'c','key':'k'}}},"
            "{'name':'B','valueFrom':{'secretKeyRef':{'name':'s','key':'k','optional':true}}}],"
            "'envFrom':[{'configMapRef':{'name':'f'}},{'prefix':'X_','secretRef':{'name':'g','optional':true}}]}],"
            "'volumes':[{'name':'v','secret':{'secretName':'t','items':[{'key':'crt','path':'p'}]}},"
            "{'name':'w','projected':{'sources':[{'configMap':{'name':'m'}}]}},"
            "{'name':'x','persistentVolumeClaim':{'claimName':'data'}}]}}") ==
        "ConfigMap/c#k Secret/s#k? ConfigMap/f Secret/g? Secret/t Secret/t#crt ConfigMap/m PersistentVolumeClaim/data "
        "ServiceAccount/sa PriorityClass/high Secret/pull");
}

TEST_CASE("what other kinds name") {
  CHECK(references_in("{'apiVersion':'networking.k8s.io/v1','kind':'Ingress','metadata':{'name':'i'},'spec':{"
                      "'defaultBackend':{'service':{'name':'d','port':{'name':'http'}}},'tls':[{'secretName':'t'}],"
                      "'rules':[{'http':{'paths':[{'backend':{'service':{'name':'s','port':{'number':80}}}}]}}]}}") ==
        "Service/d:http Service/s:80 Secret/t");
  CHECK(
      references_in("{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRoleBinding','metadata':{'name':'b'},"
                    "'roleRef':{'kind':'ClusterRole','name':'r'},'subjects':[{'kind':'User','name':'u'},"
                    "{'kind':'ServiceAccount','name':'a','namespace':'n'}]}") == "ClusterRole/r ServiceAccount/a@n");
  CHECK(references_in("{'apiVersion':'gateway.networking.k8s.io/v1','kind':'HTTPRoute','metadata':{'name':'r'},'spec':{"
                      "'parentRefs':[{'name':'g'}],'rules':[{'backendRefs':[{'name':'s','port':80,'namespace':'n'},"
                      "{'kind':'Other','name':'o'}]}]}}") == "Gateway/g Service/s@n:80");
}

TEST_CASE("what comes into being with an object") {
  CHECK(definitions_in("{'apiVersion':'external-secrets.io/v1','kind':'ExternalSecret','metadata':{'name':'e'},"
                       "'spec':{'target':{'name':'t'}}}") == "ExternalSecret/e Secret/t Secret/e");
  CHECK(definitions_in("{'apiVersion':'cert-manager.io/v1','kind':'Certificate','metadata':{'name':'c'},"
                       "'spec':{'secretName':'tls'}}") == "Certificate/c Secret/tls");
  CHECK(definitions_in("{'apiVersion':'batch/v1','kind':'Job','metadata':{'generateName':'j-'},'spec':{}}") ==
        "Job/j-*");
}

TEST_CASE("names that are nearly the same") {
  struct Case {
    const char* a;
    const char* b;
    bool near;
    bool related;
  };
  for (const Case& c :
       {Case{"regcred", "reg-cred", true, false}, Case{"web-setings", "web-settings", true, false},
        Case{"db-a", "db-b", false, false}, Case{"config-1", "config-2", false, false},
        Case{"orders-db-data", "orders-data", false, true}, Case{"gateway-config", "gateway-conf", false, true},
        Case{"app-config-prod", "app-config", false, false}, Case{"web-tls", "api-tls", false, false},
        Case{"web", "web-config", false, false}, Case{"same", "same", false, false},
        Case{"buisness-critical", "business-critical", true, false}}) {
    CAPTURE(std::string(c.a));
    CHECK(is_near_miss(c.a, c.b) == c.near);
    CHECK(is_near_miss(c.b, c.a) == c.near);
    if (!c.near)
      CHECK(is_related_name(c.a, c.b) == c.related);
  }
}

TEST_CASE("kustomize's hashed names") {
  CHECK(is_hashed_name("web-config-7k2h5tbf9d", "web-config"));
  CHECK_FALSE(is_hashed_name("web-config-production", "web-config"));
  CHECK_FALSE(is_hashed_name("web-config", "web-config"));
}
