#include "cluster/kubectl_error.hpp"

#include <doctest/doctest.h>

using namespace podcheck::cluster;

TEST_CASE("what kubectl prints on standard error names the kind of failure") {
  struct Case {
    const char* text;
    FailureKind kind;
  };
  for (const Case& c : {
           Case{"Error from server (NotFound): pods \"web\" not found\n", FailureKind::not_found},
           Case{"Error from server (Forbidden): pods is forbidden: User \"dev\" cannot list resource \"pods\" in API "
                "group \"\" in the namespace \"shop\"\n",
                FailureKind::forbidden},
           Case{"error: You must be logged in to the server (Unauthorized)\n", FailureKind::unauthorized},
           Case{"error: You must be logged in to the server (the server has asked for the client to provide "
                "credentials)\n",
                FailureKind::unauthorized},
           Case{"The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n",
                FailureKind::unreachable},
           Case{"Unable to connect to the server: dial tcp: lookup k8s.example on 10.0.0.1:53: no such host\n",
                FailureKind::unreachable},
           Case{"Unable to connect to the server: x509: certificate signed by unknown authority\n",
                FailureKind::unreachable},
           Case{"Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting "
                "headers)\n",
                FailureKind::timeout},
           Case{"error: context \"prod\" does not exist\n", FailureKind::unreachable},
           Case{"error: the server doesn't have a resource type \"pods\"\n", FailureKind::unsupported},
           Case{"Error from server (BadRequest): container \"app\" in pod \"web\" is waiting to start: "
                "ContainerCreating\n",
                FailureKind::not_found},
           Case{"Error from server (BadRequest): previous terminated container \"app\" in pod \"web\" not found\n",
                FailureKind::not_found},
           Case{"\nunable to retrieve container logs for containerd://eba2797\n", FailureKind::not_found},
           Case{"Error from server: Get \"https://10.0.0.155:10250/containerLogs/a/b/app\": dial tcp 10.0.0.155:10250: "
                "connect: no route to host\n",
                FailureKind::unreachable},
           Case{"Error from server (Timeout): the server was unable to return a response in the time allotted\n",
                FailureKind::timeout},
           Case{
               "Warning: v1 Endpoints is deprecated\nE1123 10:00:00.000000   42 memcache.go:265] couldn't get current "
               "server API group list: Get \"http://localhost:8080/api\": dial tcp 127.0.0.1:8080: connect: connection "
               "refused\nThe connection to the server localhost:8080 was refused - did you specify the right host or "
               "port?\n",
               FailureKind::unreachable},
           Case{"Error from server (NotFound): the server could not find the requested resource\n",
                FailureKind::unsupported},
           Case{"something new\n", FailureKind::other},
           Case{"", FailureKind::other},
       }) {
    CAPTURE(c.text);
    CHECK(classify_kubectl_error(c.text).kind == c.kind);
  }
}

TEST_CASE("the detail is the line that says why, not a warning beside it") {
  Failure failure = classify_kubectl_error(
      "Warning: something is deprecated\nError from server (NotFound): pods \"web\" not found\n\n");
  CHECK(failure.detail == "Error from server (NotFound): pods \"web\" not found");
}
