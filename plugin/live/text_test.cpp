#include "live/text.hpp"

#include <doctest/doctest.h>

using namespace podcheck::live;

TEST_CASE("patterns capture what stands between their literal parts") {
  auto hit = match("Error: couldn't find key PORT in ConfigMap shop/web",
                   "couldn't find key {key:w} in ConfigMap {ns:w}/{name:w}");
  // A capture ends where the next literal part begins.
  REQUIRE(hit);
  CHECK((*hit)["key"] == "PORT");
  CHECK((*hit)["ns"] == "shop");
  CHECK((*hit)["name"] == "web");
  CHECK_FALSE(match("nothing of the kind", "couldn't find key {key}"));
  CHECK((*match("[emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)",
                "bind() to {addr:w}:{port:d} failed"))["port"] == "80");
  // Case does not matter; a capture never crosses a line.
  CHECK(match("CONNECT: CONNECTION REFUSED", "connection refused"));
  CHECK_FALSE(match("user \"a\nb\" unknown", "user \"{user}\" unknown"));
  // Go's map[...] and {...} are literal.
  CHECK(match("for {[kubepods]} : x", "for {[kubepods]} : {rest}"));
  CHECK((*match("a KeyError: 'DATABASE_URL'", "KeyError: '{name:q}'"))["name"] == "DATABASE_URL");
}

TEST_CASE("messages are compared without what only wraps them") {
  std::string code;
  CHECK(normalise("rpc error: code = NotFound desc = failed to pull: not found", &code) == "failed to pull: not found");
  CHECK(code == "NotFound");
  CHECK(normalise("(combined from similar events): Error: x: unknown") == "Error: x");
}

TEST_CASE("control characters become visible and long texts are cut between characters") {
  CHECK(visible("a\x1b[31mb\x07") == "a\\x1b[31mb\\x07");
  CHECK(shown("ああああ", 7) == "ああ …");
}

TEST_CASE("structured log lines become sentences") {
  std::string level;
  CHECK(log_sentence(R"({"ts":"2026","level":"FATAL","msg":"listen","addr":":80","error":"in use already"})", &level) ==
        "fatal: listen addr=:80 error=\"in use already\"");
  CHECK(level == "fatal");
  CHECK(log_sentence("plain line") == "plain line");
  CHECK(log_sentence("{broken") == "{broken");
}
