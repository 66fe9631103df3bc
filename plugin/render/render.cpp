#include "render/render.hpp"

#include "render/terminal_text.hpp"

namespace podcheck::render {

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = {"text",  "json",       "sarif", "github",   "gitlab",
                                                 "junit", "checkstyle", "gcc",   "markdown", "html"};
  return names;
}

std::optional<Format> format_from(std::string_view name) {
  const auto& names = format_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) {
      return static_cast<Format>(i);
    }
  }
  return std::nullopt;
}

std::string render(const finding::Report& report, const catalogue::Catalogue& catalogue, Format format,
                   const Options& options) {
  finding::Report storage;
  switch (format) {
    case Format::json:
      return json(report, options);
    case Format::sarif:
      return sarif(report, catalogue, options);
    case Format::github:
      return github(report);
    case Format::gitlab:
      return gitlab(report);
    case Format::junit:
      return junit(report, options);
    case Format::checkstyle:
      return checkstyle(report);
    case Format::gcc:
      return gcc(printable(report, storage));
    case Format::markdown:
      return markdown(printable(report, storage), catalogue, options);
    case Format::html:
      return html(printable(report, storage), catalogue, options);
    case Format::text:
      break;
  }
  return text(printable(report, storage), catalogue, options);
}

}  // namespace podcheck::render
