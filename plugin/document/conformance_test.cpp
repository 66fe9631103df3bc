// What kubectl makes of each document in testdata/conformance/documents, recorded in answers.json, against what parse()
// makes of it. PODCHECK_RECORD=1 asks the kubectl in PATH again and writes the record.
#include <doctest/doctest.h>

#include <sys/wait.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "document/document.hpp"

using namespace podcheck::document;

namespace {

const std::filesystem::path folder = std::filesystem::path(PODCHECK_SOURCE_DIR) / "testdata/conformance";

// The JSON of each object in the file, or "refused".
using Answer = std::vector<std::string>;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> documents() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "documents")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Mappings in key order, without the annotation that makes `kubectl annotate` speak.
void append_sorted(std::string& out, Node node, int depth = 0) {
  if (node.is_sequence()) {
    out += '[';
    for (Node item : node.items()) {
      out += out.back() == '[' ? "" : ",";
      append_sorted(out, item, depth + 2);
    }
    out += ']';
  } else if (node.is_mapping()) {
    std::map<std::string_view, Node> members;
    for (const Member& member : node.members()) {
      bool ours = depth == 1 && member.key == "annotations" && member.value.size() == 1 && member.value.has("a");
      if (!ours) {
        members[member.key] = member.value;
      }
    }
    out += '{';
    for (const auto& [key, value] : members) {
      Tree tree;
      TreeBuilder(tree).string(key);
      out += (out.back() == '{' ? "" : ",") + to_json(tree.root()) + ":";
      append_sorted(out, value, depth + (depth == 0 && key == "metadata" ? 1 : 2));
    }
    out += '}';
  } else {
    // What is a real only because of how it was written comes out of kubectl as an integer.
    out += node.type() == Type::real && node.integer() ? std::to_string(*node.integer()) : to_json(node);
  }
}

std::string sorted_json(Node node) {
  std::string out;
  append_sorted(out, node);
  return out;
}

Answer answer_of_podcheck(const std::filesystem::path& path) {
  File file = parse(path.filename().string(), read_file(path));
  Answer answer;
  bool refused = !file.problems.empty();
  for (const Document& document : file.documents) {
    refused = refused || !document.root;
    for (const Problem& problem : document.problems) {
      CHECK(problem.range.begin <= problem.range.end);
      CHECK(problem.range.end <= file.text.bytes().size());
    }
    // What is no object kubectl refuses later; reading it is not at fault.
    refused = refused || !document.root.is_mapping();
    if (document.root["kind"].string().ends_with("List")) {
      for (Node item : document.root["items"].items()) {
        answer.push_back(sorted_json(item));
      }
    } else {
      answer.push_back(sorted_json(document.root));
    }
  }
  return refused ? Answer{"refused"} : answer;
}

Answer answer_of_kubectl(const std::filesystem::path& path) {
  const std::string command =
      "KUBECONFIG=/nonexistent kubectl annotate --local -f '" + path.string() + "' a=b --overwrite -o json 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    output.append(buffer, count);
  }
  const int status = pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return {"refused"};
  }
  Answer answer;
  for (const Document& document : parse("output", output).documents) {
    answer.push_back(sorted_json(document.root));
  }
  return answer;
}

// Older ones read less of what begins like JSON.
bool have_kubectl() {
  FILE* pipe = popen("kubectl version --client -o json 2>/dev/null", "r");
  REQUIRE(pipe != nullptr);
  char output[4096];
  const std::size_t size = std::fread(output, 1, sizeof output, pipe);
  pclose(pipe);
  const File file = parse("version", std::string(output, size));
  return !file.documents.empty() &&
         std::atoi(std::string(file.documents[0].root["clientVersion"]["minor"].string()).c_str()) >= 36;
}

std::map<std::string, Answer> recorded() {
  static Tree tree;
  std::string error;
  std::map<std::string, Answer> answers;
  REQUIRE(parse_json(read_file(folder / "answers.json"), tree, error));
  for (const Member& member : tree.root().members()) {
    Answer& answer = answers[std::string(member.key)];
    for (Node item : member.value.items()) {
      answer.emplace_back(item.string());
    }
  }
  return answers;
}

}  // namespace

TEST_CASE("documents are read as kubectl read them when it was recorded") {
  std::map<std::string, Answer> answers = recorded();
  CHECK(answers.size() >= 150);
  std::size_t count = 0;
  for (const std::filesystem::path& path : documents()) {
    const std::string name = path.stem().string();
    CAPTURE(name);
    ++count;
    CHECK(answer_of_podcheck(path) == answers[name]);
  }
  CHECK(count == answers.size());
}

TEST_CASE("documents are read as the kubectl in PATH reads them" * doctest::skip()) {
  if (!have_kubectl()) {
    MESSAGE("skipped: no kubectl 1.36 in PATH");
    return;
  }
  Tree tree;
  TreeBuilder record(tree);
  record.begin_mapping();
  for (const std::filesystem::path& path : documents()) {
    CAPTURE(path.string());
    const Answer answer = answer_of_kubectl(path);
    CHECK(answer_of_podcheck(path) == answer);
    record.key(path.stem().string());
    record.begin_sequence();
    for (const std::string& object : answer) {
      record.string(object);
    }
    record.end();
  }
  record.end();
  if (std::getenv("PODCHECK_RECORD") != nullptr) {
    std::ofstream out(folder / "answers.json", std::ios::binary);
    const char* separator = "{\n";
    for (const Member& member : tree.root().members()) {
      Tree name;
      TreeBuilder(name).string(member.key);
      out << separator << to_json(name.root()) << ": " << to_json(member.value);
      separator = ",\n";
    }
    out << "\n}\n";
  }
}
