#include "cluster/redact.hpp"

#include <doctest/doctest.h>

using namespace podcheck::cluster;

TEST_CASE("credentials are masked and the rest of the text is kept") {
  struct Case {
    const char* text;
    const char* clean;
  };
  for (const Case& c : {
           Case{"plain text", "plain text"},
           Case{"postgres://app:s3cret@db:5432/x", "postgres://***@db:5432/x"},
           Case{"http://host:8080/path@x", "http://host:8080/path@x"},
           Case{"git@github.com:a/b", "git@github.com:a/b"},
           Case{"PASSWORD=hunter2 next", "PASSWORD=*** next"},
           Case{R"({"token":"abc","user":"bob"})", R"({"token":"***","user":"bob"})"},
           Case{"Authorization: Bearer abc.def", "Authorization: Bearer ***"},
           Case{R"(header b'Bearer abc.def\n')", R"(header b'Bearer ***\n')"},
           Case{R"(token="abc\r\n" next)", R"(token="***\r\n" next)"},
           Case{R"(password=C:\new)", "password=***"},
           Case{"redis://:p@ss@cache:6379", "redis://***@cache:6379"},
           Case{"Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==", "Proxy-Authorization: Basic ***"},
           Case{"basic checks passed", "basic checks passed"},
           Case{"token: not found in the request", "token: not found in the request"},
           Case{"password: hunter", "password: ***"},
           Case{"secretName: web-tls-2024, mode", "secretName: web-tls-2024, mode"},
           Case{R"("secretKeyRef": {"key": "token", "name": "carrier"})",
                R"("secretKeyRef": {"key": "token", "name": "carrier"})"},
           Case{"key AKIAIOSFODNN7EXAMPLE end", "key *** end"},
           Case{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijkl ok", "*** ok"},
           Case{"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb", "a\n***\nb"},
           Case{"the secret \"db\" was not found", "the secret \"db\" was not found"},
           Case{"couldn't find key password in Secret shop/db", "couldn't find key password in Secret shop/db"},
           Case{"password=", "password="},
       }) {
    CAPTURE(c.text);
    CHECK(redact(c.text) == c.clean);
  }
}

TEST_CASE("names of variables promise secrets or do not") {
  for (const char* name : {"DB_PASSWORD", "apiKey", "API_KEY", "SESSION_TOKEN", "clientSecret", "MYSQL_ROOT_PWD"}) {
    CAPTURE(name);
    CHECK(names_a_secret(name));
  }
  for (const char* name : {"DB_HOST", "PORT", "LOG_LEVEL", "KEYBOARD", "PATH"}) {
    CAPTURE(name);
    CHECK_FALSE(names_a_secret(name));
  }
}
