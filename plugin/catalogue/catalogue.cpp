#include "catalogue/catalogue.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>

#include "catalogue/cards/card.hpp"
#include "catalogue/cards/heads.hpp"

namespace podcheck::catalogue {

namespace {

// A card beyond its head. Its prose and tree are unpacked by whoever asks first, from any thread.
struct Entry {
  CardPlace place;
  std::once_flag prose_once;
  std::vector<std::pair<std::string_view, std::string_view>> prose;
  std::once_flag card_once;
  document::Tree tree;
  document::Node card;
};

// Decompressed at first use.
class Lazy {
 public:
  std::string_view get(const Frame& frame) {
    std::call_once(once_, [&] { bytes_ = decompress(frame); });
    return bytes_;
  }

 private:
  std::once_flag once_;
  std::string bytes_;
};

template <typename T>
const T* find_by_id(const std::vector<T>& sorted, std::string_view id) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), id,
                                   [](const T& item, std::string_view key) { return item.id < key; });
  return at != sorted.end() && at->id == id ? &*at : nullptr;
}

}  // namespace

struct Catalogue::Impl {
  Language language;
  std::vector<Rule> rules;
  std::vector<Cause> causes;
  Trees trees;
  std::deque<Entry> entries;
  // A rule and a cause may share a name: the fault that one foresees and the other finds.
  std::unordered_map<std::string_view, Entry*> by_id;  // of rules
  std::unordered_map<std::string_view, Entry*> causes_by_id;
  std::deque<std::string> names;
  std::deque<document::File> own_files;
  std::map<std::string, std::vector<std::string>> loaded;  // problems by folder
  mutable Lazy prose;
  mutable Lazy cards;
  mutable Lazy messages;
  mutable std::once_flag messages_once;
  mutable std::unordered_map<std::string_view, std::string_view> sentences;

  Entry& add_entry(std::string_view id, const CardPlace& place, bool is_cause = false) {
    Entry& entry = entries.emplace_back();
    entry.place = place;
    names.emplace_back(id);
    (is_cause ? causes_by_id : by_id)[names.back()] = &entry;
    return entry;
  }

  Entry* cause_entry(std::string_view id) const {
    const auto at = causes_by_id.find(id);
    return at == causes_by_id.end() ? nullptr : at->second;
  }

  // The rule's card where a rule and a cause share the name.
  Entry* entry(std::string_view id) const {
    const auto at = by_id.find(id);
    return at == by_id.end() ? cause_entry(id) : at->second;
  }

  void unpack_prose(Entry& entry) const {
    const auto index = static_cast<std::size_t>(language);
    Unpacker unpacker(prose.get(embedded_prose[index]).substr(entry.place.prose[index]));
    const std::size_t count = unpacker.number();
    entry.prose.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view field = unpacker.string();
      entry.prose.emplace_back(field, unpacker.string());
    }
  }

  std::string_view prose_field(Entry* found, std::string_view field) const {
    if (found == nullptr) {
      return {};
    }
    std::call_once(found->prose_once, [&] { unpack_prose(*found); });
    for (const auto& [name, text] : found->prose) {
      if (name == field) {
        return text;
      }
    }
    return {};
  }

  // `plural`.variant when there is such a text, else `single`.
  std::string_view variant_field(Entry* found, std::string_view single, std::string_view plural,
                                 std::string_view variant) const {
    if (!variant.empty()) {
      const std::string_view text = prose_field(found, std::string(plural) + "." + std::string(variant));
      if (!text.empty()) {
        return text;
      }
    }
    return prose_field(found, single);
  }

  void fill_prose(Entry* found, const finding::Values& values, std::string_view variant, finding::Safety safety,
                  finding::Finding& out) const {
    out.message = fill(variant_field(found, "message", "messages", variant), values);
    out.why = fill(variant_field(found, "why", "whys", variant), values);
    finding::Fix fix;
    fix.safety = safety;
    fix.summary = fill(variant_field(found, "fix", "fixes", variant), values);
    if (!fix.summary.empty()) {
      out.fixes.push_back(std::move(fix));
    }
  }

  void unpack_messages() const {
    Unpacker unpacker(messages.get(embedded_messages[static_cast<std::size_t>(language)]));
    const std::size_t count = unpacker.number();
    sentences.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view key = unpacker.string();
      sentences.emplace(key, unpacker.string());
    }
  }
};

