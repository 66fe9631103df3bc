#include "scheduling/rows.hpp"

#include <algorithm>

#include "scheduling/capacity.hpp"

namespace podcheck::scheduling {

namespace {

// scheduling.<area>.<id>.<variant>, or …plain where the variant has no sentence of its own.
std::string say(const catalogue::Catalogue& catalogue, std::string_view area, std::string_view id,
                std::string_view variant, const finding::Values& values) {
  std::string key = "scheduling.";
  key.append(area).append(".").append(id).append(".");
  if (!variant.empty()) {
    std::string text = catalogue.say(key + std::string(variant), values);
    if (!text.empty()) {
      return text;
    }
  }
  std::string text = catalogue.say(key + "plain", values);
  return text.empty() ? std::string(id) : text;
}

std::vector<std::string> columns(document::Node pod) {
  std::vector<std::string> names = {"cpu", "memory"};
  Resources requests = requests_of(pod);
  if (requests.ephemeral_storage > 0) {
    names.emplace_back("ephemeral-storage");
  }
  for (const auto& [name, value] : requests.scalars) {
    if (value > 0) {
      names.emplace_back(name);
    }
  }
  return names;
}

// Replicas that keep apart refuse each other from both sides: one sentence is enough.
bool says_the_same(const Reason& reason, const std::vector<Reason>& all) {
  return reason.id == "existing-pod-anti-affinity" && std::any_of(all.begin(), all.end(), [&](const Reason& other) {
           return other.id == "pod-anti-affinity" && other.value("key") == reason.value("key") &&
                  other.value("holder") == reason.value("holder");
         });
}

}  // namespace

std::string sentence(const Reason& reason, const catalogue::Catalogue& catalogue) {
  return say(catalogue, "reason", reason.id, reason.variant, reason.values);
}

std::string not_judged_sentence(const Reason& reason, const catalogue::Catalogue& catalogue) {
  return say(catalogue, "not_judged", reason.id, "", reason.values);
}

std::string sentence(const std::vector<Reason>& reasons, const catalogue::Catalogue& catalogue) {
  std::string all;
  for (const Reason& reason : reasons) {
    if (says_the_same(reason, reasons)) {
      continue;
    }
    all += (all.empty() ? "" : "; ") + sentence(reason, catalogue);
  }
  return all;
}

std::string sentence(const Verdict& verdict, const catalogue::Catalogue& catalogue) {
  return verdict.cause.empty() ? std::string()
                               : say(catalogue, "cause", verdict.cause, verdict.variant, verdict.values);
}

std::string sentence(const Edit& edit, const catalogue::Catalogue& catalogue) {
  return say(catalogue, "change", edit.id, "", edit.values);
}

std::string sentence(const Change& change, const catalogue::Catalogue& catalogue) {
  std::string action;
  for (const Edit& edit : change.edits) {
    std::string part = sentence(edit, catalogue);
    action = action.empty() ? part : catalogue.say("scheduling.both", {{"first", action}, {"second", part}});
  }
  return catalogue.say("scheduling.fits_then",
                       {{"action", action}, {"nodes", name_list(change.fits_on, 3, catalogue)}});
}

std::vector<finding::NodeVerdict> rows(const Cluster& cluster, document::Node pod, const Placement& placement,
                                       const catalogue::Catalogue& catalogue) {
  std::vector<std::string> names = columns(pod);
  std::vector<finding::NodeVerdict> table;
  table.reserve(placement.nodes.size());
  for (std::size_t index = 0; index < placement.nodes.size(); ++index) {
    const NodeResult& result = placement.nodes[index];
    const NodeInfo& node = cluster.nodes()[index];
    finding::NodeVerdict& row = table.emplace_back();
    row.name = result.node;
    row.fits = result.fits();
    for (const Reason& reason : result.reasons) {
      if (std::find(row.reasons.begin(), row.reasons.end(), reason.id) == row.reasons.end()) {
        row.reasons.push_back(reason.id);
      }
    }
    row.detail = sentence(result.reasons, catalogue);
    for (const std::string& name : names) {
      row.resources.emplace_back(
          name, format_amount(name, free_on(node, name)) + " / " + format_amount(name, amount(node.allocatable, name)));
    }
  }
  return table;
}

std::string name_list(const std::vector<std::string>& names, std::size_t most, const catalogue::Catalogue& catalogue) {
  std::string text;
  std::size_t shown = names.size() <= most ? names.size() : most;
  for (std::size_t index = 0; index < shown; ++index) {
    text += (text.empty() ? "" : ", ") + names[index];
  }
  if (shown < names.size()) {
    text = catalogue.say("scheduling.and_more", {{"names", text}, {"count", std::to_string(names.size() - shown)}});
  }
  return text;
}

}  // namespace podcheck::scheduling
