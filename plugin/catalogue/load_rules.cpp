#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalogue/cards/card.hpp"
#include "catalogue/embedded_schema.hpp"
#include "catalogue/own_cards.hpp"
#include "catalogue/violation_text.hpp"

namespace podcheck::catalogue {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_card = 1u << 20;

std::vector<fs::path> card_files(const std::string& directory, std::error_code& error) {
  std::vector<fs::path> out;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const auto extension = at->path().extension();
    if (extension == ".yaml" || extension == ".yml") {
      out.push_back(at->path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::vector<std::string> problems_of_card(const Catalogue& catalogue, const document::File& file,
                                          std::string_view stem) {
  std::vector<std::string> out;
  const auto text_problem = [&](const document::Problem& problem) {
    const std::string sentence = catalogue.finding(problem.id, problem.values, problem.variant).message;
    out.push_back(at(file.text, problem.range, sentence.empty() ? problem.id : sentence));
  };
  std::for_each(file.problems.begin(), file.problems.end(), text_problem);
  for (const auto& document : file.documents) {
    std::for_each(document.problems.begin(), document.problems.end(), text_problem);
  }
  if (!out.empty()) {
    return out;
  }
  if (file.documents.size() != 1) {
    out.push_back(at(file.text, {}, catalogue.say("cards.one-document")));
    return out;
  }
  const document::Node card = file.documents.front().root;
  for (const auto& problem : check_card(card, stem, embedded_schema("rule-card"), Strictness::own)) {
    if (problem.violation) {
      out.push_back(at(file.text, place_of(*problem.violation), say(catalogue, *problem.violation, card)));
    } else {
      const auto range = problem.on_key ? problem.at.key_range() : problem.at.range();
      out.push_back(at(file.text, range, catalogue.say(problem.key, problem.values)));
    }
  }
  if (out.empty() && (catalogue.rule(stem) != nullptr || catalogue.cause(stem) != nullptr)) {
    out.push_back(at(file.text, card["id"].range(), catalogue.say("cards.id-taken", {{"id", std::string(stem)}})));
  }
  return out;
}

std::vector<std::string> Catalogue::read_rules(const std::string& directory) {
  std::vector<std::string> problems;
  std::error_code error;
  const auto paths = card_files(directory, error);
  if (error) {
    problems.push_back(say("cards.folder-unreadable", {{"path", directory}, {"reason", error.message()}}));
    return problems;
  }
  if (paths.empty()) {
    problems.push_back(say("cards.folder-empty", {{"path", directory}}));
  }
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    if (fs::is_regular_file(path, error) && fs::file_size(path, error) <= largest_card) {
      bytes << in.rdbuf();
    }
    if (bytes.str().empty()) {
      problems.push_back(say("cards.unreadable", {{"path", path.generic_string()}}));
      continue;
    }
    document::File file = document::parse(path.generic_string(), bytes.str());
    const std::string stem = path.stem().string();
    auto found = problems_of_card(*this, file, stem);
    if (found.empty()) {
      add_rule(std::move(file));
    }
    problems.insert(problems.end(), found.begin(), found.end());
  }
  return problems;
}

}  // namespace podcheck::catalogue
