#include "lint/config/config.hpp"

#include <doctest/doctest.h>

#include "lint/config/date.hpp"
#include "lint/lint.hpp"

using namespace podcheck;

namespace {

const std::string twice = R"(apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: fast}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: slow}
)";

struct World {
  lint::MemoryFileSystem files;
  lint::Options options;

  lint::Result run() {
    catalogue::Catalogue catalogue(catalogue::Language::en);
    return lint::run(options, catalogue, files);
  }
};

World world_with(const std::string& config, const std::string& file = "app/a.yaml") {
  World world;
  world.files.files[file] = twice;
  world.files.files[".podcheck.yaml"] = config;
  world.options.paths = {file};
  return world;
}

// "duplicate-object warning" of every finding.
std::vector<std::string> found(const lint::Result& result) {
  std::vector<std::string> out;
  for (const auto& subject : result.report.subjects) {
    for (const auto& finding : subject.findings) {
      if (finding.id == "duplicate-object") {
        out.push_back(finding.id + " " + finding::to_string(finding.severity));
      }
    }
  }
  return out;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("the nearest configuration above a file holds for it") {
  CHECK(found(world_with("severities: {duplicate-object: error}").run()) == Strings{"duplicate-object error"});
  CHECK(found(world_with("ignore: [duplicate-object]").run()).empty());
  CHECK(found(world_with("severities: {duplicate-*: off}").run()).empty());
  CHECK(found(world_with("severities: {config: info}").run()) == Strings{"duplicate-object info"});
  World nearer = world_with("ignore: [duplicate-object]");
  nearer.files.files["app/.podcheck.yaml"] = "severities: {duplicate-object: error}";
  CHECK(found(nearer.run()) == Strings{"duplicate-object error"});
}

TEST_CASE("a configuration above the repository does not hold") {
  World world = world_with("ignore: [duplicate-object]", "app/a.yaml");
  world.files.files["app/.git/HEAD"] = "ref: refs/heads/main";
  CHECK(found(world.run()) == Strings{"duplicate-object warning"});
}

TEST_CASE("the command line wins over the configuration") {
  World world = world_with("ignore: [duplicate-object]");
  world.options.select = {"duplicate-object"};
  CHECK(found(world.run()) == Strings{"duplicate-object warning"});
  world.options.select.clear();
  world.options.no_config = true;
  CHECK(found(world.run()) == Strings{"duplicate-object warning"});
}

TEST_CASE("extends is read first, relative to the file that says it") {
  World world = world_with("extends: shared/base.yaml\nseverities: {duplicate-object: info}");
  world.files.files["shared/base.yaml"] = "severities: {duplicate-object: error}";
  CHECK(found(world.run()) == Strings{"duplicate-object info"});
  world = world_with("extends: [shared/base.yaml]");
  world.files.files["shared/base.yaml"] = "severities: {duplicate-object: error}";
  CHECK(found(world.run()) == Strings{"duplicate-object error"});
}

TEST_CASE("overrides hold for paths, objects and until their last day") {
  struct Case {
    const char* override;
    bool holds;
  };
  const Case cases[] = {
      {"{paths: ['app/**'], ignore: [all]}", true},
      {"{paths: [a.yaml], ignore: [all]}", true},
      {"{paths: [app], ignore: [all]}", true},
      {"{paths: ['other/**'], ignore: [all]}", false},
      {"{objects: [ConfigMap/settings], ignore: [all]}", true},
      {"{objects: ['*/default/*'], ignore: [all]}", true},
      {"{objects: [Secret/settings], ignore: [all]}", false},
      {"{paths: [app], ignore: [all], until: '2026-05-31'}", true},
      {"{paths: [app], ignore: [all], until: '2026-05-30'}", false},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.override));
    World world = world_with(std::string("overrides: [") + c.override + "]");
    world.options.today = "2026-05-31";
    const auto result = world.run();
    CHECK(result.mistakes == Strings{});
    CHECK(found(result).empty() == c.holds);
  }
}

TEST_CASE("excluded files are not reported on unless they are named") {
  World world = world_with("exclude: [app]");
  CHECK(found(world.run()) == Strings{"duplicate-object warning"});
  world.options.paths = {"."};
  CHECK(found(world.run()).empty());
}

TEST_CASE("a mistake has its position and says what is allowed") {
  struct Case {
    const char* config;
    const char* mistake;
  };
  const Case cases[] = {
      {"ignor: [all]", ".podcheck.yaml:1:1: unknown field ignor; did you mean \"ignore\"?"},
      {"kubernetesVersion: 1.30", ".podcheck.yaml:1:20: kubernetesVersion must be string, not number"},
      {"kubernetesVersion: '1.2'",
       ".podcheck.yaml:1:20: \"1.2\" is not a Kubernetes version from 1.28 to 1.36, such as \"1.36\""},
      {"ignore: [duplicate-objct]",
       ".podcheck.yaml:1:10: no rule or category is called \"duplicate-objct\": did you mean \"duplicate-object\"?"},
      {"severities: {nothing-like-it: off}", ".podcheck.yaml:1:14: no rule or category is called \"nothing-like-it\""},
      {"extends: .podcheck.yaml", ".podcheck.yaml:1:10: extends leads back to /project/.podcheck.yaml"},
      {"extends: none.yaml", ".podcheck.yaml:1:10: extends names /project/none.yaml, which does not exist"},
      {"parameters: {duplicate-object: {depth: 3}}",
       ".podcheck.yaml:1:33: the rule duplicate-object has no parameter \"depth\""},
      {"overrides: [{paths: [a], until: soon-ish!!}]",
       ".podcheck.yaml:1:33: \"soon-ish!!\" is not a date in the form 2027-01-31"},
      {"a: [", ".podcheck.yaml:1:4:"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.config));
    const auto result = world_with(c.config).run();
    REQUIRE_FALSE(result.mistakes.empty());
    CHECK(result.mistakes[0].substr(0, std::string(c.mistake).size()) == std::string(c.mistake));
  }
}

TEST_CASE("dates are days of the calendar") {
  CHECK(lint::is_date("2028-02-29"));
  CHECK_FALSE(lint::is_date("2027-02-29"));
  CHECK_FALSE(lint::is_date("2027-13-01"));
  CHECK_FALSE(lint::is_date("2027-1-01"));
  CHECK(lint::is_expired("2026-01-01", "2026-01-02"));
  CHECK_FALSE(lint::is_expired("2026-01-01", "2026-01-01"));
  CHECK_FALSE(lint::is_expired("", "2026-01-01"));
}
