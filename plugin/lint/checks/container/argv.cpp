#include "lint/checks/container/argv.hpp"

#include <algorithm>
#include <charconv>

namespace podcheck::lint {

using document::Node;

namespace {

constexpr double forever = 1e12;

template <std::size_t Size>
bool among(const std::string_view (&names)[Size], std::string_view word) {
  return std::find(std::begin(names), std::end(names), word) != std::end(names);
}

bool is_reserved(std::string_view word) {
  static constexpr std::string_view reserved[] = {"if",       "then",   "else", "elif", "fi",   "while",
                                                  "until",    "for",    "do",   "done", "case", "esac",
                                                  "function", "select", "{",    "}",    "((",   "[["};
  return among(reserved, word);
}

// Programs that start another one given behind them.
bool is_wrapper(std::string_view program) {
  static constexpr std::string_view wrappers[] = {"env",   "tini",    "dumb-init", "exec",    "nice",
                                                  "nohup", "stdbuf",  "gosu",      "su-exec", "setpriv",
                                                  "time",  "timeout", "catatonit"};
  return among(wrappers, program);
}

class ScriptReader {
 public:
  explicit ScriptReader(std::string_view text) : text_(text) {}

  Script read() {
    while (at_ < text_.size()) {
      step();
    }
    end_command("");
    return std::move(script_);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool in_word_ = false;
  ScriptCommand command_;
  Script script_;

  void end_word() {
    if (!in_word_) {
      return;
    }
    if (is_reserved(word_)) {
      script_.compound = true;
    }
    command_.words.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }

  void end_command(std::string_view mark) {
    end_word();
    if (!command_.words.empty()) {
      command_.end = mark;
      script_.commands.push_back(std::move(command_));
    } else if (!script_.commands.empty() && script_.commands.back().end == ";" && mark != ";" && !mark.empty()) {
      script_.commands.back().end = mark;
    }
    command_ = {};
  }

  void add(char c) {
    word_ += c;
    in_word_ = true;
  }

  // Copies a balanced $(…), ${…} or `…` as it stands.
  void substitution(char close) {
    std::size_t depth = 0;
    char open = close == ')' ? '(' : close == '}' ? '{' : '\0';
    while (at_ < text_.size()) {
      char c = text_[at_++];
      add(c);
      if (c == open) {
        ++depth;
      } else if (c == close && (depth == 0 || --depth == 0)) {
        return;
      }
    }
    script_.opaque = true;
  }

  void quoted(char quote) {
    in_word_ = true;
    while (at_ < text_.size()) {
      char c = text_[at_++];
      if (c == quote) {
        return;
      }
      if (c == '\\' && quote == '"' && at_ < text_.size()) {
        add(text_[at_++]);
      } else if (c == '$' && quote == '"' && at_ < text_.size() && text_[at_] == '(') {
        add(c);
        substitution(')');
      } else {
        add(c);
      }
    }
    script_.opaque = true;
  }

  void mark(std::string_view text) {
    end_command(text);
    at_ += text.size();
  }

  void step() {
    char c = text_[at_];
    std::string_view rest = text_.substr(at_);
    if (c == '\'' || c == '"') {
      ++at_;
      quoted(c);
    } else if (c == '\\' && at_ + 1 < text_.size()) {
      ++at_;
      if (text_[at_] != '\n') {
        add(text_[at_]);
      }
      ++at_;
    } else if (rest.starts_with("$(") || rest.starts_with("${")) {
      add(c);
      ++at_;
      substitution(rest[1] == '(' ? ')' : '}');
    } else if (c == '`') {
      add(c);
      ++at_;
      substitution('`');
    } else if (c == '#' && !in_word_) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (rest.starts_with("<<")) {
      script_.opaque = true;
      add(c);
      ++at_;
    } else if ((c == '>' || c == '<') && rest.size() > 1 && rest[1] == '&') {
      add(c);  // 2>&1 is one word
      add('&');
      at_ += 2;
    } else if (rest.starts_with("&>")) {
      add(c);
      add('>');
      at_ += 2;
    } else if (rest.starts_with("&&")) {
      mark("&&");
    } else if (rest.starts_with("||")) {
      mark("||");
    } else if (c == '|' || c == '&') {
      mark(rest.substr(0, 1));
    } else if (c == ';' || c == '\n') {
      end_command(";");
      ++at_;
    } else if (c == '(' || c == ')') {
      script_.compound = true;
      end_command(";");
      ++at_;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_word();
      ++at_;
    } else {
      add(c);
      ++at_;
    }
  }
};

std::vector<std::string> texts(const Words& words, std::size_t from = 0) {
  std::vector<std::string> result;
  for (std::size_t i = from; i < words.size(); ++i) {
    result.push_back(words[i].text());
  }
  return result;
}

std::string endless_command(const std::vector<std::string>& words) {
  std::size_t first = 0;
  while (first + 1 < words.size() && (words[first] == "exec" || is_wrapper(program_name(words[first])))) {
    ++first;
  }
  std::string_view program = program_name(words[first]);
  if (program == "sleep" &&
      sleep_seconds({words.begin() + static_cast<std::ptrdiff_t>(first), words.end()}) >= forever) {
    return "sleep infinity";
  }
  if (program == "tail") {
    for (const std::string& word : words) {
      if (word == "-f" || word == "-F" || word == "--follow" || (word.starts_with("-") && word.ends_with("f"))) {
        return "tail -f";
      }
    }
  }
  if (program == "pause") {
    return "pause";
  }
  return "";
}

bool leaves(const Script& script) {
  return std::any_of(script.commands.begin(), script.commands.end(), [](const ScriptCommand& command) {
    return std::any_of(command.words.begin(), command.words.end(), [](const std::string& word) {
      return word == "break" || word == "exit" || word == "return" || word == "exec" || word == "kill";
    });
  });
}

std::string endless_script(std::string_view text) {
  Script script = read_script(text);
  if (script.opaque || script.commands.empty()) {
    return "";
  }
  if (!script.compound) {
    const ScriptCommand* last = &script.commands.back();
    for (const ScriptCommand& command : script.commands) {
      if (command.end == "&&" || command.end == ";" || &command == last) {
        std::string part = command.end == "&" ? "" : endless_command(command.words);
        if (!part.empty()) {
          return part;
        }
      }
    }
    return "";
  }
  if (leaves(script)) {
    return "";
  }
  for (const ScriptCommand& command : script.commands) {
    if (command.words.size() >= 2 && command.words[0] == "while" &&
        (command.words[1] == "true" || command.words[1] == ":" || command.words[1] == "1")) {
      return "while " + command.words[1];
    }
  }
  return "";
}

}  // namespace

Words items_of(Node sequence) {
  Words words;
  for (Node item : sequence.items()) {
    words.push_back(item);
  }
  return words;
}

Words argv_of(const kube::Container& container) {
  Words words = items_of(container.node["command"]);
  Words args = items_of(container.node["args"]);
  words.insert(words.end(), args.begin(), args.end());
  return words;
}

bool has_command(const kube::Container& container) {
  return !container.node["command"].empty();
}

std::string_view program_name(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_shell(std::string_view path) {
  static constexpr std::string_view shells[] = {"sh", "bash", "ash", "dash", "zsh", "ksh"};
  return among(shells, program_name(path));
}

std::optional<std::size_t> script_index(const Words& words) {
  std::size_t at = 0;
  while (at < words.size() && !is_shell(words[at].string())) {
    std::string_view word = words[at].string();
    bool first_wrapper = at == 0 && (is_wrapper(program_name(word)) || program_name(word) == "busybox");
    if (!first_wrapper && at == 0) {
      return std::nullopt;
    }
    ++at;
  }
  for (++at; at < words.size(); ++at) {
    std::string_view word = words[at].string();
    if (!word.starts_with('-') && !word.starts_with('+')) {
      return std::nullopt;  // a script file
    }
    if (word.starts_with('-') && !word.starts_with("--") && word.find('c') != std::string_view::npos) {
      for (++at; at < words.size() && (words[at].string().starts_with('-') || words[at].string().starts_with('+'));
           ++at) {
        if (words[at].string().ends_with('o')) {
          ++at;
        }
      }
      return at < words.size() ? std::optional<std::size_t>(at) : std::nullopt;
    }
    if (!word.starts_with("--") && word.ends_with('o')) {
      ++at;  // -o pipefail
    }
  }
  return std::nullopt;
}

bool runs_shell(const Words& words) {
  return std::any_of(words.begin(), words.end(), [](Node word) { return is_shell(word.string()); });
}

Script read_script(std::string_view text) {
  return ScriptReader(text).read();
}

std::optional<double> sleep_seconds(const std::vector<std::string>& words) {
  if (words.size() < 2) {
    return std::nullopt;
  }
  double total = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "infinity" || word == "inf" || word == "INFINITY") {
      return forever;
    }
    double value = 0;
    auto [end, status] = std::from_chars(word.data(), word.data() + word.size(), value, std::chars_format::fixed);
    std::string_view unit = word.substr(static_cast<std::size_t>(end - word.data()));
    double factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
    if (status != std::errc() || factor == 0) {
      return i == 1 ? std::nullopt : std::optional<double>(total);
    }
    total += std::min(value * factor, forever);
  }
  return std::min(total, forever);
}

double least_seconds(const Words& words) {
  if (words.empty()) {
    return 0;
  }
  std::optional<std::size_t> script_at = script_index(words);
  if (!script_at) {
    std::vector<std::string> line = texts(words);
    return program_name(line[0]) == "sleep" ? sleep_seconds(line).value_or(0) : 0;
  }
  Script script = read_script(words[*script_at].string());
  if (script.compound || script.opaque) {
    return 0;
  }
  double total = 0;
  bool sure = true;  // nothing behind `||` is sure to run
  for (const ScriptCommand& command : script.commands) {
    bool sleeps = program_name(command.words[0]) == "sleep";
    if (sleeps && sure && command.end != "&" && command.end != "|") {
      total += sleep_seconds(command.words).value_or(0);
    }
    if (command.words[0] == "exit") {
      break;
    }
    sure = command.end != "||" && command.end != "|" && (sure || command.end == ";");
  }
  return total;
}

std::string endless_part(const Words& words) {
  if (words.empty()) {
    return "";
  }
  std::optional<std::size_t> script_at = script_index(words);
  return script_at ? endless_script(words[*script_at].string()) : endless_command(texts(words));
}

std::string show(const Words& words, std::size_t longest) {
  std::string text;
  for (Node word : words) {
    text += text.empty() ? "" : " ";
    text += word.text();
    if (text.size() > longest) {
      break;
    }
  }
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() > longest) {
    std::size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) {
      --cut;
    }
    text = text.substr(0, cut) + "…";
  }
  return text;
}

}  // namespace podcheck::lint
