// Build tool: validates every card and message file and packs them into one source file of the library.
// usage: podcheck_pack SOURCE_DIR OUTPUT.cpp
#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "catalogue/cards/card.hpp"
#include "catalogue/cards/heads.hpp"
#include "document/document.hpp"

namespace podcheck::catalogue {

namespace {

namespace fs = std::filesystem;

struct Card {
  std::string path;
  std::string stem;
  document::File file;
  document::Node root() const { return file.documents.front().root; }
};

int problems_seen = 0;

void complain(const document::SourceText& text, document::Range range, const std::string& sentence) {
  const document::Position at = text.position(range.begin);
  std::fprintf(stderr, "%s:%u:%u: error: %s\n", text.name().c_str(), at.line, at.column, sentence.c_str());
  ++problems_seen;
}

void complain(const document::SourceText& text, document::Node root, const CardProblem& problem) {
  std::string sentence = problem.violation ? describe(*problem.violation, root) : problem.key;
  for (const auto& [name, value] : problem.values) {
    sentence += " " + name + "=" + value;
  }
  complain(text, problem.on_key ? problem.at.key_range() : problem.at.range(), sentence);
}

std::string read_bytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// One document without problems; anything else is told, and the file is left out.
std::optional<document::File> read_file(const fs::path& path) {
  document::File file = document::parse(path.generic_string(), read_bytes(path));
  const int before = problems_seen;
  for (const auto& problem : file.problems) {
    complain(file.text, problem.range, problem.id);
  }
  for (const auto& document : file.documents) {
    for (const auto& problem : document.problems) {
      complain(file.text, problem.range, problem.id + " " + problem.variant);
    }
  }
  if (file.documents.size() != 1) {
    complain(file.text, {}, "expected one document");
  }
  return problems_seen == before ? std::optional(std::move(file)) : std::nullopt;
}

std::vector<fs::path> yaml_files(const fs::path& directory) {
  std::vector<fs::path> files;
  if (fs::is_directory(directory)) {
    for (const auto& entry : fs::directory_iterator(directory)) {
      if (entry.path().extension() == ".yaml") {
        files.push_back(entry.path());
      }
    }
  }
  // By name without the ending: "evicted.yaml" comes before "evicted-leftover.yaml", as their ids do.
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) { return a.stem() < b.stem(); });
  return files;
}

std::vector<Card> read_cards(const fs::path& directory, const document::File& schema_file) {
  std::string error;
  const auto schema = JsonSchema::compile(schema_file.documents.front().root, error);
  if (schema == nullptr) {
    complain(schema_file.text, {}, error);
    return {};
  }
  std::vector<Card> cards;
  for (const auto& path : yaml_files(directory)) {
    auto file = read_file(path);
    if (!file) {
      continue;
    }
    const document::Node root = file->documents.front().root;
    const auto problems = check_card(root, path.stem().string(), *schema);
    for (const auto& problem : problems) {
      complain(file->text, root, problem);
    }
    if (problems.empty()) {
      cards.push_back({path.string(), path.stem().string(), std::move(*file)});
    }
  }
  return cards;
}

class Frames {
 public:
  std::string prose[2];
  std::string cards;

  CardPlace add(document::Node card) {
    CardPlace place;
    for (Language language : {Language::en, Language::ja}) {
      const auto index = static_cast<std::size_t>(language);
      place.prose[index] = prose[index].size();
      Packer packer;
      const auto texts = catalogue::prose(card, language);
      packer.number(texts.size());
      for (const auto& [field, text] : texts) {
        packer.string(field);
        packer.string(text);
      }
      prose[index] += packer.bytes();
    }
    place.card = cards.size();
    Packer packer;
    packer.node(card);
    cards += packer.bytes();
    return place;
  }
};

std::string pack_heads(const std::vector<Card>& rules, const std::vector<Card>& causes, Frames& frames) {
  Packer heads;
  heads.number(rules.size());
  for (const auto& card : rules) {
    pack(heads, read_rule(card.root()), frames.add(card.root()));
  }
  heads.number(causes.size());
  for (const auto& card : causes) {
    pack(heads, read_cause(card.root()), frames.add(card.root()));
  }
  return heads.bytes();
}

