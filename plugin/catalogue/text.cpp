#include <algorithm>
#include <iterator>
#include <numeric>

#include "catalogue/catalogue.hpp"

namespace podcheck::catalogue {

std::string fill(std::string_view text, const finding::Values& values) {
  std::string out;
  out.reserve(text.size() + 32);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if ((c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c) {
      out += c;
      ++at;
      continue;
    }
    const auto close = c == '{' ? text.find('}', at) : std::string_view::npos;
    if (close != std::string_view::npos) {
      const std::string_view name = text.substr(at + 1, close - at - 1);
      const auto value =
          std::find_if(values.begin(), values.end(), [&](const auto& entry) { return entry.first == name; });
      if (value != values.end()) {
        out += value->second;
        at = close;
        // A sentence without a value that is not known has no gap where it would stand.
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        if (value->second.empty() && out.ends_with(' ') &&
            std::string_view(" .,:;)").find(next) != std::string_view::npos) {
          out.pop_back();
        }
        continue;
      }
    }
    out += c;
  }
  return out;
}

std::string generic(std::string_view text) {
  std::string out;
  while (true) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    const auto name = close == std::string_view::npos ? std::string_view() : text.substr(open + 1, close - open - 1);
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string_view::npos) {
      const auto passed = open == std::string_view::npos ? text.size() : open + 1;
      out += text.substr(0, passed);
      text.remove_prefix(passed);
      if (open == std::string_view::npos) {
        return out;
      }
      continue;
    }
    out += text.substr(0, open);
    out += '<';
    std::replace_copy(name.begin(), name.end(), std::back_inserter(out), '_', ' ');
    out += '>';
    text.remove_prefix(close + 1);
  }
}

namespace {

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each. Gives up with
// limit + 1 as soon as a whole row is beyond the limit.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    if (*std::min_element(row.begin(), row.end()) > limit) {
      return limit + 1;
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 256;
  if (word.empty() || word.size() > longest) {
    return {};
  }
  const std::string small = lower(word);
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string found;
  for (const auto& candidate : candidates) {
    const std::size_t difference =
        candidate.size() > word.size() ? candidate.size() - word.size() : word.size() - candidate.size();
    if (difference >= best || candidate == word) {
      continue;
    }
    // A difference in case alone is nearer than any other.
    const std::string other = lower(candidate);
    const std::size_t steps = other == small ? 0 : distance(small, other, best - 1);
    if (steps < best) {
      best = steps;
      found = candidate;
    }
  }
  return found;
}

}  // namespace podcheck::catalogue
