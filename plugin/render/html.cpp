// One self-contained page: no script, no network.
#include "render/escape.hpp"
#include "render/render.hpp"

namespace podcheck::render {

namespace {

constexpr const char* style =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 "
    "1rem;color:#1b1f24;background:#fff}"
    "h2{margin-top:2rem}.bad{color:#b3261e}.good{color:#1a7f37}.dim{color:#59636e}"
    "code,pre{font:13px/1.45 ui-monospace,monospace;background:#f4f5f7;border-radius:4px}"
    "code{padding:.1em .3em}pre{padding:.7rem;overflow-x:auto}table{border-collapse:collapse;width:100%}"
    "td,th{border-bottom:1px solid #d9dde2;padding:.35rem .5rem;text-align:left;vertical-align:top}"
    "td.text{white-space:pre-wrap;overflow-wrap:anywhere}"
    "@media(prefers-color-scheme:dark){body{background:#14171a;color:#e4e7ea}code,pre{background:#22272c}"
    "td,th{border-color:#363c43}.bad{color:#ff8a80}.good{color:#6fdd8b}.dim{color:#9aa4ae}}";

class Page {
 public:
  explicit Page(const catalogue::Catalogue& catalogue) : catalogue_(catalogue) {}

  std::string build(const finding::Report& report) {
    std::string title = catalogue_.say("render.report.title");
    const char* language = catalogue_.language() == catalogue::Language::ja ? "ja" : "en";
    out_ = std::string("<!doctype html>\n<html lang=\"") + language +
           "\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>" +
           xml_escape(title) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<h1>" + xml_escape(title) +
           "</h1>\n";
    if (report.subjects.empty()) {
      out_ += "<p class=\"good\">" + xml_escape(catalogue_.say("render.report.nothing")) + "</p>\n";
    }
    for (const auto& subject : report.subjects) {
      write(subject, report.mode);
    }
    if (!report.notes.empty()) {
      out_ += "<h2>" + xml_escape(catalogue_.say("render.report.notes")) + "</h2>\n<ul>\n";
      for (const auto& note : report.notes) {
        out_ += "<li>" + xml_escape(note.about) + ": " + xml_escape(note.message) + "</li>\n";
      }
      out_ += "</ul>\n";
    }
    return out_ + "</body>\n</html>\n";
  }

 private:
  void write(const finding::Subject& subject, finding::Mode mode) {
    if (mode == finding::Mode::lint && subject.findings.empty()) {
      return;
    }
    bool good = mode == finding::Mode::lint ? subject.findings.empty() : subject.healthy;
    std::string name = subject.namespace_.empty() ? subject.name : subject.namespace_ + "/" + subject.name;
    out_ += std::string("<h2><span class=\"") + (good ? "good\">✓" : "bad\">✗") + "</span> " +
            xml_escape(subject.kind + " " + name) + "</h2>\n";
    if (!subject.headline.empty()) {
      out_ += "<p>" + xml_escape(subject.headline) + "</p>\n";
    }
    for (const auto& found : subject.findings) {
      write(found);
    }
    write_nodes(subject);
    write_timeline(subject);
  }

  void write(const finding::Finding& found) {
    out_ += "<h3>" + xml_escape(found.message) + "</h3>\n<p class=\"dim\">";
    out_ += xml_escape(catalogue_.say(std::string("render.severity.") + to_string(found.severity)));
    if (found.confidence != finding::Confidence::none) {
      out_ += " · " + xml_escape(catalogue_.say(std::string("render.confidence.") + to_string(found.confidence)));
    }
    out_ += " · <code>" + xml_escape(found.id) + "</code>";
    if (found.location) {
      out_ += " · " + xml_escape(found.location->file) + ":" + std::to_string(found.location->line) + ":" +
              std::to_string(found.location->column);
    }
    out_ += "</p>\n";
    if (!found.why.empty()) {
      out_ += "<p>" + xml_escape(found.why) + "</p>\n";
    }
    if (!found.evidence.empty()) {
      out_ += "<table>\n";
      for (const auto& proof : found.evidence) {
        out_ += "<tr><td>" + xml_escape(catalogue_.say("render.evidence." + proof.kind)) + "</td><td>" +
                xml_escape(proof.source) + "</td><td class=\"text\">" + xml_escape(proof.text);
        if (proof.count > 1) {
          out_ += " <span class=\"dim\">" +
                  xml_escape(catalogue_.say("render.times", {{"count", std::to_string(proof.count)}})) + "</span>";
        }
        out_ += "</td></tr>\n";
      }
      out_ += "</table>\n";
    }
    for (const auto& fix : found.fixes) {
      out_ +=
          "<p><strong>" + xml_escape(catalogue_.say("render.fix")) + "</strong> " + xml_escape(fix.summary) + "</p>\n";
      if (!fix.command.empty()) {
        out_ += "<pre>" + xml_escape(fix.command) + "</pre>\n";
      }
    }
  }

