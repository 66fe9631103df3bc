#include "cli/arguments.hpp"

#include <doctest/doctest.h>

using namespace podcheck;
using namespace podcheck::cli;

namespace {

Arguments parsed(const char* verb, std::vector<const char*> words) {
  static catalogue::Catalogue catalogue(catalogue::Language::en);
  return parse(*find_verb(verb), words, catalogue);
}

std::string refused(const char* verb, std::vector<const char*> words) {
  try {
    parsed(verb, std::move(words));
  } catch (const UsageError& error) {
    return error.sentence;
  }
  return "";
}

}  // namespace

TEST_CASE("values may be given every way that kubectl takes them") {
  for (std::vector<const char*> words : {std::vector<const char*>{"-n", "shop"},
                                         {"-nshop"},
                                         {"-n=shop"},
                                         {"--namespace", "shop"},
                                         {"--namespace=shop"}}) {
    CHECK(parsed("live", words).get("namespace") == "shop");
  }
}

TEST_CASE("commas stay inside selectors and paths") {
  CHECK(parsed("live", {"-l", "app=web,tier=fe"}).get("selector") == "app=web,tier=fe");
  CHECK(parsed("lint", {"a,b.yaml"}).positional() == std::vector<std::string>{"a,b.yaml"});
  CHECK(parsed("lint", {"--select", "a,b", "--select", "c"}).list("select") == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("a dash is standard input, and two dashes end the flags") {
  CHECK(parsed("lint", {"-"}).positional() == std::vector<std::string>{"-"});
  CHECK(parsed("lint", {"--", "--odd.yaml"}).positional() == std::vector<std::string>{"--odd.yaml"});
}

TEST_CASE("switches can be turned off, and --wait has a value of its own") {
  CHECK_FALSE(parsed("live", {"--all-namespaces=false"}).has("all-namespaces"));
  CHECK(parsed("live", {"--wait"}).get("wait") == "10m");
  CHECK(parsed("live", {"--wait=5m"}).get("wait") == "5m");
  CHECK(parsed("live", {"-Av"}).has("verbose"));
}

TEST_CASE("a wrong flag is refused with what was probably meant") {
  CHECK(refused("lint", {"--fxi"}).find("--fix") != std::string::npos);
  CHECK(refused("live", {"--zzzzzz"}).find("--zzzzzz") != std::string::npos);
  CHECK(refused("live", {"-n"}).find("-n") != std::string::npos);
  CHECK(refused("lint", {"--fix=perhaps"}).find("--fix") != std::string::npos);
  CHECK(refused("lint", {"-o", "pdf"}).find("sarif") != std::string::npos);
  CHECK(refused("lint", {"-Z"}).find("-Z") != std::string::npos);
}
