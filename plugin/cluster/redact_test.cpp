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
