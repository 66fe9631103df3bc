// Agreement with what a real API server answered, recorded in testdata/verdicts/apiserver.jsonl.zst.
// PODCHECK_SHOW_MISSES=1 prints every disagreement.
#include <doctest/doctest.h>
#include <zstd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>

#include "document/document.hpp"
#include "lint/invalid/verdict.hpp"

using namespace podcheck;

namespace {

// The whole text; the record knows its own size.
std::string read_compressed(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string packed((std::istreambuf_iterator<char>(in)), {});
  std::string text(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  const std::size_t size = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  REQUIRE(!ZSTD_isError(size));
  return text;
}

// Keys in brackets left out, as the record's field names are compared.
std::string plain(std::string_view path) {
  std::string result;
  int depth = 0;
  for (const char c : path) {
    depth += c == '[';
    if (depth == 0)
      result += c;
    depth -= c == ']';
  }
  return result;
}

// Rules of this module whose cards are of another category: the server accepts what they find.
bool is_refusal(std::string_view rule) {
  return rule != "api-version-deprecated" && rule != "statefulset-name-too-long" &&
         rule != "statefulset-podspec-invalid";
}

struct Answer {
  bool refused = false;
  std::string rules;
  std::vector<std::string> paths;
};

Answer answer(const std::string& text, std::chrono::nanoseconds& spent) {
  Answer result;
  const auto syntax = [&](const std::vector<document::Problem>& problems) {
    for (const auto& problem : problems)
      if (problem.fatal) {
        result.refused = true;
        result.rules += problem.id + " ";
      }
  };
  const document::File file = document::parse("case.yaml", text);
  syntax(file.problems);
  for (const auto& document : file.documents) {
    syntax(document.problems);
    if (!document.root)
      continue;
    const auto before = std::chrono::steady_clock::now();
    const auto faults = lint::invalid::judge(document.root, file.text.bytes(), {});
    spent += std::chrono::steady_clock::now() - before;
    for (const auto& fault : faults) {
      if (!is_refusal(fault.rule))
        continue;
      result.refused = true;
      result.rules.append(fault.rule).append("/").append(fault.hit.variant).append(" ");
      std::string path = path_of(document.root, fault.hit.at);
      if (!fault.hit.absent.empty())
        path += (path.empty() ? "" : ".") + fault.hit.absent;
      result.paths.push_back(plain(path));
    }
  }
  return result;
}

bool names_field(const std::vector<std::string>& paths, document::Node fields) {
  for (const document::Node field : fields.items()) {
    const std::string wanted = plain(field.string());
    for (const std::string& path : paths)
      if (!path.empty() && wanted.compare(0, path.size(), path) == 0)
        return true;
  }
  return false;
}

}  // namespace

TEST_CASE("verdicts agree with the API server's") {
  const bool show = std::getenv("PODCHECK_SHOW_MISSES") != nullptr;
  std::istringstream in(read_compressed(PODCHECK_SOURCE_DIR "/testdata/verdicts/apiserver.jsonl.zst"));
  std::string line;
  int cases = 0, agreed = 0, wrongly_refused = 0, named = 0, pointed = 0;
  std::chrono::nanoseconds spent{0};
  while (std::getline(in, line)) {
    document::Tree tree;
    std::string error;
    REQUIRE_MESSAGE(document::parse_json(line, tree, error), error);
    const document::Node root = tree.root();
    const bool accepted = root["accepted"].boolean().value_or(false);
    const Answer ours = answer(std::string(root["yaml"].string()), spent);
    ++cases;
    agreed += ours.refused != accepted;
    wrongly_refused += ours.refused && accepted;
    const bool fields = !accepted && ours.refused && !root["fields"].empty();
    const bool right_field = fields && names_field(ours.paths, root["fields"]);
    named += fields;
    pointed += right_field;
    if (show && (ours.refused == accepted || (fields && !right_field))) {
      std::cout << (accepted       ? "WRONG "
                    : ours.refused ? "field "
                                   : "MISS  ")
                << root["id"].string() << ' ' << root["kind"].string() << ' ' << root["mutation"].string() << ' '
                << root["path"].string() << " | " << ours.rules << "| " << root["message"].string().substr(0, 200);
      if (!ours.paths.empty())
        std::cout << " <- " << ours.paths[0];
      std::cout << '\n';
    }
  }
  MESSAGE("cases " << cases << ", agreed " << agreed << ", wrongly refused " << wrongly_refused << ", field named "
                   << pointed << " of " << named << ", " << spent.count() / std::max(cases, 1) << " ns an object");
  CHECK(cases == 1928);
  CHECK(wrongly_refused == 0);
  CHECK(agreed == 1928);
}
