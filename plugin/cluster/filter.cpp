#include "cluster/filter.hpp"

#include <algorithm>

#include "cluster/resource.hpp"

namespace podcheck::cluster {

using document::Node;

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

// Cuts at commas outside of parentheses.
std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == ',' && depth == 0)) {
      if (std::string_view term = trim(text.substr(start, i - start)); !term.empty()) {
        terms.push_back(term);
      }
      start = i + 1;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')') {
      --depth;
    }
  }
  return terms;
}

}  // namespace

LabelSelector::LabelSelector(std::string_view text) {
  for (std::string_view term : split_terms(text)) {
    Requirement requirement;
    std::size_t open = term.find('(');
    std::size_t equals = term.find('=');
    if (open != std::string_view::npos) {
      std::string_view head = trim(term.substr(0, open));
      std::size_t space = head.find_first_of(" \t");
      std::string_view word = space == std::string_view::npos ? std::string_view() : trim(head.substr(space));
      if ((word != "in" && word != "notin") || term.back() != ')') {
        valid_ = false;
        return;
      }
      requirement.key = head.substr(0, space);
      requirement.op = word == "in" ? Operator::in : Operator::not_in;
      for (std::string_view value : split_terms(term.substr(open + 1, term.size() - open - 2))) {
        requirement.values.emplace_back(value);
      }
    } else if (equals != std::string_view::npos) {
      bool negated = equals > 0 && term[equals - 1] == '!';
      requirement.key = trim(term.substr(0, negated ? equals - 1 : equals));
      requirement.op = negated ? Operator::not_in : Operator::in;
      std::string_view value = term.substr(equals + 1);
      if (value.starts_with('=')) {
        value.remove_prefix(1);
      }
      requirement.values.emplace_back(trim(value));
    } else if (term.front() == '!') {
      requirement.key = trim(term.substr(1));
      requirement.op = Operator::not_exists;
    } else {
      requirement.key = term;
      requirement.op = Operator::exists;
    }
    if (requirement.key.empty() || requirement.key.find_first_of(" \t") != std::string::npos) {
      valid_ = false;
      return;
    }
    requirements_.push_back(std::move(requirement));
  }
}

bool LabelSelector::matches(Node labels) const {
  return valid_ && std::all_of(requirements_.begin(), requirements_.end(), [&](const Requirement& requirement) {
           Node label = labels[requirement.key];
           bool listed = label && std::find(requirement.values.begin(), requirement.values.end(), label.string()) !=
                                      requirement.values.end();
           switch (requirement.op) {
             case Operator::in:
               return listed;
             case Operator::not_in:
               return !listed;
             case Operator::exists:
               return static_cast<bool>(label);
             case Operator::not_exists:
               return !label;
           }
           return false;
         });
}

bool matches_fields(std::string_view selector, Node object) {
  for (std::string_view term : split_terms(selector)) {
    std::size_t equals = term.find('=');
    if (equals == std::string_view::npos) {
      return false;
    }
    bool negated = equals > 0 && term[equals - 1] == '!';
    std::string_view value = term.substr(equals + 1);
    if (value.starts_with('=')) {
      value.remove_prefix(1);
    }
    std::string_view path = trim(term.substr(0, negated ? equals - 1 : equals));
    bool same = document::at_path(object, path).text() == trim(value);
    if (same == negated) {
      return false;
    }
  }
  return true;
}

Filter::Filter(const Query& query) : query_(query), labels_(query.label_selector) {
  // Cluster-scoped objects are found whatever namespace was asked for, as kubectl does.
  const Resource* resource = find_resource(query.resource);
  namespaced_ = resource == nullptr || resource->namespaced;
}

bool Filter::matches(Node object) const {
  Node metadata = object["metadata"];
  return (query_.name.empty() || metadata["name"].string() == query_.name) &&
         (query_.namespace_.empty() || !namespaced_ || metadata["namespace"].string() == query_.namespace_) &&
         (query_.label_selector.empty() || labels_.matches(metadata["labels"])) &&
         (query_.field_selector.empty() || matches_fields(query_.field_selector, object));
}

}  // namespace podcheck::cluster
