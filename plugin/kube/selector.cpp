#include "kube/selector.hpp"

#include <algorithm>
#include <charconv>

namespace podcheck::kube {

using document::Node;

namespace {

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// Tokens of the string form: words, and the marks ( ) , ! = == != > <
class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) { next(); }

  std::string_view token() const { return token_; }
  bool is_word() const { return word_; }
  bool at_end() const { return token_.empty(); }
  bool accept(std::string_view mark) {
    if (word_ || token_ != mark) {
      return false;
    }
    next();
    return true;
  }
  std::string take_word() {
    std::string word(token_);
    next();
    return word;
  }
  void next() {
    constexpr std::string_view marks = "(),!=<>";
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    word_ = false;
    if (rest_.empty()) {
      token_ = {};
      return;
    }
    std::size_t length = 1;
    if (marks.find(rest_[0]) != std::string_view::npos) {
      if (rest_.starts_with("==") || rest_.starts_with("!=")) {
        length = 2;
      }
    } else {
      word_ = true;
      length = std::min(rest_.find_first_of("(),!=<> \t\r\n"), rest_.size());
    }
    token_ = rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

 private:
  std::string_view rest_;
  std::string_view token_;
  bool word_ = false;
};

bool read_set(Lexer& lexer, std::vector<std::string>& values) {
  if (!lexer.accept("(")) {
    return false;
  }
  for (;;) {
    values.push_back(lexer.is_word() ? lexer.take_word() : std::string());
    if (lexer.accept(")")) {
      return true;
    }
    if (!lexer.accept(",")) {
      return false;
    }
  }
}

bool read_operator(Lexer& lexer, Requirement& requirement) {
  struct Mark {
    std::string_view text;
    Operator op;
  };
  static constexpr Mark marks[] = {{"=", Operator::in},
                                   {"==", Operator::in},
                                   {"!=", Operator::not_in},
                                   {">", Operator::greater},
                                   {"<", Operator::less}};
  for (const Mark& mark : marks) {
    if (lexer.accept(mark.text)) {
      requirement.op = mark.op;
      requirement.values.push_back(lexer.is_word() ? lexer.take_word() : std::string());
      return true;
    }
  }
  if (lexer.is_word() && (lexer.token() == "in" || lexer.token() == "notin")) {
    requirement.op = lexer.take_word() == "in" ? Operator::in : Operator::not_in;
    return read_set(lexer, requirement.values);
  }
  requirement.op = Operator::exists;
  return true;
}

}  // namespace

std::optional<Operator> operator_from(std::string_view text) {
  static constexpr std::string_view names[] = {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"};
  auto found = std::find(std::begin(names), std::end(names), text);
  if (found == std::end(names)) {
    return std::nullopt;
  }
  return static_cast<Operator>(found - std::begin(names));
}

// k8s.io/apimachinery pkg/labels/selector.go: NotIn also matches when the key is absent.
bool Requirement::matches(std::optional<std::string_view> value) const {
  auto listed = [&] { return std::find(values.begin(), values.end(), *value) != values.end(); };
  switch (op) {
    case Operator::in:
      return value && listed();
    case Operator::not_in:
      return !value || !listed();
    case Operator::exists:
      return value.has_value();
    case Operator::does_not_exist:
      return !value;
    case Operator::greater:
    case Operator::less: {
      if (!value || values.size() != 1) {
        return false;
      }
      std::optional<std::int64_t> has = integer(*value);
      std::optional<std::int64_t> bound = integer(values.front());
      return has && bound && (op == Operator::greater ? *has > *bound : *has < *bound);
    }
  }
  return false;
}

std::optional<std::string> label(Node labels, std::string_view key) {
  Node value = labels[key];
  if (!value) {
    return std::nullopt;
  }
  return value.is_null() ? std::string() : value.text();
}

bool Selector::matches(Node labels) const {
  return std::all_of(requirements.begin(), requirements.end(), [&](const Requirement& requirement) {
    std::optional<std::string> value = label(labels, requirement.key);
    return requirement.matches(value ? std::optional<std::string_view>(*value) : std::nullopt);
  });
}

std::optional<Requirement> requirement(Node node) {
  std::optional<Operator> op = operator_from(node["operator"].string());
  if (!op) {
    return std::nullopt;
  }
  Requirement result{std::string(node["key"].string()), *op, {}};
  for (Node value : node["values"].items()) {
    result.values.push_back(value.text());
  }
  return result;
}

Selector map_selector(Node node) {
  Selector selector;
  for (const document::Member& member : node.members()) {
    selector.requirements.push_back(
        {std::string(member.key), Operator::in, {member.value.is_null() ? std::string() : member.value.text()}});
  }
  return selector;
}

std::optional<Selector> label_selector(Node node) {
  Selector selector = map_selector(node["matchLabels"]);
  for (Node expression : node["matchExpressions"].items()) {
    std::optional<Requirement> parsed = requirement(expression);
    if (!parsed) {
      return std::nullopt;
    }
    selector.requirements.push_back(std::move(*parsed));
  }
  return selector;
}

std::optional<Selector> parse_selector(std::string_view text) {
  Lexer lexer(text);
  Selector selector;
  while (!lexer.at_end()) {
    Requirement requirement;
    bool absent = lexer.accept("!");
    if (!lexer.is_word()) {
      return std::nullopt;
    }
    requirement.key = lexer.take_word();
    if (absent) {
      requirement.op = Operator::does_not_exist;
    } else if (!read_operator(lexer, requirement)) {
      return std::nullopt;
    }
    selector.requirements.push_back(std::move(requirement));
    if (!lexer.at_end() && (!lexer.accept(",") || lexer.at_end())) {
      return std::nullopt;
    }
  }
  return selector;
}

bool matches(Node selector, Node labels) {
  if (!selector.is_mapping()) {
    return false;
  }
  std::optional<Selector> parsed = label_selector(selector);
  return parsed && parsed->matches(labels);
}

bool service_matches(Node selector, Node labels) {
  return !selector.empty() && map_selector(selector).matches(labels);
}

bool term_matches(Node term, Node labels, std::string_view node_name) {
  Node expressions = term["matchExpressions"];
  Node fields = term["matchFields"];
  if (expressions.empty() && fields.empty()) {
    return false;
  }
  for (Node expression : expressions.items()) {
    std::optional<Requirement> parsed = requirement(expression);
    if (!parsed) {
      return false;
    }
    std::optional<std::string> value = label(labels, parsed->key);
    if (!parsed->matches(value ? std::optional<std::string_view>(*value) : std::nullopt)) {
      return false;
    }
  }
  for (Node field : fields.items()) {
    std::optional<Requirement> parsed = requirement(field);
    bool known = parsed && parsed->key == "metadata.name";
    if (!known || !parsed->matches(node_name)) {
      return false;
    }
  }
  return true;
}

bool node_selector_matches(Node selector, Node labels, std::string_view node_name) {
  for (Node term : selector["nodeSelectorTerms"].items()) {
    if (term_matches(term, labels, node_name)) {
      return true;
    }
  }
  return false;
}

}  // namespace podcheck::kube
