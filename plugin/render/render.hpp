// Reports as text for people and for machines: pure functions, one file a format.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "finding/finding.hpp"

namespace podcheck::render {

enum class Format : std::uint8_t { text, json, sarif, github, gitlab, junit, checkstyle, gcc, markdown, html };

struct Options {
  bool color = false;
  bool unicode = true;  // false where the locale cannot show ✗ and box lines
  bool hyperlinks = false;
  bool verbose = false;                      // competing causes, evidence in full, why
  int width = 100;                           // columns
  std::string version;                       // of podcheck
  std::string command = "kubectl podcheck";  // how the user would call us again
};

std::optional<Format> format_from(std::string_view name);
const std::vector<std::string>& format_names();

// The whole report in a format. Machine formats do not depend on colour, width or locale.
std::string render(const finding::Report& report, const catalogue::Catalogue& catalogue, Format format,
                   const Options& options);

// One a format; render() picks.
std::string text(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options& options);
std::string json(const finding::Report& report, const Options& options);
std::string sarif(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options& options);
std::string github(const finding::Report& report);
std::string gitlab(const finding::Report& report);
std::string junit(const finding::Report& report, const Options& options);
std::string checkstyle(const finding::Report& report);
std::string gcc(const finding::Report& report);
std::string markdown(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options& options);
std::string html(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options& options);

}  // namespace podcheck::render
