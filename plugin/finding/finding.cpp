#include "finding/finding.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace podcheck::finding {

const char* to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::info:
      break;
  }
  return "info";
}

const char* to_string(Role role) {
  switch (role) {
    case Role::cause:
      return "cause";
    case Role::contributing:
      return "contributing";
    case Role::symptom:
      return "symptom";
    case Role::none:
      break;
  }
  return "";
}

const char* to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::confirmed:
      return "confirmed";
    case Confidence::likely:
      return "likely";
    case Confidence::possible:
      return "possible";
    case Confidence::none:
      break;
  }
  return "";
}

const char* to_string(Safety safety) {
  switch (safety) {
    case Safety::safe:
      return "safe";
    case Safety::unsafe:
      return "unsafe";
    case Safety::manual:
      break;
  }
  return "manual";
}

const char* to_string(Mode mode) {
  switch (mode) {
    case Mode::live:
      return "live";
    case Mode::preflight:
      return "preflight";
    case Mode::lint:
      break;
  }
  return "lint";
}

std::optional<Severity> severity_from(std::string_view text) {
  for (Severity severity : {Severity::info, Severity::warning, Severity::error}) {
    if (text == to_string(severity)) {
      return severity;
    }
  }
  return std::nullopt;
}

namespace {

auto place(const std::optional<Location>& location) {
  return location ? std::tuple(location->file, location->line, location->column) : std::tuple(std::string(), 0u, 0u);
}

// In live the diagnosis has ranked the findings already, and its order is kept; in lint the place decides.
bool before(const Finding& a, const Finding& b) {
  if (a.role != Role::none || b.role != Role::none) {
    return a.role < b.role;
  }
  return std::tuple(place(a.location), a.id, a.path, a.message) <
         std::tuple(place(b.location), b.id, b.path, b.message);
}

}  // namespace

void sort_and_count(Report& report) {
  const auto earlier = [](const Subject& a, const Subject& b) {
    return std::tuple(place(a.location), a.healthy) < std::tuple(place(b.location), b.healthy);
  };
  // Mostly they are in order, and sorting wants room for half of them.
  if (!std::is_sorted(report.subjects.begin(), report.subjects.end(), earlier)) {
    std::stable_sort(report.subjects.begin(), report.subjects.end(), earlier);
  }
  Summary& summary = report.summary;
  summary.subjects = static_cast<int>(report.subjects.size());
  summary.error = summary.warning = summary.info = 0;
  for (Subject& subject : report.subjects) {
    std::stable_sort(subject.findings.begin(), subject.findings.end(), before);
    for (const Finding& finding : subject.findings) {
      switch (finding.severity) {
        case Severity::error:
          ++summary.error;
          break;
        case Severity::warning:
          ++summary.warning;
          break;
        case Severity::info:
          ++summary.info;
          break;
      }
    }
  }
}

}  // namespace podcheck::finding
