#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <vector>

#include "render/escape.hpp"
#include "render/html_parts.hpp"

namespace podcheck::render {

namespace {

using finding::Moment;

constexpr std::size_t most_moments = 60;
constexpr double strip_width = 700;
constexpr double margin = 12;

// Seconds of "2026-11-23T16:54:21Z"; nullopt for anything else.
std::optional<double> seconds_of(std::string_view time) {
  int parts[6] = {};
  constexpr std::size_t places[6] = {0, 5, 8, 11, 14, 17};
  if (time.size() < 19) {
    return std::nullopt;
  }
  for (int i = 0; i < 6; ++i) {
    const char* begin = time.data() + places[i];
    const char* end = begin + (i == 0 ? 4 : 2);
    if (std::from_chars(begin, end, parts[i]).ptr != end) {
      return std::nullopt;
    }
  }
  std::chrono::year_month_day day{std::chrono::year(parts[0]), std::chrono::month(static_cast<unsigned>(parts[1])),
                                  std::chrono::day(static_cast<unsigned>(parts[2]))};
  double days = std::chrono::sys_days(day).time_since_epoch().count();
  return days * 86400 + parts[3] * 3600 + parts[4] * 60 + parts[5];
}

bool is_bad(const Moment& moment) {
  for (const char* what : {"killed", "exited", "probe-failed", "back-off", "warning"}) {
    if (moment.what == what) {
      return true;
    }
  }
  return false;
}

// "14:03:05", with the day where the moments lie on several.
std::string clock_of(const Moment& moment, bool with_day) {
  if (moment.time.size() < 19) {
    return moment.time;
  }
  return (with_day ? moment.time.substr(5, 5) + " " : "") + moment.time.substr(11, 8);
}

// Where each moment stands on the strip. A gap that would leave no room for all others is cut short, and its place is
// told.
struct Scale {
  std::vector<double> at;
  std::vector<std::pair<double, double>> cuts;
};

Scale scale_of(const std::vector<Moment>& moments) {
  std::vector<double> gaps;
  double last = seconds_of(moments.front().time).value_or(0);
  for (const Moment& moment : moments) {
    double now = std::max(last, seconds_of(moment.time).value_or(last));
    gaps.push_back(now - last);
    last = now;
  }
  std::vector<double> sorted = gaps;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double others = 0;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    others += sorted[i];
  }
  double longest = others > 0 && sorted.front() > 3 * others ? others : sorted.front();
  double total = 0;
  for (double gap : gaps) {
    total += std::min(gap, longest);
  }
  Scale scale;
  double passed = 0;
  for (double gap : gaps) {
    double from = margin + (total > 0 ? passed / total : 0) * (strip_width - 2 * margin);
    passed += std::min(gap, longest);
    double to = margin + (total > 0 ? passed / total : 0) * (strip_width - 2 * margin);
    scale.at.push_back(to);
    if (gap > longest) {
      scale.cuts.emplace_back(from, to);
    }
  }
  return scale;
}

std::string number(double value) {
  return std::to_string(static_cast<int>(std::lround(value)));
}

std::string line(double from, double to, const char* style) {
  return "<line x1=\"" + number(from) + "\" y1=\"22\" x2=\"" + number(to) + "\" y2=\"22\" class=\"" + style + "\"/>";
}

// Marks are drawn where they are; bad ones hang below the line and are squares, so that colour is not all that tells.
std::string strip(const std::vector<Moment>& moments, const std::string& label) {
  Scale scale = scale_of(moments);
  std::string out =
      "<svg class=\"strip\" viewBox=\"0 0 700 44\" role=\"img\" aria-label=\"" + xml_escape(label) + "\">";
  double from = margin;
  for (const auto& [begin, end] : scale.cuts) {
    out += line(from, begin, "rail") + line(begin, end, "rail cut");
    from = end;
  }
  out += line(from, strip_width - margin, "rail");
  for (std::size_t i = 0; i < moments.size(); ++i) {
    std::string title = "<title>" + xml_escape(moments[i].time + " " + moments[i].text) + "</title>";
    if (is_bad(moments[i])) {
      out += "<rect class=\"mark bad\" x=\"" + number(scale.at[i] - 6) + "\" y=\"24\" width=\"12\" height=\"12\">" +
             title + "</rect>";
    } else {
      out += "<circle class=\"mark good\" cx=\"" + number(scale.at[i]) + "\" cy=\"13\" r=\"7\">" + title + "</circle>";
    }
  }
  return out + "</svg>\n";
}

}  // namespace

std::string html_timeline(const finding::Subject& subject, const catalogue::Catalogue& catalogue) {
  if (subject.timeline.empty()) {
    return "";
  }
  std::vector<Moment> moments = subject.timeline;
  std::size_t left_out = moments.size() - std::min(moments.size(), most_moments);
  moments.erase(moments.begin(), moments.begin() + static_cast<std::ptrdiff_t>(left_out));
  bool days = moments.front().time.substr(0, 10) != moments.back().time.substr(0, 10);
  std::string label = catalogue.say("render.timeline");
  std::string out = "<h4>" + xml_escape(label) + "</h4>\n";
  if (moments.front().time != moments.back().time) {
    out += strip(moments, label) + "<p class=\"ends\"><span>" + xml_escape(clock_of(moments.front(), days)) +
           "</span><span>" + xml_escape(clock_of(moments.back(), days)) + "</span></p>\n";
  }
  out += "<ul class=\"moments\">\n";
  if (left_out > 0) {
    out += "<li class=\"dim\">" +
           xml_escape(catalogue.say("render.earlier_moments", {{"count", std::to_string(left_out)}})) + "</li>\n";
  }
  for (const Moment& moment : moments) {
    out += std::string("<li class=\"") + (is_bad(moment) ? "bad" : "good") + "\"><time datetime=\"" +
           xml_escape(moment.time) + "\">" + xml_escape(clock_of(moment, days)) + "</time><span>" +
           xml_escape(moment.text) + "</span></li>\n";
  }
  return out + "</ul>\n";
}

}  // namespace podcheck::render
