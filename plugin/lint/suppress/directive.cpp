#include "lint/suppress/directive.hpp"

#include <algorithm>

#include "lint/config/date.hpp"
#include "lint/engine/selection.hpp"

namespace podcheck::lint {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) {
    return text.substr(text.size());
  }
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

class Reader {
 public:
  Reader(std::string_view text, const catalogue::Catalogue& catalogue, DirectiveError& error)
      : text_(text), catalogue_(catalogue), error_(error) {}

  bool fail(std::string_view where, const char* key, finding::Values values = {}) {
    error_ = {key, std::move(values), static_cast<std::size_t>(where.data() - text_.data())};
    return false;
  }

  bool names(std::string_view list, Directive& out) {
    while (true) {
      const auto comma = list.find(',');
      const std::string_view name = trimmed(list.substr(0, comma));
      if (name.empty()) {
        return fail(name, "suppression.no-rule");
      }
      for (const auto& [unknown, nearest] : unknown_names(catalogue_, {std::string(name)})) {
        return fail(name, nearest.empty() ? "lint.selection.unknown" : "lint.selection.near",
                    {{"name", unknown}, {"nearest", nearest}});
      }
      out.rules.emplace_back(name);
      if (comma == std::string_view::npos) {
        return true;
      }
      list.remove_prefix(comma + 1);
    }
  }

  // "until 2027-01-01 reason", both optional.
  bool tail(std::string_view rest, Directive& out) {
    rest = trimmed(rest);
    if (rest.substr(0, 6) == "until " || rest == "until") {
      rest = trimmed(rest.substr(5));
      const std::string_view date = rest.substr(0, rest.find_first_of(" \t:,;"));
      if (!is_date(date)) {
        return fail(rest, "suppression.date", {{"value", std::string(date)}});
      }
      out.until = date;
      rest.remove_prefix(date.size());
    }
    const auto reason = rest.find_first_not_of(" \t:,;-");
    out.reason = reason == std::string_view::npos ? std::string_view() : trimmed(rest.substr(reason));
    return true;
  }

 private:
  std::string_view text_;
  const catalogue::Catalogue& catalogue_;
  DirectiveError& error_;
};

}  // namespace

Directive parse_directive(std::string_view text, const catalogue::Catalogue& catalogue, DirectiveError& error) {
  Directive out;
  Reader reader(text, catalogue, error);
  std::string_view rest = trimmed(text);
  const std::string_view word = rest.substr(0, rest.find_first_of("[ \t"));
  if (word != "ignore" && word != "ignore-file") {
    reader.fail(rest, "suppression.word", {{"word", std::string(word)}});
    return out;
  }
  out.whole_file = word == "ignore-file";
  rest.remove_prefix(word.size());
  const auto close = rest.find(']');
  if (rest.empty() || rest.front() != '[' || close == std::string_view::npos) {
    reader.fail(rest, "suppression.brackets", {{"word", std::string(word)}});
    return out;
  }
  if (reader.names(rest.substr(1, close - 1), out)) {
    reader.tail(rest.substr(close + 1), out);
  }
  return out;
}

Directive parse_ignore_annotation(std::string_view text, const catalogue::Catalogue& catalogue, DirectiveError& error) {
  Directive out;
  Reader reader(text, catalogue, error);
  const auto until = text.find(" until ");
  const auto end = std::min({until, text.find(':'), text.size()});
  if (reader.names(text.substr(0, end), out)) {
    reader.tail(text.substr(end), out);
  }
  return out;
}

Directive parse_rule_annotation(std::string_view rule, std::string_view text, const catalogue::Catalogue& catalogue,
                                DirectiveError& error) {
  Directive out;
  Reader reader(text, catalogue, error);
  Reader name(rule, catalogue, error);
  if (name.names(rule, out)) {
    reader.tail(text, out);
  }
  return out;
}

}  // namespace podcheck::lint
