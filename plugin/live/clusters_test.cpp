// Every cluster of testdata/clusters: the cause that is named first, and the words that decide it.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "live/diagnose.hpp"
#include "live/testing/small_cluster.hpp"
#include "live/text.hpp"

using namespace podcheck;
using document::Node;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::filesystem::path> descriptions() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(PODCHECK_SOURCE_DIR "/testdata/clusters")) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string said_by(const finding::Finding& finding) {
  std::string out = finding.message + "\n" + finding.why + "\n" + finding.path + "\n" + finding.container + "\n";
  for (const finding::Evidence& proof : finding.evidence) {
    out += proof.source + " " + proof.text + "\n";
  }
  for (const std::string& link : finding.chain) {
    out += link + "\n";
  }
  return out;
}

std::string repaired_by(const finding::Finding& finding) {
  std::string out;
  for (const finding::Fix& fix : finding.fixes) {
    out += fix.summary + "\n" + fix.command + "\n";
  }
  return out;
}

// "{container}", which no value has filled.
bool has_open_placeholder(std::string_view text) {
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1);
    if (end != std::string_view::npos && end > at + 1 && text[end] == '}') {
      return true;
    }
  }
  return false;
}

void check(Node one, const catalogue::Catalogue& catalogue) {
  cluster::Snapshot snapshot(live::testing::small_cluster(one));
  live::Options options;
  options.namespace_ = live::testing::small_namespace;
  if (std::string_view target = one["target"].string(); target == "-A") {
    options.all_namespaces = true;
  } else if (!target.empty()) {
    options.targets.emplace_back(target);
  }
  live::Result result = live::diagnose(snapshot, catalogue, options);
  CHECK(result.unknown_targets.empty());
  std::vector<finding::Finding> found;
  for (const finding::Subject& subject : result.report.subjects) {
    found.insert(found.end(), subject.findings.begin(), subject.findings.end());
  }
  std::string cause(one["cause"].string());
  if (cause == "none") {
    CHECK_MESSAGE(found.empty(), (found.empty() ? "" : found.front().id + ": " + found.front().message));
    return;
  }
  CHECK_FALSE(found.empty());
  if (found.empty()) {
    return;
  }
  const finding::Finding& first = found.front();
  CAPTURE(first.message);
  bool also = false;
  for (Node accepted : one["also"].items()) {
    also = also || accepted.string() == first.id;
  }
  CHECK_MESSAGE((first.id == cause || also), first.id);
  CHECK(first.role == finding::Role::cause);
  CHECK_FALSE(first.evidence.empty());
  CHECK_FALSE(first.fixes.empty());
  CHECK_MESSAGE(!has_open_placeholder(first.message), first.message);
  std::string repair = repaired_by(first);
  std::string said = said_by(first) + repair;
  for (Node word : one["says"].items()) {
    CHECK_MESSAGE(said.find(word.text()) != std::string::npos, word.text() << " is not in " << said);
  }
  for (Node word : one["fix"].items()) {
    CHECK_MESSAGE(repair.find(word.text()) != std::string::npos, word.text() << " is not in " << repair);
  }
  for (Node word : one["never"].items()) {
    CHECK_MESSAGE(live::lower(first.message).find(live::lower(word.text())) == std::string::npos, word.text());
  }
}

}  // namespace

TEST_CASE("the cause of what happens in small clusters") {
  static const catalogue::Catalogue catalogue(catalogue::Language::en);
  for (const std::filesystem::path& path : descriptions()) {
    document::File file = document::parse(path.filename().string(), read(path));
    REQUIRE_MESSAGE((file.documents.size() == 1 && file.documents.front().problems.empty()), path.string());
    for (Node one : file.documents.front().root["cases"].items()) {
      std::string name = path.filename().string() + ": " + std::string(one["name"].string());
      CAPTURE(name);
      check(one, catalogue);
    }
  }
}
