// The only file that sees yaml-cpp.
#include "document/yaml_values.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>
#include <algorithm>
#include <istream>
#include <iterator>
#include <streambuf>

namespace podcheck::document {

namespace {

class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    // std::streambuf asks for mutable pointers but a get area is never written to.
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

struct OtherStructure {};

}  // namespace

struct YamlValues::Recorder : YAML::EventHandler {
  using Kind = OutlineEvent::Kind;
  Recorder(YamlValues& values_in, const Outline& outline_in) : values(values_in), outline(outline_in) {}

  void next(Kind kind) {
    if (at >= outline.events.size() || outline.events[at].kind != kind) {
      throw OtherStructure();
    }
    ++at;
    values.ends_.push_back(values.characters_.size());
    values.known_.push_back(false);
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { next(Kind::scalar); }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { next(Kind::alias); }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string& value) override {
    next(Kind::scalar);
    values.characters_ += value;
    values.ends_.back() = values.characters_.size();
    values.known_.back() = true;
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    next(Kind::begin_sequence);
  }
  void OnSequenceEnd() override { next(Kind::end_sequence); }
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    next(Kind::begin_mapping);
  }
  void OnMapEnd() override { next(Kind::end_mapping); }

  YamlValues& values;
  const Outline& outline;
  std::size_t at = 0;
};

void YamlValues::read() {
  read_ = true;
  std::string unified;
  std::string_view text = text_;
  if (text.find('\r') != std::string_view::npos) {
    std::copy_if(text.begin(), text.end(), std::back_inserter(unified), [](char c) { return c != '\r'; });
    text = unified;
  }
  ends_.reserve(outline_.events.size());
  known_.reserve(outline_.events.size());
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  Recorder recorder(*this, outline_);
  bool matched = false;
  try {
    // One document only: asked for more, yaml-cpp may give the same one for ever.
    YAML::Parser parser(stream);
    parser.HandleNextDocument(recorder);
    matched = recorder.at == outline_.events.size();
  } catch (const YAML::Exception&) {
    matched = false;
  } catch (const OtherStructure&) {
    matched = false;
  }
  if (!matched) {
    known_.clear();
  }
}

const std::string_view* YamlValues::text(std::size_t index) {
  if (!read_) {
    read();
  }
  if (index >= known_.size() || !known_[index]) {
    return nullptr;
  }
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  current_ = std::string_view(characters_).substr(begin, ends_[index] - begin);
  return &current_;
}

}  // namespace podcheck::document
