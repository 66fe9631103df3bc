#include "document/projection.hpp"

#include <map>

namespace podcheck::document {

struct Projection::Step {
  std::map<std::string, std::unique_ptr<Step>, std::less<>> named;
  std::unique_ptr<Step> any;  // "*" and "[]"
  bool all = false;           // a path ends here
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
    std::unique_ptr<Projection::Step>& next = name == "*" ? step->any : step->named[std::string(name)];
    if (next == nullptr) {
      next = std::make_unique<Projection::Step>();
    }
    step = next.get();
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
  for (const auto& [name, step] : from.named) {
    std::unique_ptr<Projection::Step>& next = into.named[name];
    if (next == nullptr) {
      next = std::make_unique<Projection::Step>();
    }
    merge(*next, *step);
  }
}

void spread_any(Projection::Step& step) {
  for (auto& [name, next] : step.named) {
    if (step.any != nullptr) {
      merge(*next, *step.any);
    }
    spread_any(*next);
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
  auto found = step->named.find(key);
  if (found != step->named.end()) {
    return found->second.get();
  }
  return step->any.get();
}

bool Projection::keeps_all(const Step* step) {
  return step->all;
}

}  // namespace podcheck::document
