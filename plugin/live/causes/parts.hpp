// What the families that concern the cluster share: candidates with their usual values, and tables of wordings.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "live/cause.hpp"
#include "live/facts.hpp"

namespace podcheck::live {

// A candidate with {pod}, {namespace}, {node}, {owner} and {kubectl} filled in.
Candidate candidate_for(Patient& patient, std::string cause, Stage stage, finding::Confidence confidence,
                        int specificity);
void set(Candidate& candidate, std::string name, std::string value);  // adds or replaces a value
// Values that a card's sentence may name and this case does not have.
void leave_blank(Candidate& candidate, std::initializer_list<std::string_view> names);
std::string value_of(const Candidate& candidate, std::string_view name);

// How a component words one fault; patterns as in live/text.hpp. The first of a table that matches counts.
struct Wording {
  std::string_view pattern;
  std::string_view cause;
  std::string_view variant = {};
  int specificity = 80;
};
// The captures become values; {detail} is the whole text where the pattern captures none.
std::optional<Candidate> recognise(Patient& patient, std::span<const Wording> wordings, std::string_view text,
                                   Stage stage, finding::Confidence confidence);

// The newest warning event whose reason is one of these.
const EventFacts* newest_of(const std::vector<EventFacts>& events, std::initializer_list<std::string_view> reasons);

// The field as proof, scalars as text and collections as JSON; nothing when it is absent.
void prove(Candidate& candidate, document::Node object, std::string_view path);

// "5m": since a moment until the recording.
std::string age_since(Patient& patient, std::optional<cluster::Time> time);

// Pods of a node whose names or labels contain one of the words (agents of drivers and networks).
std::vector<document::Node> agents_on(Patient& patient, std::string_view node,
                                      std::initializer_list<std::string_view> words);
// Names another pod and its status as proof, and in the chain; of one that is not ready also why, one level deep.
void follow_pod(Patient& patient, document::Node pod, Candidate& candidate);
// The same for such agents of a node.
void add_agents(Patient& patient, Candidate& candidate, std::string_view node,
                std::initializer_list<std::string_view> words);

}  // namespace podcheck::live
