#include "lint/engine/engine.hpp"

#include <algorithm>

#include "lint/checks/table.hpp"
#include "lint/engine/convert.hpp"
#include "lint/inputs/kustomize.hpp"

namespace podcheck::lint {

namespace {

// What one rule may find at one place, and in all: more is counted, not told, so that hostile input stays cheap.
constexpr std::size_t most_per_place = 1000;
constexpr std::size_t most_per_bundle = 10000;

// Turns hits into findings as they come.
class Collector : public Reporter {
 public:
  // `rules`: what is enabled of the cards that hits name themselves.
  Collector(const catalogue::Catalogue& catalogue, const catalogue::Rule& rule, const BundleObject* owner,
            std::size_t most, const RuleSet* rules = nullptr)
      : catalogue_(catalogue), rule_(rule), owner_(owner), most_(most), rules_(rules) {}

  void report(Hit hit) override {
    const BundleObject* owner = hit.object != nullptr ? hit.object : owner_;
    if (owner == nullptr || owner->context) {
      return;
    }
    // A patch of a kustomization may add what is absent here.
    if (!hit.absent.empty() && is_patched(*owner)) {
      return;
    }
    const catalogue::Rule* rule = hit.rule.empty() ? &rule_ : catalogue_.rule(hit.rule);
    if (rule == nullptr || (rules_ != nullptr && !rules_->enabled(*rule))) {
      return;
    }
    if (found.size() == most_) {
      ++left_out;
      return;
    }
    if (!hit.at) {
      hit.at = owner->object.root;
    }
    found.push_back({owner, to_finding(catalogue_, *rule, hit, *owner), rule});
  }

  std::vector<Engine::Owned> found;
  std::size_t left_out = 0;

 private:
  const catalogue::Catalogue& catalogue_;
  const catalogue::Rule& rule_;
  const BundleObject* owner_;
  std::size_t most_;
  const RuleSet* rules_;
};

}  // namespace

Engine::Engine(const catalogue::Catalogue& catalogue, const Bundle& bundle) : catalogue_(catalogue), bundle_(bundle) {
  for (const auto& rule : catalogue.rules()) {
    checks_.push_back(rule.schema ? nullptr : find_check(rule.check));
  }
}

const Check* Engine::check_of(const catalogue::Rule& rule) const {
  return checks_[static_cast<std::size_t>(&rule - catalogue_.rules().data())];
}

void Engine::run(const Place& place, const Check* check, Reporter& reporter) {
  if (check != nullptr) {
    check->run(place, reporter);
  } else if (place.rule.schema && place.object != nullptr) {
    schemas_.check(place, reporter);
  }
}

std::vector<finding::Finding> Engine::check_object(const BundleObject& object, const Profile& profile) {
  std::vector<finding::Finding> out;
  if (object.context) {
    return out;
  }
  std::vector<const Check*> done;  // of those that serve many cards
  const auto check = [&](const catalogue::Rule& rule, const kube::PodTemplate* pod, const kube::Container* container) {
    const Check* named = check_of(rule);
    const bool many = named != nullptr && named->many_cards;
    if (many && std::find(done.begin(), done.end(), named) != done.end()) {
      return;
    }
    if (many) {
      done.push_back(named);
    }
    Collector collector(catalogue_, rule, &object, most_per_place, many ? &profile.rules : nullptr);
    run(Place{bundle_, profile.settings, profile.rules.effective(rule), &object, pod, container}, named, collector);
    left_out_ += collector.left_out;
    for (auto& owned : collector.found) {
      if (const auto severity = profile.rules.overruled(*owned.rule)) {
        owned.finding.severity = *severity;
      }
      if (container != nullptr) {
        owned.finding.container = container->name;
      }
      out.push_back(std::move(owned.finding));
    }
  };
  for (const auto* rule : profile.rules.of("object")) {
    check(*rule, nullptr, nullptr);
  }
  if (object.pods.empty()) {
    return out;
  }
  for (const auto* rule : profile.rules.of("workload")) {
    check(*rule, nullptr, nullptr);
  }
  for (const auto& pod : object.pods) {
    for (const auto* rule : profile.rules.of("pod")) {
      check(*rule, &pod, nullptr);
    }
    for (const auto& container : pod.containers) {
      for (const auto* rule : profile.rules.of("container")) {
        check(*rule, &pod, &container);
      }
    }
  }
  return out;
}

std::vector<Engine::Owned> Engine::check_bundle(const catalogue::Rule& rule, const Profile& profile) {
  Collector collector(catalogue_, rule, nullptr, most_per_bundle);
  run(Place{bundle_, profile.settings, profile.rules.effective(rule)}, check_of(rule), collector);
  left_out_ += collector.left_out;
  return std::move(collector.found);
}

}  // namespace podcheck::lint
