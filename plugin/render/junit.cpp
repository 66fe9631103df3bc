// JUnit XML: a test case for every object that was looked at; its findings are the failures.
#include <map>

#include "render/escape.hpp"
#include "render/render.hpp"

namespace podcheck::render {

namespace {

std::string name_of(const finding::Subject& subject) {
  std::string name = subject.kind.empty() ? "document" : subject.kind;
  if (!subject.namespace_.empty()) {
    name += " " + subject.namespace_ + "/" + subject.name;
  } else if (!subject.name.empty()) {
    name += " " + subject.name;
  }
  return name;
}

bool fails(const finding::Subject& subject) {
  for (const auto& found : subject.findings) {
    if (found.severity != finding::Severity::info) {
      return true;
    }
  }
  return false;
}

void write_case(std::string& out, const finding::Subject& subject, const std::string& suite) {
  out += "    <testcase classname=\"" + xml_escape(suite) + "\" name=\"" + xml_escape(name_of(subject)) + "\"";
  if (!fails(subject)) {
    out += "/>\n";
    return;
  }
  std::string text;
  std::string first;
  for (const auto& found : subject.findings) {
    if (found.severity == finding::Severity::info) {
      continue;
    }
    std::string place = found.location ? found.location->file + ":" + std::to_string(found.location->line) + ":" +
                                             std::to_string(found.location->column) + ": "
                                       : "";
    text += place + to_string(found.severity) + ": " + found.message + " [" + found.id + "]\n";
    if (first.empty()) {
      first = found.id;
    }
  }
  const auto& top = subject.findings.front();
  out += ">\n      <failure type=\"" + xml_escape(first) + "\" message=\"" + xml_escape(top.message) + "\">" +
         xml_escape(text) + "</failure>\n    </testcase>\n";
}

}  // namespace

std::string junit(const finding::Report& report, const Options& options) {
  std::map<std::string, std::vector<const finding::Subject*>> suites;
  for (const auto& subject : report.subjects) {
    suites[subject.location ? subject.location->file : to_string(report.mode)].push_back(&subject);
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::string body;
  for (const auto& [name, subjects] : suites) {
    std::size_t failed = 0;
    for (const auto* subject : subjects) {
      failed += fails(*subject) ? 1 : 0;
    }
    tests += subjects.size();
    failures += failed;
    body += "  <testsuite name=\"" + xml_escape(name) + "\" tests=\"" + std::to_string(subjects.size()) +
            "\" failures=\"" + std::to_string(failed) + "\" errors=\"0\">\n";
    for (const auto* subject : subjects) {
      write_case(body, *subject, name);
    }
    body += "  </testsuite>\n";
  }
  // A file without a single test reads as a broken run in most viewers.
  if (suites.empty()) {
    tests = 1;
    body =
        "  <testsuite name=\"podcheck\" tests=\"1\" failures=\"0\" errors=\"0\">\n"
        "    <testcase classname=\"podcheck\" name=\"podcheck " +
        xml_escape(options.version) + "\"/>\n  </testsuite>\n";
  }
  out += "<testsuites name=\"podcheck\" tests=\"" + std::to_string(tests) + "\" failures=\"" +
         std::to_string(failures) + "\">\n" + body + "</testsuites>\n";
  return out;
}

}  // namespace podcheck::render
