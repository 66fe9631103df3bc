// One self-contained page: no script, no network; the policy in its head holds it to that.
#include "render/escape.hpp"
#include "render/html_parts.hpp"
#include "render/render.hpp"
#include "render/sentence.hpp"

namespace podcheck::render {

namespace {

constexpr const char* style = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#59636e;--page:#fff;--card:#f6f7f9;--line:#d9dde2;--bad:#b3261e;
--good:#1a7f37;--used:#9aa4ae;--free:#7cc49a;--badge:#e8eaed}
@media(prefers-color-scheme:dark){:root{--ink:#e4e7ea;--dim:#9aa4ae;--page:#14171a;--card:#1d2125;--line:#363c43;
--bad:#ff8a80;--good:#6fdd8b;--used:#5b6570;--free:#3f8f63;--badge:#2c3238}}
*{box-sizing:border-box}
body{font:15px/1.55 system-ui,"Noto Sans JP",sans-serif;max-width:64rem;margin:0 auto;padding:1rem;color:var(--ink);
background:var(--page);overflow-wrap:anywhere}
h1{font-size:1.05rem;font-weight:600;color:var(--dim);margin:.5rem 0 1rem}
h2{font-size:1.3rem;margin:0}h3{font-size:1.1rem;margin:0 0 .3rem}
h4{font-size:.8rem;margin:1.2rem 0 .3rem;color:var(--dim);text-transform:uppercase;letter-spacing:.04em}
p{margin:.3rem 0}.bad{color:var(--bad)}.good{color:var(--good)}.dim{color:var(--dim)}
section{border-top:2px solid var(--line);padding:1.2rem 0}
article{background:var(--card);border-left:4px solid var(--bad);border-radius:4px;padding:.9rem 1rem;margin:.9rem 0}
article.also{border-left-color:var(--used)}
.badge{display:inline-block;background:var(--badge);border-radius:9px;padding:0 .6em;font-size:.8rem;margin-right:.3em}
code,pre,td.text,time,.amount{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:13px}
pre{background:var(--page);border:1px solid var(--line);border-radius:4px;padding:.6rem .7rem;margin:.3rem 0;
white-space:pre-wrap}
table{border-collapse:collapse;width:100%}
td,th{border-top:1px solid var(--line);padding:.35rem .6rem .35rem 0;text-align:left;vertical-align:top}
thead th{border-top:0;font-weight:600;color:var(--dim);font-size:.85rem}
td.text{white-space:pre-wrap}td.kind{white-space:nowrap;color:var(--dim)}td.source{min-width:7rem}
.fixes{padding-left:1.2rem;margin:.2rem 0}
svg.strip{width:100%;min-height:28px;display:block;overflow:visible}.rail{stroke:var(--used);stroke-width:2}
.cut{stroke-dasharray:6 8}.mark.good{fill:var(--good)}.mark.bad{fill:var(--bad)}
.ends{display:flex;justify-content:space-between;color:var(--dim);font-size:.85rem;margin:0 0 .4rem}
.moments{list-style:none;padding:0;margin:0}.moments li{display:flex;gap:.8rem;color:inherit;padding:.1rem 0}
.moments li::before{content:"●";color:var(--good);flex:none}.moments li.bad::before{content:"■";color:var(--bad)}
.moments li.dim::before{content:"…";color:var(--dim)}.moments li.bad,.moments li.good{color:inherit}
.moments time{flex:none;color:var(--dim)}
svg.bar{width:100%;max-width:11rem;height:9px;display:block;border-radius:2px}.amount{white-space:nowrap}
.free{fill:var(--free)}.used{fill:var(--used)}
.legend{color:var(--dim);font-size:.85rem}.legend svg{width:.7em;height:.7em}
@media(max-width:40rem){body{padding:.7rem}table,tbody,tr,td{display:block}thead{display:none}
td{border:0;padding:.1rem 0}tr{border-top:1px solid var(--line);padding:.4rem 0;display:block}
.nodes td[data-name]::before{content:attr(data-name) " ";color:var(--dim)}
.moments li{flex-wrap:wrap;gap:0 .6rem}.moments li span{flex-basis:100%;padding-left:1.4rem}}
@media print{section{break-inside:avoid}}
)";

class Page {
 public:
  explicit Page(const catalogue::Catalogue& catalogue) : catalogue_(catalogue) {}

  std::string build(const finding::Report& report) {
    std::string title = say("render.report.title");
    out_ = "<!doctype html>\n<html lang=\"";
    out_ += catalogue_.language() == catalogue::Language::ja ? "ja" : "en";
    out_ += R"(">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,">
<title>)";
    out_ += title_of(report, title);
    out_ += "</title>\n<style>";
    out_ += style;
    out_ += "</style>\n</head>\n<body>\n<h1>";
    out_ += title;
    out_ += "</h1>\n";
    if (report.subjects.empty()) {
      out_ += "<p class=\"good\">✓ " + say("render.report.nothing") + "</p>\n";
    }
    for (const auto& subject : report.subjects) {
      write(subject, report.mode);
    }
    if (!report.notes.empty()) {
      out_ += "<section>\n<h4>" + say("render.report.notes") + "</h4>\n<ul>\n";
      for (const auto& note : report.notes) {
        out_ +=
            "<li>" + (note.about.empty() ? "" : xml_escape(note.about) + ": ") + xml_escape(note.message) + "</li>\n";
      }
      out_ += "</ul>\n</section>\n";
    }
    return out_ + "</body>\n</html>\n";
  }

 private:
  std::string say(const std::string& key, const finding::Values& values = {}) const {
    return xml_escape(catalogue_.say(key, values));
  }

  // One subject gives the browser's tab its name.
  static std::string title_of(const finding::Report& report, const std::string& otherwise) {
    return report.subjects.size() == 1 ? xml_escape(report.subjects.front().name) + " – " + otherwise : otherwise;
  }

  void write(const finding::Subject& subject, finding::Mode mode) {
    if (mode == finding::Mode::lint && subject.findings.empty()) {
      return;
    }
    bool good = mode == finding::Mode::lint ? subject.findings.empty() : subject.healthy;
    std::string name = subject.namespace_.empty() ? subject.name : subject.namespace_ + "/" + subject.name;
    out_ += std::string("<section>\n<h2><span class=\"") + (good ? "good\">✓" : "bad\">✗") + "</span> " +
            xml_escape(subject.kind + " " + name) + "</h2>\n";
    if (!subject.headline.empty()) {
      out_ += "<p class=\"dim\">" + xml_escape(subject.headline) + "</p>\n";
    }
    bool first = true;
    for (const auto& found : subject.findings) {
      write(found, first);
      if (first) {
        out_ += html_nodes(subject, catalogue_);
      }
      first = false;
    }
    if (subject.findings.empty()) {
      out_ += html_nodes(subject, catalogue_);
    }
    out_ += html_timeline(subject, catalogue_) + "</section>\n";
  }

  void write(const finding::Finding& found, bool first) {
    out_ += std::string("<article") + (first ? "" : " class=\"also\"") + ">\n<h3>" +
            xml_escape(sentence(found.message)) + "</h3>\n<p>";
    if (found.confidence != finding::Confidence::none) {
      out_ += badge(say(std::string("render.confidence.") + to_string(found.confidence)));
    } else {
      out_ += badge(say(std::string("render.severity.") + to_string(found.severity)));
    }
    if (!first && found.role != finding::Role::none) {
      out_ += badge(say(std::string("render.role.") + to_string(found.role)));
    }
    out_ += "<code class=\"dim\">" + xml_escape(found.id) + "</code>";
    if (found.location) {
      out_ += " <code>" + xml_escape(found.location->file) + ":" + std::to_string(found.location->line) + ":" +
              std::to_string(found.location->column) + "</code>";
    }
    out_ += "</p>\n";
    if (!found.why.empty()) {
      out_ += "<p>" + xml_escape(found.why) + "</p>\n";
    }
    write_proof(found);
    write_fixes(found);
    out_ += "</article>\n";
  }

  static std::string badge(const std::string& text) { return "<span class=\"badge\">" + text + "</span> "; }

  void write_proof(const finding::Finding& found) {
    if (found.evidence.empty()) {
      return;
    }
    out_ += "<h4>" + say("render.proof") + "</h4>\n<table>\n";
    for (const auto& proof : found.evidence) {
      out_ += "<tr><td class=\"kind\">" + say("render.evidence." + proof.kind) + "</td><td class=\"source\">" +
              xml_escape(proof.source) + "</td><td class=\"text\">" + xml_escape(proof.text);
      if (proof.count > 1) {
        out_ += " <span class=\"dim\">" + say("render.times", {{"count", std::to_string(proof.count)}}) + "</span>";
      }
      out_ += "</td></tr>\n";
    }
    out_ += "</table>\n";
  }

  void write_fixes(const finding::Finding& found) {
    if (found.fixes.empty()) {
      return;
    }
    out_ += "<h4>" + say("render.fix") + "</h4>\n<ul class=\"fixes\">\n";
    for (const auto& fix : found.fixes) {
      out_ += "<li>" + xml_escape(fix.summary);
      if (!fix.effect.empty()) {
        out_ += " <span class=\"dim\">[" + xml_escape(fix.effect) + "]</span>";
      }
      if (!fix.command.empty()) {
        out_ += "<pre>" + xml_escape(fix.command) + "</pre>";
      }
      out_ += "</li>\n";
    }
    out_ += "</ul>\n";
  }

  const catalogue::Catalogue& catalogue_;
  std::string out_;
};

}  // namespace

std::string html(const finding::Report& report, const catalogue::Catalogue& catalogue, const Options&) {
  return Page(catalogue).build(report);
}

}  // namespace podcheck::render
