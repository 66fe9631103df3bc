#include <algorithm>
#include <vector>

#include "kube/references.hpp"

namespace podcheck::kube {
namespace {

std::vector<std::string_view> words(std::string_view name) {
  std::vector<std::string_view> out;
  while (!name.empty()) {
    const std::size_t end = name.find_first_of("-._");
    if (const std::string_view word = name.substr(0, end); !word.empty())
      out.push_back(word);
    if (end == std::string_view::npos)
      break;
    name.remove_prefix(end + 1);
  }
  return out;
}

bool has_digit(std::string_view text) {
  return text.find_first_of("0123456789") != std::string_view::npos;
}

// One letter added, dropped, changed, or two neighbours swapped.
bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size())
    std::swap(a, b);
  if (b.size() - a.size() > 1)
    return false;
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin());
  const std::string_view rest_a(left, a.end());
  const std::string_view rest_b(right, b.end());
  if (a.size() != b.size())
    return rest_a == rest_b.substr(1);
  if (rest_a.size() < 2)
    return rest_a.size() == 1;
  if (rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2))
    return true;
  return rest_a.substr(1) == rest_b.substr(1);
}

}  // namespace

bool is_near_miss(std::string_view a, std::string_view b) {
  if (a == b || a.size() > 253 || b.size() > 253)
    return false;
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer - std::min(a.size(), b.size()) > 1)
    return false;
  const std::vector<std::string_view> left = words(a);
  const std::vector<std::string_view> right = words(b);
  if (left.size() != right.size()) {
    // Only a separator differs: webconfig, web-config.
    std::string joined_a(a), joined_b(b);
    for (std::string* joined : {&joined_a, &joined_b})
      joined->erase(
          std::remove_if(joined->begin(), joined->end(), [](char c) { return c == '-' || c == '.' || c == '_'; }),
          joined->end());
    return joined_a == joined_b && joined_a.size() >= 6;
  }
  const std::string_view* one = nullptr;
  const std::string_view* other = nullptr;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == right[i])
      continue;
    if (one != nullptr)
      return false;
    one = &left[i];
    other = &right[i];
  }
  if (one == nullptr)
    return true;  // only the kind of separator differs: web_config, web-config
  if (has_digit(*one) || has_digit(*other))
    return false;
  constexpr std::size_t shortest_word = 5;
  return std::max(one->size(), other->size()) >= shortest_word && is_one_slip(*one, *other);
}

bool is_related_name(std::string_view a, std::string_view b) {
  if (a == b || a.size() > 253 || b.size() > 253)
    return false;
  std::vector<std::string_view> shorter = words(a);
  std::vector<std::string_view> longer = words(b);
  if (shorter.size() > longer.size())
    std::swap(shorter, longer);
  // Words that tell variants of one thing apart.
  const auto tells_apart = [](std::string_view word) {
    for (std::string_view variant : {"dev", "test", "qa", "staging", "stage", "prod", "production", "live", "blue",
                                     "green", "canary", "primary", "replica", "old", "new", "backup", "eu", "us", "ap"})
      if (word == variant)
        return true;
    return has_digit(word);
  };
  if (shorter.size() < 2 || longer.size() - shorter.size() > 1)
    return false;
  if (shorter.size() == longer.size()) {
    int differing = 0;
    for (std::size_t i = 0; i < shorter.size(); ++i) {
      if (shorter[i] == longer[i])
        continue;
      ++differing;
      const bool abbreviated = shorter[i].starts_with(longer[i]) || longer[i].starts_with(shorter[i]);
      constexpr std::size_t shortest = 3;
      if (!abbreviated || std::min(shorter[i].size(), longer[i].size()) < shortest || tells_apart(shorter[i]) ||
          tells_apart(longer[i]))
        return false;
    }
    return differing == 1;
  }
  // All words of the shorter in order, and one more.
  std::size_t at = 0;
  std::string_view extra;
  for (std::string_view word : longer) {
    if (at < shorter.size() && shorter[at] == word)
      ++at;
    else if (!extra.empty())
      return false;
    else
      extra = word;
  }
  return at == shorter.size() && !tells_apart(extra);
}

}  // namespace podcheck::kube
