#include "live/ranking.hpp"

#include <algorithm>
#include <tuple>

namespace podcheck::live {

namespace {

auto order(const Candidate& candidate) {
  return std::tuple(candidate.role, candidate.stage, -static_cast<int>(candidate.confidence), -candidate.specificity);
}

bool supersedes(const Candidate& winner, const Candidate& other) {
  return std::find(winner.supersedes.begin(), winner.supersedes.end(), other.cause) != winner.supersedes.end();
}

}  // namespace

Ranked rank(std::vector<Candidate> candidates, const catalogue::Catalogue& catalogue) {
  // A claim that another one explains away cannot win, whatever its stage.
  for (Candidate& candidate : candidates) {
    for (const Candidate& other : candidates) {
      if (&other != &candidate && other.role == finding::Role::cause && supersedes(other, candidate) &&
          !supersedes(candidate, other) &&
          (other.container.empty() || candidate.container.empty() || other.container == candidate.container)) {
        candidate.role = finding::Role::symptom;
      }
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return order(a) < order(b); });
  Ranked out;
  for (Candidate& candidate : candidates) {
    if (out.kept.empty()) {
      out.kept.push_back(std::move(candidate));
      continue;
    }
    const Candidate& root = out.kept.front();
    bool same = std::any_of(out.kept.begin(), out.kept.end(), [&](const Candidate& kept) {
      return kept.cause == candidate.cause && kept.container == candidate.container;
    });
    if (same) {
      continue;
    }
    if (candidate.role == finding::Role::symptom || supersedes(root, candidate)) {
      out.rejected.push_back({candidate.cause, catalogue.say("live.rejected.symptom", {{"cause", root.cause}})});
      continue;
    }
    if (candidate.role == finding::Role::cause) {
      // A second fault stands by itself only in another container; in the same one the better claim has won.
      bool own_container = !candidate.container.empty() && candidate.container != root.container;
      bool sure = candidate.confidence == finding::Confidence::confirmed;
      if (!(own_container && sure && !root.container.empty())) {
        const char* key = candidate.stage != root.stage            ? "live.rejected.later"
                          : candidate.confidence < root.confidence ? "live.rejected.weaker"
                                                                   : "live.rejected.coarser";
        out.rejected.push_back({candidate.cause, catalogue.say(key, {{"cause", root.cause}})});
        continue;
      }
    }
    out.kept.push_back(std::move(candidate));
  }
  return out;
}

}  // namespace podcheck::live
