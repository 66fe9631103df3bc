#include "document/projection.hpp"

#include <array>

namespace podcheck::document {

// A few dozen names at most, asked for every key of a list of a hundred thousand objects: buckets by length and last
// letter leave about one comparison.
struct Projection::Step {
  struct Named {
    std::string name;
    std::unique_ptr<Step> step;
  };
  std::array<std::vector<Named>, 32> named;
  std::unique_ptr<Step> any;  // "*" and "[]"
  bool all = false;           // a path ends here

  static std::size_t bucket(std::string_view name) {
    return name.empty() ? 0 : (name.size() * 7 + static_cast<unsigned char>(name.back())) % 32;
  }
  Step* find(std::string_view name) const {
    for (const Named& entry : named[bucket(name)]) {
      if (entry.name == name) {
        return entry.step.get();
      }
    }
    return nullptr;
  }
  Step& make(std::string_view name) {
    Step* known = find(name);
    return known != nullptr
               ? *known
               : *named[bucket(name)].emplace_back(Named{std::string(name), std::make_unique<Step>()}).step;
  }
};

namespace {

void add_path(Projection::Step* step, std::string_view path) {
  while (!path.empty()) {
    std::string_view name;
    if (path.starts_with("[]")) {
      name = "*";
      path.remove_prefix(2);
    } else {
      std::size_t stop = path.find_first_of(".[");
      name = path.substr(0, stop);
      path.remove_prefix(name.size());
    }
    if (path.starts_with('.')) {
      path.remove_prefix(1);
    }
    if (name == "*" && step->any == nullptr) {
      step->any = std::make_unique<Projection::Step>();
    }
    step = name == "*" ? step->any.get() : &step->make(name);
  }
  step->all = true;
}

// What "*" keeps, every named member keeps too.
void merge(Projection::Step& into, const Projection::Step& from) {
  into.all = into.all || from.all;
  if (from.any != nullptr) {
    if (into.any == nullptr) {
      into.any = std::make_unique<Projection::Step>();
    }
    merge(*into.any, *from.any);
  }
  for (const auto& bucket : from.named) {
    for (const auto& [name, step] : bucket) {
      merge(into.make(name), *step);
    }
  }
}

void spread_any(Projection::Step& step) {
  for (auto& bucket : step.named) {
    for (auto& [name, next] : bucket) {
      if (step.any != nullptr) {
        merge(*next, *step.any);
      }
      spread_any(*next);
    }
  }
  if (step.any != nullptr) {
    spread_any(*step.any);
  }
}

}  // namespace

Projection::Projection(const std::vector<std::string>& paths) : root_(std::make_unique<Step>()) {
  for (const std::string& path : paths) {
    add_path(root_.get(), path);
  }
  spread_any(*root_);
}

Projection::~Projection() = default;
Projection::Projection(Projection&&) noexcept = default;
Projection& Projection::operator=(Projection&&) noexcept = default;

const Projection::Step* Projection::below(const Step* step, std::string_view key) {
  const Step* found = step->find(key);
  return found != nullptr ? found : step->any.get();
}

bool Projection::keeps_all(const Step* step) {
  return step->all;
}

}  // namespace podcheck::document
