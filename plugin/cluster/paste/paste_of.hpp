// Test code only: pasted text as the cluster that it tells of.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "cluster/snapshot.hpp"
#include "cluster/text_source.hpp"

namespace podcheck::cluster {

inline Snapshot paste_of(std::string text) {
  std::unique_ptr<Source> source = open_texts({{"-", std::move(text)}});
  REQUIRE(source != nullptr);
  return Snapshot(std::move(source));
}

inline document::Node only_pod(Snapshot& cluster) {
  REQUIRE(cluster.list("pods").items.size() == 1);
  return cluster.list("pods").items[0];
}

}  // namespace podcheck::cluster
