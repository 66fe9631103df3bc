#include "catalogue/pack/read_yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <sstream>
#include <stdexcept>

namespace podcheck::catalogue {
namespace {
class Handler : public YAML::EventHandler {
 public:
  explicit Handler(document::Tree& tree) : builder_(tree) {}
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (!key("", mark)) {
      builder_.null(range(mark, 0));
      done();
    }
  }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { throw std::runtime_error("no aliases in cards"); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    if (key(value, mark))
      return;
    auto r = range(mark, value.size());
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (tag != "?") {
      builder_.string(value, r);
    } else if (value == "true" || value == "false") {
      builder_.boolean(value == "true", r);
    } else if (value == "null" || value == "~" || value.empty()) {
      builder_.null(r);
    } else if (error == std::errc() && end == value.data() + value.size()) {
      builder_.integer(number, r);
    } else {
      char* stop = nullptr;
      const double real = std::strtod(value.c_str(), &stop);
      if (*stop == '\0' && (std::isdigit(value[0]) || value[0] == '-' || value[0] == '.')) {
        builder_.real(real, r);
      } else {
        builder_.string(value, r);
      }
    }
    done();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    builder_.begin_sequence(range(mark, 0));
    open_.push_back(2);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    builder_.begin_mapping(range(mark, 0));
    open_.push_back(0);
  }
  void OnMapEnd() override { close(); }

 private:
  document::Range range(const YAML::Mark& m, std::size_t n) {
    return {static_cast<std::uint32_t>(m.pos), static_cast<std::uint32_t>(m.pos + n)};
  }
  bool key(const std::string& text, const YAML::Mark& mark) {
    if (!open_.empty() && open_.back() == 0) {
      builder_.key(text, range(mark, text.size()));
      open_.back() = 1;
      return true;
    }
    return false;
  }
  void done() {
    if (!open_.empty() && open_.back() == 1)
      open_.back() = 0;
  }
  void close() {
    builder_.end();
    open_.pop_back();
    done();
  }
  document::TreeBuilder builder_;
  std::vector<int> open_;
};
}  // namespace

std::unique_ptr<document::Tree> read_yaml(const std::string& path, const std::string& bytes) {
  auto tree = std::make_unique<document::Tree>();
  try {
    std::istringstream in(bytes);
    YAML::Parser parser(in);
    Handler handler(*tree);
    parser.HandleNextDocument(handler);
  } catch (const YAML::Exception& e) {
    throw std::runtime_error(path + ":" + std::to_string(e.mark.line + 1) + ":" + std::to_string(e.mark.column + 1) +
                             ": " + e.msg);
  }
  return tree;
}
}  // namespace podcheck::catalogue
