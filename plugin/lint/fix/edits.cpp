#include "lint/fix/edits.hpp"

#include "document/edit.hpp"

namespace podcheck::lint {

std::vector<finding::Edit> edits_of(const Hit& hit, const BundleObject& owner) {
  std::vector<finding::Edit> out;
  if (hit.changes.empty()) {
    return out;
  }
  const document::Editor editor(*owner.file, *owner.document);
  for (const auto& change : hit.changes) {
    document::EditResult result;
    switch (change.kind) {
      case Hit::Change::Kind::replace_value:
        result = editor.replace_value(change.at, change.value);
        break;
      case Hit::Change::Kind::replace_key:
        result = editor.rename_key(change.at, change.key);
        break;
      case Hit::Change::Kind::remove_member:
        result = editor.remove(change.at);
        break;
      case Hit::Change::Kind::insert_member:
        result = editor.insert_member(change.at, change.key, change.value);
        break;
      case Hit::Change::Kind::append_item:
        result = editor.append_item(change.at, change.value);
        break;
    }
    if (!result) {
      return {};
    }
    out.push_back({owner.file->text.name(), result.edit->begin, result.edit->end, result.edit->text});
  }
  return out;
}

}  // namespace podcheck::lint
