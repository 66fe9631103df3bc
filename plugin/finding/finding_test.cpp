#include "finding/finding.hpp"

#include <doctest/doctest.h>

using namespace podcheck::finding;

namespace {

Finding at(const char* id, std::uint32_t line, Severity severity = Severity::error) {
  Finding finding;
  finding.id = id;
  finding.severity = severity;
  finding.location = Location{"a.yaml", line, 1, line, 2, ""};
  return finding;
}

}  // namespace

TEST_CASE("findings of a lint subject are ordered by place, then by id") {
  Report report;
  report.subjects.resize(1);
  report.subjects[0].findings = {at("z", 9), at("b", 3), at("a", 3)};
  sort_and_count(report);
  CHECK(report.subjects[0].findings[0].id == "a");
  CHECK(report.subjects[0].findings[1].id == "b");
  CHECK(report.subjects[0].findings[2].id == "z");
}

TEST_CASE("the cause of a live subject comes first, and the diagnosis' own order is kept within a role") {
  Report report;
  report.subjects.resize(1);
  Finding symptom = at("crash", 0);
  symptom.role = Role::symptom;
  Finding second = at("second", 0);
  second.role = Role::cause;
  Finding first = at("z-first", 0);
  first.role = Role::cause;
  report.subjects[0].findings = {symptom, first, second};
  sort_and_count(report);
  CHECK(report.subjects[0].findings[0].id == "z-first");
  CHECK(report.subjects[0].findings[1].id == "second");
  CHECK(report.subjects[0].findings[2].id == "crash");
}

TEST_CASE("the summary counts each severity over all subjects") {
  Report report;
  report.subjects.resize(2);
  report.subjects[0].findings = {at("a", 1), at("b", 2, Severity::warning)};
  report.subjects[1].findings = {at("c", 1, Severity::info), at("d", 2, Severity::warning)};
  sort_and_count(report);
  CHECK(report.summary.subjects == 2);
  CHECK(report.summary.error == 1);
  CHECK(report.summary.warning == 2);
  CHECK(report.summary.info == 1);
}

TEST_CASE("severities are read back from their names") {
  CHECK(severity_from("warning") == Severity::warning);
  CHECK(severity_from("fatal") == std::nullopt);
}
