// Every case of testdata/live: the cause that is named for it, in which container, and with which values.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "live/diagnose.hpp"
#include "live/testing/case.hpp"
#include "live/text.hpp"

using namespace podcheck;

namespace {

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(PODCHECK_SOURCE_DIR "/testdata/live")) {
    if (entry.path().extension() == ".yaml") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// All that a user reads of a finding, in lower case.
std::string words_of(const finding::Finding& finding) {
  std::string out = finding.message + "\n" + finding.why + "\n";
  for (const finding::Evidence& proof : finding.evidence) {
    out += proof.text + "\n";
  }
  for (const finding::Fix& fix : finding.fixes) {
    out += fix.summary + "\n" + fix.command + "\n";
  }
  for (const std::string& link : finding.chain) {
    out += link + "\n";
  }
  return live::lower(out);
}

// "{container}" that no value has filled.
bool has_open_placeholder(std::string_view text) {
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1);
    if (end != std::string_view::npos && end > at + 1 && text[end] == '}') {
      return true;
    }
  }
  return false;
}

// What an operation of a JSON patch meets in an object: RFC 6902 refuses to replace or remove what is not there, and to
// add below a parent that is not there.
bool applies(document::Node object, std::string path, const std::string& op, const std::vector<std::string>& added) {
  for (const std::string& one : added) {
    if (path.starts_with(one + "/")) {
      return true;
    }
  }
  document::Node here = object;
  for (std::size_t at = 1; at <= path.size();) {
    std::size_t end = std::min(path.find('/', at), path.size());
    std::string token = path.substr(at, end - at);
    bool last = end == path.size();
    if (last && op == "add") {
      return here.is_mapping() || (here.is_sequence() && (token == "-" || std::stoul(token) <= here.size()));
    }
    here = here.is_sequence() ? here[std::stoul(token)] : here[token];
    if (!here) {
      return false;
    }
    at = end + 1;
  }
  return static_cast<bool>(here);
}

void check_patch(cluster::Snapshot& snapshot, const finding::Fix& fix) {
  auto hit = live::match(fix.command, " patch {kind:w} {name:w} --type=json");
  if (fix.patch.empty() || !hit) {
    return;
  }
  document::Tree tree;
  std::string error;
  CAPTURE(fix.command);
  REQUIRE_MESSAGE(document::parse_json(fix.patch, tree, error), error);
  document::Node object = snapshot.get((*hit)["kind"] + "s", live::testing::case_namespace, (*hit)["name"]);
  REQUIRE(object);
  std::vector<std::string> added;
  for (document::Node one : tree.root().items()) {
    std::string path(one["path"].string());
    CHECK_MESSAGE(applies(object, path, std::string(one["op"].string()), added), path);
    added.push_back(path);
  }
}

void check_case(document::Node one, const catalogue::Catalogue& catalogue) {
  cluster::Snapshot snapshot(live::testing::cluster_of(one));
  live::Options options;
  options.targets = {live::testing::target_of(one)};
  options.namespace_ = live::testing::case_namespace;
  live::Result result = live::diagnose(snapshot, catalogue, options);
  CHECK(result.unknown_targets.empty());
  std::vector<const finding::Finding*> found;
  for (const finding::Subject& subject : result.report.subjects) {
    for (const finding::Finding& finding : subject.findings) {
      found.push_back(&finding);
    }
  }
  std::string_view cause = one["cause"].string();
  if (cause == "none") {
    CHECK_MESSAGE(found.empty(), (found.empty() ? "" : found.front()->id + ": " + found.front()->message));
    return;
  }
  CHECK_FALSE_MESSAGE(found.empty(), "nothing was found");
  if (found.empty()) {
    return;
  }
  const finding::Finding& first = *found.front();
  std::string said = words_of(first);
  CAPTURE(said);
  CHECK(first.id == std::string(cause));
  document::Node container = one.has("culprit") ? one["culprit"] : one["in"];
  if (container) {
    CHECK(first.container == std::string(container.string()));
  }
  CHECK_FALSE(first.evidence.empty());
  for (const finding::Finding* each : found) {
    CHECK_MESSAGE(!has_open_placeholder(each->message), each->message);
    CHECK_MESSAGE(!has_open_placeholder(each->why), each->why);
    for (const finding::Fix& fix : each->fixes) {
      check_patch(snapshot, fix);
      CHECK_MESSAGE(!has_open_placeholder(fix.summary), fix.summary);
    }
  }
  for (document::Node part : one["says"].items()) {
    CHECK_MESSAGE(said.find(live::lower(part.text())) != std::string::npos, "not said: ", part.text());
  }
  for (document::Node part : one["not"].items()) {
    CHECK_MESSAGE(said.find(live::lower(part.text())) == std::string::npos, "said: ", part.text());
  }
}

}  // namespace

TEST_CASE("cases of testdata/live") {
  static const catalogue::Catalogue catalogue(catalogue::Language::en);
  for (const std::filesystem::path& path : case_files()) {
    document::File file = document::parse(path.filename().string(), read(path));
    REQUIRE_MESSAGE(file.documents.size() == 1, path.string());
    REQUIRE_MESSAGE(file.documents.front().problems.empty(), path.string());
    for (document::Node one : file.documents.front().root["cases"].items()) {
      std::string title = path.stem().string() + ": " + std::string(one["case"].string());
      CAPTURE(title);
      check_case(one, catalogue);
    }
  }
}
