#include "cli/glossary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace podcheck::cli {

namespace {

constexpr std::string_view prefix = "glossary";

bool same_letters(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool starts_with_letters(std::string_view text, std::string_view start) {
  return text.size() > start.size() && same_letters(text.substr(0, start.size()), start);
}

std::string_view last_part(std::string_view key) {
  return key.substr(key.rfind('.') + 1);
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = failure == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole ? std::optional(value) : std::nullopt;
}

// Exit codes without an entry: 128 + n is by convention signal n, and the rest are the program's own.
std::string code_without_entry(const catalogue::Catalogue& catalogue, std::uint64_t code) {
  constexpr std::uint64_t largest = 255;
  constexpr std::uint64_t signal_base = 128;
  constexpr std::uint64_t last_signal = 64;
  if (code > largest) {
    return catalogue.say("explain.pattern.too_large", {{"hex", fmt::format("0x{:08X}", code)}});
  }
  if (code > signal_base && code <= signal_base + last_signal) {
    return catalogue.say("explain.pattern.signal", {{"signal", std::to_string(code - signal_base)}});
  }
  return catalogue.say("explain.pattern.own_code");
}

std::optional<GlossaryEntry> entry_of(const catalogue::Catalogue& catalogue, std::string_view word) {
  for (const std::string& key : catalogue.keys(prefix)) {
    if (same_letters(last_part(key), word)) {
      std::string title(last_part(key));
      bool is_code = number(title).has_value();
      return GlossaryEntry{title, {catalogue.say(key)}, is_code ? "" : title};
    }
  }
  return std::nullopt;
}

// "Init:1/3", or "Init:" before a status of its own.
std::optional<GlossaryEntry> init_status(const catalogue::Catalogue& catalogue, std::string_view rest) {
  std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos) {
    auto done = number(rest.substr(0, slash));
    auto all = number(rest.substr(slash + 1));
    if (!done || !all) {
      return std::nullopt;
    }
    return GlossaryEntry{"Init:" + std::string(rest),
                         {catalogue.say("explain.pattern.init_progress",
                                        {{"done", std::to_string(*done)}, {"all", std::to_string(*all)}})},
                         "Init:0/1"};
  }
  auto inner = entry_of(catalogue, rest);
  if (!inner) {
    return std::nullopt;
  }
  inner->paragraphs.insert(inner->paragraphs.begin(), catalogue.say("explain.pattern.init"));
  inner->title = "Init:" + inner->title;
  return inner;
}

}  // namespace

std::optional<GlossaryEntry> look_up(const catalogue::Catalogue& catalogue, std::string_view word) {
  if (auto entry = entry_of(catalogue, word)) {
    return entry;
  }
  if (auto code = number(word)) {
    return GlossaryEntry{std::string(word), {code_without_entry(catalogue, *code)}, ""};
  }
  constexpr std::string_view init = "Init:";
  if (starts_with_letters(word, init)) {
    return init_status(catalogue, word.substr(init.size()));
  }
  constexpr std::string_view out_of = "OutOf";
  if (starts_with_letters(word, out_of)) {
    std::string resource(word.substr(out_of.size()));
    return GlossaryEntry{
        "OutOf" + resource, {catalogue.say("explain.pattern.out_of", {{"resource", resource}})}, "OutOfcpu"};
  }
  return std::nullopt;
}

std::vector<std::string> glossary_words(const catalogue::Catalogue& catalogue) {
  std::vector<std::string> words;
  for (const std::string& key : catalogue.keys(prefix)) {
    words.emplace_back(last_part(key));
  }
  return words;
}

}  // namespace podcheck::cli