Catalogue::Catalogue(Language language) : impl_(std::make_unique<Impl>()) {
  impl_->language = language;
  Unpacker heads(bytes_of(embedded_heads));
  const std::size_t rule_count = heads.number();
  impl_->rules.reserve(rule_count);
  for (std::size_t i = 0; i < rule_count; ++i) {
    CardPlace place;
    impl_->rules.push_back(unpack_rule(heads, place, impl_->trees));
    impl_->add_entry(impl_->rules.back().id, place);
  }
  const std::size_t cause_count = heads.number();
  impl_->causes.reserve(cause_count);
  for (std::size_t i = 0; i < cause_count; ++i) {
    CardPlace place;
    impl_->causes.push_back(unpack_cause(heads, place));
    impl_->add_entry(impl_->causes.back().id, place, true);
  }
}

Catalogue::~Catalogue() = default;

std::vector<std::string> Catalogue::load_rules(const std::string& directory) {
  const auto known = impl_->loaded.find(directory);
  if (known == impl_->loaded.end()) {
    return impl_->loaded[directory] = read_rules(directory);
  }
  return known->second;
}

void Catalogue::add_rule(document::File file) {
  const document::Node card = impl_->own_files.emplace_back(std::move(file)).documents.front().root;
  Rule rule = read_rule(card);
  rule.built_in = false;
  Entry& entry = impl_->add_entry(rule.id, {});
  std::call_once(entry.card_once, [&] { entry.card = card; });
  std::call_once(entry.prose_once, [&] {
    for (auto& [field, text] : prose(card, impl_->language)) {
      impl_->names.push_back(std::move(field));
      entry.prose.emplace_back(impl_->names.back(), text);
    }
  });
  auto& rules = impl_->rules;
  rules.insert(
      std::upper_bound(rules.begin(), rules.end(), rule, [](const Rule& a, const Rule& b) { return a.id < b.id; }),
      std::move(rule));
}

Language Catalogue::language() const {
  return impl_->language;
}
const std::vector<Rule>& Catalogue::rules() const {
  return impl_->rules;
}
const std::vector<Cause>& Catalogue::causes() const {
  return impl_->causes;
}
const Rule* Catalogue::rule(std::string_view id) const {
  return find_by_id(impl_->rules, id);
}
const Cause* Catalogue::cause(std::string_view id) const {
  return find_by_id(impl_->causes, id);
}

document::Node Catalogue::card(std::string_view id) const {
  Entry* entry = impl_->entry(id);
  if (entry == nullptr) {
    return {};
  }
  std::call_once(entry->card_once, [&] {
    Unpacker unpacker(impl_->cards.get(embedded_cards).substr(entry->place.card));
    unpacker.node(entry->tree);
    entry->card = entry->tree.root();
  });
  return entry->card;
}

std::string Catalogue::text(std::string_view id, std::string_view field, const finding::Values& values) const {
  return fill(impl_->prose_field(impl_->entry(id), field), values);
}

finding::Finding Catalogue::finding(std::string_view id, const finding::Values& values,
                                    std::string_view variant) const {
  const Rule* known = rule(id);
  if (known == nullptr) {
    return cause_finding(id, values, variant);
  }
  finding::Finding out;
  out.id = id;
  out.severity = known->severity;
  out.category = known->category;
  out.outcome = known->outcome;
  out.prevents = known->prevents;
  impl_->fill_prose(impl_->entry(id), values, variant, known->fix_safety, out);
  // What many cards say of a field alike is written once, in messages/faults.yaml.
  if (!variant.empty() && impl_->prose_field(impl_->entry(id), "messages." + std::string(variant)).empty()) {
    std::string shared = say("faults." + std::string(variant), values);
    if (!shared.empty()) {
      out.message = std::move(shared);
    }
  }
  return out;
}

finding::Finding Catalogue::cause_finding(std::string_view id, const finding::Values& values,
                                          std::string_view variant) const {
  finding::Finding out;
  out.id = id;
  const Cause* reason = cause(id);
  if (reason != nullptr) {
    out.severity = reason->severity;
    out.category = reason->category;
    out.outcome = reason->outcome;
    out.prevented_by = reason->prevented_by;
  }
  impl_->fill_prose(impl_->cause_entry(id), values, variant,
                    reason != nullptr ? reason->fix_safety : finding::Safety::manual, out);
  return out;
}

std::string Catalogue::say(std::string_view key, const finding::Values& values) const {
  std::call_once(impl_->messages_once, [&] { impl_->unpack_messages(); });
  const auto at = impl_->sentences.find(key);
  return at == impl_->sentences.end() ? std::string() : fill(at->second, values);
}

std::vector<std::string> Catalogue::keys(std::string_view prefix) const {
  std::call_once(impl_->messages_once, [&] { impl_->unpack_messages(); });
  const std::string start = std::string(prefix) + ".";
  std::vector<std::string> found;
  for (const auto& [key, sentence] : impl_->sentences) {
    if (std::string_view(key).starts_with(start)) {
      found.emplace_back(key);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace podcheck::catalogue
