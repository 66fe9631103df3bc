// Everything that is linted together: the objects of all files, and who refers to whom.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <vector>

#include "document/document.hpp"
#include "kube/object.hpp"
#include "kube/references.hpp"

namespace podcheck::lint::schema {
class Types;
}

namespace podcheck::lint {

struct Completion;

struct BundleObject {
  kube::Object object;
  std::vector<kube::PodTemplate> pods;
  std::vector<kube::Reference> references;
  const document::File* file = nullptr;
  const document::Document* document = nullptr;
  std::string namespace_;                  // effective: its own, or the default one
  bool context = false;                    // read only so that references resolve; nothing is reported on it
  const Completion* completion = nullptr;  // what kustomizations add to it; null when nothing
};

class Bundle {
 public:
  Bundle() : indexes_(std::make_unique<Indexes>()) {}
  Bundle(const Bundle&) = delete;  // the look-up tables point into the objects
  Bundle& operator=(const Bundle&) = delete;
  Bundle(Bundle&&) = default;
  Bundle& operator=(Bundle&&) = default;

  // Objects in input order.
  const std::deque<BundleObject>& objects() const { return objects_; }
  // Objects of a kind ("ConfigMap") in a namespace, in input order; an empty namespace means all of them, and
  // cluster-scoped kinds ignore it.
  std::vector<const BundleObject*> of_kind(std::string_view kind, std::string_view namespace_ = {}) const;
  // The last definition wins, as it does when the file is applied.
  const BundleObject* find(std::string_view kind, std::string_view namespace_, std::string_view name) const;
  std::vector<std::string> names_of(std::string_view kind, std::string_view namespace_) const;

  // Services of the namespace whose selector matches the labels of a pod, in no particular order. Costs by the number
  // of labels, not of Services.
  std::vector<const BundleObject*> services_selecting(std::string_view namespace_, document::Node labels) const;

  BundleObject& add(BundleObject object);

  // T(bundle): something worked out from all objects, made once by whoever asks first, from any thread. It may keep
  // pointers to objects, not to the Bundle.
  template <typename T>
  const T& index() const {
    Index& index = index_of(typeid(T));
    std::call_once(index.once, [&] { index.made = std::make_shared<const T>(*this); });
    return *static_cast<const T*>(index.made.get());
  }

  // Types of the custom resources that CustomResourceDefinitions in the input describe; null when there are none.
  const schema::Types* custom_types() const { return custom_types_.get(); }
  void set_custom_types(std::shared_ptr<const schema::Types> types) { custom_types_ = std::move(types); }

 private:
  struct Index {
    std::once_flag once;
    std::shared_ptr<const void> made;
  };
  struct Indexes {
    std::mutex mutex;
    std::map<std::type_index, Index> by_type;
  };
  Index& index_of(std::type_index type) const;

  std::unique_ptr<Indexes> indexes_;
  std::shared_ptr<const schema::Types> custom_types_;
  std::deque<BundleObject> objects_;
  std::map<std::string, std::vector<const BundleObject*>, std::less<>> by_kind_;
  std::unordered_map<std::string, const BundleObject*> by_name_;                   // "kind/namespace/name"
  std::unordered_map<std::string, std::vector<const BundleObject*>> by_selector_;  // "namespace/key=value", first label
};

}  // namespace podcheck::lint
