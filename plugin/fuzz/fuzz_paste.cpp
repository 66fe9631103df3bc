// Any bytes as what somebody pasted: it is read, diagnosed and rendered without a crash.
#include "cluster/text_source.hpp"
#include "fuzz/fuzz.hpp"
#include "live/diagnose.hpp"
#include "render/render.hpp"

using namespace podcheck;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::unique_ptr<cluster::Source> source = cluster::open_texts({{"-", fuzz::text_of(data, size)}});
  if (source == nullptr) {
    return 0;
  }
  cluster::Snapshot snapshot(std::move(source));
  live::Options options;
  options.all_namespaces = true;
  const live::Result result = live::diagnose(snapshot, fuzz::catalogue(), options);
  render::text(result.report, fuzz::catalogue(), {});
  document::Tree tree;
  std::string error;
  fuzz::require(document::parse_json(render::json(result.report, {}), tree, error));
  return 0;
}
