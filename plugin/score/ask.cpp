#include <fstream>
#include <sstream>

#include <zstd.h>

#include "cli/run.hpp"
#include "document/document.hpp"
#include "score/score.hpp"

namespace podcheck::score {

Answer ask(const std::vector<std::string>& arguments, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  cli::Streams io{in, out, err, [](const char*) { return std::string(); }};
  std::vector<const char*> argv = {"kubectl-podcheck"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  for (const char* more : {"-o", "json", "--lang", "en"}) {
    argv.push_back(more);
  }
  Answer answer;
  answer.code = cli::run(argv, io);
  answer.errors = err.str();
  auto tree = std::make_unique<document::Tree>();
  std::string error;
  if (document::parse_json(out.str(), *tree, error)) {
    answer.report = std::move(tree);
  }
  return answer;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::string& path) {
  std::string text = read(path);
  if (path.ends_with(".zst")) {
    unsigned long long size = ZSTD_getFrameContentSize(text.data(), text.size());
    std::string plain(size, '\0');
    ZSTD_decompress(plain.data(), plain.size(), text.data(), text.size());
    text = std::move(plain);
  }
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace podcheck::score