  // Each node as a bar: what is free of what there is, for the first resource.
  void write_nodes(const finding::Subject& subject) {
    if (subject.nodes.empty()) {
      return;
    }
    out_ += "<table>\n<tr><th>" + xml_escape(catalogue_.say("render.nodes.node")) + "</th>";
    std::vector<std::string> columns;
    for (const auto& [name, cell] : subject.nodes.front().resources) {
      columns.push_back(name);
      out_ += "<th>" + xml_escape(catalogue_.say("render.nodes.free_of", {{"resource", name}})) + "</th>";
    }
    out_ += "<th>" + xml_escape(catalogue_.say("render.nodes.verdict")) + "</th></tr>\n";
    for (const auto& node : subject.nodes) {
      out_ += "<tr><td>" + xml_escape(node.name) + "</td>";
      for (std::size_t i = 0; i < columns.size(); ++i) {
        out_ += "<td>" + (i < node.resources.size() ? bar(node.resources[i].second) : "") + "</td>";
      }
      out_ += std::string("<td class=\"") + (node.fits ? "good" : "bad") + "\">" +
              xml_escape(node.fits ? catalogue_.say("render.nodes.fits") : node.detail) + "</td></tr>\n";
    }
    out_ += "</table>\n";
  }

  // "500m / 2": the share is read back from the text, which holds quantities of one unit family.
  static double amount(std::string_view text) {
    std::string digits;
    std::size_t i = text.find_first_of("0123456789");
    while (i != std::string_view::npos && i < text.size() && (text[i] == '.' || (text[i] >= '0' && text[i] <= '9'))) {
      digits += text[i++];
    }
    double value = digits.empty() ? 0 : std::stod(digits);
    std::string_view unit = i == std::string_view::npos ? "" : text.substr(i);
    for (auto [name, factor] : {std::pair<std::string_view, double>{"m", 1e-3},
                                {"Ki", 1024.0},
                                {"Mi", 1048576.0},
                                {"Gi", 1073741824.0},
                                {"Ti", 1099511627776.0},
                                {"k", 1e3},
                                {"M", 1e6},
                                {"G", 1e9}}) {
      if (unit.starts_with(name)) {
        return value * factor;
      }
    }
    return value;
  }

  static std::string bar(const std::string& cell) {
    std::size_t slash = cell.find(" / ");
    if (slash == std::string::npos) {
      return xml_escape(cell);
    }
    double all = amount(std::string_view(cell).substr(slash + 3));
    double free = amount(std::string_view(cell).substr(0, slash));
    int percent = all > 0 ? static_cast<int>(100 * std::min(1.0, free / all)) : 0;
    return "<svg width=\"110\" height=\"12\" role=\"img\" aria-label=\"" + xml_escape(cell) +
           "\"><rect width=\"100\" height=\"12\" fill=\"#c9ced4\"/><rect width=\"" + std::to_string(percent) +
           "\" height=\"12\" fill=\"#2e7d5b\"/></svg><br>" + xml_escape(cell);
  }

  void write_timeline(const finding::Subject& subject) {
    if (subject.timeline.empty()) {
      return;
    }
    const int step = 26;
    int height = static_cast<int>(subject.timeline.size()) * step + 10;
    out_ += "<h3>" + xml_escape(catalogue_.say("render.timeline")) + "</h3>\n<svg width=\"100%\" height=\"" +
            std::to_string(height) + "\" role=\"img\"><line x1=\"80\" y1=\"4\" x2=\"80\" y2=\"" +
            std::to_string(height - 6) + "\" stroke=\"#8b949e\"/>\n";
    int y = 14;
    for (const auto& moment : subject.timeline) {
      std::string clock = moment.time.size() >= 19 ? moment.time.substr(11, 8) : moment.time;
      bool bad = moment.what == "killed" || moment.what == "exited" || moment.what == "probe-failed" ||
                 moment.what == "back-off";
      std::string at = std::to_string(y);
      out_ += "<text x=\"4\" y=\"" + std::to_string(y + 4) + "\" font-size=\"12\" fill=\"currentColor\">" +
              xml_escape(clock) + "</text><circle cx=\"80\" cy=\"" + at + "\" r=\"5\" fill=\"" +
              (bad ? "#b3261e" : "#2e7d5b") + "\"/><text x=\"96\" y=\"" + std::to_string(y + 4) +
              "\" font-size=\"13\" fill=\"currentColor\">" + xml_escape(moment.text) + "</text>\n";
      y += step;
    }
    out_ += "</svg>\n";
  }

  const catalogue::Catalogue& catalogue_;
  std::string out_;
};

}  // namespace

std::string html(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options&) {
  return Page(catalogue).build(report);
}

}  // namespace podcheck::render
