#include "live/notes.hpp"

#include <algorithm>

namespace podcheck::live {

std::vector<finding::Note> notes_of(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue) {
  std::vector<finding::Note> notes;
  for (const auto& [query, failure] : cluster.failures()) {
    using Kind = cluster::FailureKind;
    if (failure.kind == Kind::not_found || failure.kind == Kind::none || failure.kind == Kind::unsupported) {
      continue;
    }
    if (failure.kind == Kind::kubectl_missing) {
      return {{"kubectl", catalogue.say("live.note.kubectl_missing", {{"detail", failure.detail}})}};
    }
    const std::string resource = query.resource == "pods/log" ? "logs" : query.resource;
    if (std::any_of(notes.begin(), notes.end(), [&](const finding::Note& note) { return note.about == resource; })) {
      continue;
    }
    std::string hides = catalogue.say("live.hides." + resource);
    std::string key = failure.kind == Kind::forbidden      ? "live.note.forbidden"
                      : failure.kind == Kind::unauthorized ? "live.note.unauthorized"
                      : failure.kind == Kind::timeout      ? "live.note.timeout"
                                                           : "live.note.unreadable";
    std::string text = catalogue.say(key, {{"resource", resource}, {"detail", failure.detail}});
    notes.push_back({resource, hides.empty() ? text : text + " " + hides});
  }
  return notes;
}

}  // namespace podcheck::live
