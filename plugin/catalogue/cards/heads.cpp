#include "catalogue/cards/heads.hpp"

namespace podcheck::catalogue {

namespace {

void pack_place(Packer& packer, const CardPlace& place) {
  packer.number(place.prose[0]);
  packer.number(place.prose[1]);
  packer.number(place.card);
}

CardPlace unpack_place(Unpacker& unpacker) {
  CardPlace place;
  place.prose[0] = unpacker.number();
  place.prose[1] = unpacker.number();
  place.card = unpacker.number();
  return place;
}

document::Node unpack_node(Unpacker& unpacker, Trees& trees) {
  auto tree = std::make_unique<document::Tree>();
  if (!unpacker.node(*tree)) {
    return {};
  }
  trees.push_back(std::move(tree));
  return trees.back()->root();
}

}  // namespace

void pack(Packer& packer, const Rule& rule, const CardPlace& place) {
  packer.string(rule.id);
  packer.number(static_cast<std::uint64_t>(rule.severity));
  packer.string(rule.category);
  packer.string(rule.outcome);
  packer.string(rule.check);
  packer.string(rule.applies_to);
  packer.string(rule.since);
  packer.number(rule.enabled ? 1 : 0);
  packer.number(static_cast<std::uint64_t>(rule.fix_safety));
  packer.strings(rule.aliases);
  packer.strings(rule.prevents);
  packer.strings(rule.references);
  pack_place(packer, place);
  packer.node(rule.params);
  packer.node(rule.schema);
}

Rule unpack_rule(Unpacker& unpacker, CardPlace& place, Trees& trees) {
  Rule rule;
  rule.id = unpacker.string();
  rule.severity = static_cast<finding::Severity>(unpacker.number());
  rule.category = unpacker.string();
  rule.outcome = unpacker.string();
  rule.check = unpacker.string();
  rule.applies_to = unpacker.string();
  rule.since = unpacker.string();
  rule.enabled = unpacker.number() != 0;
  rule.fix_safety = static_cast<finding::Safety>(unpacker.number());
  rule.aliases = unpacker.strings();
  rule.prevents = unpacker.strings();
  rule.references = unpacker.strings();
  place = unpack_place(unpacker);
  rule.params = unpack_node(unpacker, trees);
  rule.schema = unpack_node(unpacker, trees);
  return rule;
}

void pack(Packer& packer, const Cause& cause, const CardPlace& place) {
  packer.string(cause.id);
  packer.number(static_cast<std::uint64_t>(cause.severity));
  packer.string(cause.category);
  packer.string(cause.outcome);
  packer.number(static_cast<std::uint64_t>(cause.fix_safety));
  packer.strings(cause.prevented_by);
  packer.strings(cause.references);
  packer.strings(cause.incidents);
  pack_place(packer, place);
}

Cause unpack_cause(Unpacker& unpacker, CardPlace& place) {
  Cause cause;
  cause.id = unpacker.string();
  cause.severity = static_cast<finding::Severity>(unpacker.number());
  cause.category = unpacker.string();
  cause.outcome = unpacker.string();
  cause.fix_safety = static_cast<finding::Safety>(unpacker.number());
  cause.prevented_by = unpacker.strings();
  cause.references = unpacker.strings();
  cause.incidents = unpacker.strings();
  place = unpack_place(unpacker);
  return cause;
}

}  // namespace podcheck::catalogue