std::string pack_messages(const std::vector<document::File>& files, Language language) {
  std::map<std::string, std::string_view> sorted;
  for (const auto& file : files) {
    for (const auto& [key, text] : sentences(file.documents.front().root, language)) {
      if (!sorted.emplace(key, text).second) {
        std::fprintf(stderr, "messages: error: %s is there twice\n", key.c_str());
        ++problems_seen;
      }
    }
  }
  Packer packer;
  packer.number(sorted.size());
  for (const auto& [key, text] : sorted) {
    packer.string(key);
    packer.string(text);
  }
  return packer.bytes();
}

// 64-bit literals keep the generated file small and quick to compile.
class Output {
 public:
  explicit Output(const std::string& path) : out_(path, std::ios::binary), path_(path) {
    out_ << "// Generated by podcheck_pack.\n#include \"catalogue/cards/heads.hpp\"\n\nnamespace podcheck::catalogue "
            "{\n";
  }
  void words(const std::string& name, const std::string& bytes) {
    out_ << "\nstatic const std::uint64_t " << name << "_words[] = {";
    for (std::size_t at = 0; at < bytes.size() + 1; at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - std::min(at, bytes.size())));
      char text[24];
      std::snprintf(text, sizeof text, "0x%llx,", static_cast<unsigned long long>(word));
      out_ << (at % 80 == 0 ? "\n" : "") << text;
    }
    out_ << "};\n";
  }
  std::string frame(const std::string& name, const std::string& raw, bool compressed = true) {
    std::string packed = raw;
    if (compressed) {
      packed.resize(ZSTD_compressBound(raw.size()));
      packed.resize(ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 19));
    }
    words(name, packed);
    return "{" + name + "_words, " + std::to_string(packed.size()) + ", " + std::to_string(raw.size()) + "}";
  }
  void line(const std::string& text) { out_ << text << "\n"; }
  void finish() {
    out_ << "\n}  // namespace podcheck::catalogue\n";
    if (!out_.flush()) {
      throw std::runtime_error(path_ + ": could not be written");
    }
  }

 private:
  std::ofstream out_;
  std::string path_;
};

int pack_all(const fs::path& source, const std::string& output) {
  const auto rule_schema = read_file(source / "schemas/rule-card.schema.json");
  const auto cause_schema = read_file(source / "schemas/cause-card.schema.json");
  if (!rule_schema || !cause_schema) {
    return 1;
  }
  const auto rules = read_cards(source / "lint-rules", *rule_schema);
  const auto causes = read_cards(source / "live-causes", *cause_schema);

  std::vector<document::File> messages;
  for (const auto& path : yaml_files(source / "plugin/catalogue/messages")) {
    if (auto file = read_file(path)) {
      for (const auto& problem : check_messages(file->documents.front().root)) {
        complain(file->text, file->documents.front().root, problem);
      }
      messages.push_back(std::move(*file));
    }
  }
  Frames frames;
  const std::string heads = pack_heads(rules, causes, frames);
  const std::string say[2] = {pack_messages(messages, Language::en), pack_messages(messages, Language::ja)};
  if (problems_seen > 0) {
    return 1;
  }
  const auto config_schema = read_file(source / "schemas/config.schema.json");
  if (!config_schema) {
    return 1;
  }
  Packer schema;
  for (const auto& [name, file] : {std::pair("rule-card", &*rule_schema), std::pair("config", &*config_schema)}) {
    schema.string(name);
    schema.node(file->documents.front().root);
  }
  Output out(output);
  const std::string heads_frame = out.frame("heads", heads, false);
  out.line("const Frame embedded_heads = " + heads_frame + ";");
  const std::string prose_en = out.frame("prose_en", frames.prose[0]);
  const std::string prose_ja = out.frame("prose_ja", frames.prose[1]);
  out.line("const Frame embedded_prose[2] = {" + prose_en + ", " + prose_ja + "};");
  const std::string say_en = out.frame("messages_en", say[0]);
  const std::string say_ja = out.frame("messages_ja", say[1]);
  out.line("const Frame embedded_messages[2] = {" + say_en + ", " + say_ja + "};");
  const std::string cards = out.frame("cards", frames.cards);
  out.line("const Frame embedded_cards = " + cards + ";");
  const std::string schemas = out.frame("schemas", schema.bytes());
  out.line("const Frame embedded_schemas = " + schemas + ";");
  out.finish();
  return 0;
}

}  // namespace

}  // namespace podcheck::catalogue

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: podcheck_pack SOURCE_DIR OUTPUT.cpp\n", stderr);
    return 2;
  }
  try {
    return podcheck::catalogue::pack_all(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
