#include "render/diff.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace podcheck::render {

namespace {

using Lines = std::vector<std::string_view>;

// Lines with their ends, so that a changed line end shows as a change.
Lines split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Step {
  char sign;  // ' ', '-', '+'
  std::string_view line;
};

// The longest common subsequence between the first and the last change. Fixes touch few lines, so the table is small;
// where it would not be, the whole stretch is replaced.
void compare(const Lines& a, const Lines& b, std::size_t a_begin, std::size_t a_end, std::size_t b_begin,
             std::size_t b_end, std::vector<Step>& steps) {
  std::size_t rows = a_end - a_begin;
  std::size_t columns = b_end - b_begin;
  if (rows * columns > 16'000'000) {
    for (std::size_t i = a_begin; i < a_end; ++i) {
      steps.push_back({'-', a[i]});
    }
    for (std::size_t j = b_begin; j < b_end; ++j) {
      steps.push_back({'+', b[j]});
    }
    return;
  }
  std::vector<std::uint32_t> length((rows + 1) * (columns + 1), 0);
  auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return length[i * (columns + 1) + j]; };
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      at(i, j) = a[a_begin + i] == b[b_begin + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[a_begin + i] == b[b_begin + j]) {
      steps.push_back({' ', a[a_begin + i]});
      ++i;
      ++j;
    } else if (i < rows && (j == columns || at(i + 1, j) >= at(i, j + 1))) {
      steps.push_back({'-', a[a_begin + i++]});
    } else {
      steps.push_back({'+', b[b_begin + j++]});
    }
  }
}

void write_line(std::string& out, const Step& step) {
  out += step.sign;
  out += step.line;
  if (!step.line.ends_with('\n')) {
    out += "\n\\ No newline at end of file\n";
  }
}

}  // namespace

std::string unified_diff(const std::string& file, std::string_view before, std::string_view after) {
  if (before == after) {
    return "";
  }
  constexpr std::size_t context = 3;
  Lines a = split(before);
  Lines b = split(after);
  std::size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same]) {
    ++same;
  }
  std::size_t tail = 0;
  while (tail < a.size() - same && tail < b.size() - same && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  std::vector<Step> steps;
  for (std::size_t i = 0; i < same; ++i) {
    steps.push_back({' ', a[i]});
  }
  compare(a, b, same, a.size() - tail, same, b.size() - tail, steps);
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) {
    steps.push_back({' ', a[i]});
  }
  std::string out = "--- a/" + file + "\n+++ b/" + file + "\n";
  std::size_t a_line = 1;
  std::size_t b_line = 1;
  std::size_t at = 0;
  while (at < steps.size()) {
    std::size_t change = at;
    while (change < steps.size() && steps[change].sign == ' ') {
      ++change;
    }
    if (change == steps.size()) {
      break;
    }
    std::size_t begin = std::max(at, change > context ? change - context : 0);
    // A hunk goes on until more than twice the context lies between two changes.
    std::size_t last = change;
    for (std::size_t i = change; i < steps.size() && i <= last + 2 * context; ++i) {
      last = steps[i].sign == ' ' ? last : i;
    }
    std::size_t end = std::min(steps.size(), last + context + 1);
    a_line += begin - at;
    b_line += begin - at;
    std::size_t a_count = 0;
    std::size_t b_count = 0;
    std::string body;
    for (std::size_t i = begin; i < end; ++i) {
      a_count += steps[i].sign != '+' ? 1 : 0;
      b_count += steps[i].sign != '-' ? 1 : 0;
      write_line(body, steps[i]);
    }
    out += "@@ -" + std::to_string(a_count == 0 ? a_line - 1 : a_line) + "," + std::to_string(a_count) + " +" +
           std::to_string(b_count == 0 ? b_line - 1 : b_line) + "," + std::to_string(b_count) + " @@\n" + body;
    a_line += a_count;
    b_line += b_count;
    at = end;
  }
  return out;
}

}  // namespace podcheck::render
