#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "render/render.hpp"
#include "render/terminal_text.hpp"

using namespace podcheck;
using namespace podcheck::finding;

namespace {

Finding cause(const std::string& id) {
  Finding found;
  found.id = id;
  found.role = Role::cause;
  found.confidence = Confidence::confirmed;
  found.message = "container web of shop/storefront-6d4f8c9b7-x2x9k cannot resolve ledger-db, ledger-db does not exist";
  found.why = "Cluster DNS answers that there is no such name, and nothing in the namespace is nearly called alike.";
  found.evidence.push_back(
      {"event", "Failed", "", 12, "Error: configmap \"settings\" not found in the namespace shop"});
  found.evidence.push_back(
      {"log", "web (previous)", "", 1, "致命的なエラー: 設定ファイルが見つかりません  settings.yaml"});
  Fix fix;
  fix.summary = "create the ConfigMap settings or correct its name";
  fix.effect = "changes the deployment";
  fix.command = "kubectl create configmap settings";
  found.fixes.push_back(fix);
  return found;
}

Subject subject(const std::string& name, const std::string& id) {
  Subject one;
  one.kind = "Deployment";
  one.namespace_ = "shop";
  one.name = name;
  one.healthy = false;
  one.headline = "0/3 ready · CrashLoopBackOff · 3 of 3 pods alike · all on worker-3";
  one.findings.push_back(cause(id));
  NodeVerdict fits{"worker-1", true, {}, "", {{"cpu", "1500m / 2"}, {"memory", "22.4Gi / 23.4Gi"}}};
  NodeVerdict full{"worker-2",
                   false,
                   {"insufficient-cpu"},
                   "needs 800m CPU, 0 free of 16",
                   {{"cpu", "0 / 16"}, {"memory", "1Gi / 64Gi"}}};
  one.nodes = {fits, full};
  return one;
}

std::string shown(const Report& report, int width) {
  static const catalogue::Catalogue catalogue(catalogue::Language::en);
  render::Options options;
  options.width = width;
  return render::text(report, catalogue, options);
}

void check_lines(const std::string& text, int width) {
  CHECK_FALSE(text.ends_with("\n\n"));
  CHECK(text.find("\n\n\n") == std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK_FALSE(line.ends_with(' '));
    bool command = line.find("kubectl ") != std::string::npos;
    CHECK((command || render::display_width(line) <= width));
  }
}

}  // namespace

TEST_CASE("a verdict fits the terminal, down to forty columns, without blanks at ends") {
  Report report;
  report.mode = Mode::live;
  report.subjects.push_back(subject("storefront", "dependency-name-unknown"));
  for (int width : {40, 50, 60, 80, 100, 120}) {
    CAPTURE(width);
    check_lines(shown(report, width), width);
  }
}

TEST_CASE("numbers of nodes stand under each other") {
  Report report;
  report.mode = Mode::live;
  report.subjects.push_back(subject("storefront", "insufficient-cpu"));
  std::string text = shown(report, 100);
  CHECK(text.find("worker-1   1500m / 2 ") != std::string::npos);
  CHECK(text.find("worker-2       0 / 16") != std::string::npos);
}

TEST_CASE("many subjects are told by cause: how many, one in full, the others by name, and no more than that") {
  Report report;
  report.mode = Mode::live;
  for (int i = 0; i < 40; ++i) {
    report.subjects.push_back(
        subject("web-" + std::to_string(i), i % 10 == 0 ? "oom-killed" : "env-configmap-missing"));
  }
  std::string text = shown(report, 100);
  CHECK(text.starts_with("✗ 40 workloads and pods are not well; causes: 2\n"));
  CHECK(text.find("     36  env-configmap-missing  Deployment shop/web-1 ") != std::string::npos);
  CHECK(text.find("      4  oom-killed             Deployment shop/web-0 ") != std::string::npos);
  CHECK(text.find("alike: shop/web-10, shop/web-20, shop/web-30") != std::string::npos);
  CHECK(text.find("and 23 more") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') < 60);
  for (int width : {40, 100}) {
    check_lines(shown(report, width), width);
  }
}
