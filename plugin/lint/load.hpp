// Reads and parses the input files and puts their objects into a bundle.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "finding/finding.hpp"
#include "lint/bundle.hpp"
#include "lint/inputs/classify.hpp"
#include "lint/inputs/collect.hpp"
#include "lint/inputs/file_system.hpp"
#include "lint/inputs/kustomize.hpp"

namespace podcheck::lint {

struct LoadedDocument {
  const document::Document* document = nullptr;
  NotLinted not_linted = NotLinted::none;
  std::vector<const BundleObject*> objects;  // several for a List
  std::vector<document::Node> half_objects;  // meant as objects, but without apiVersion or kind
};

struct LoadedFile {
  InputFile input;
  std::unique_ptr<document::File> file;  // null when it could not be read
  std::vector<LoadedDocument> documents;
  bool skipped = false;  // nothing in it was for us
};

struct Loaded {
  std::deque<LoadedFile> files;
  Bundle bundle;
  std::unique_ptr<Kustomize> kustomize = std::make_unique<Kustomize>();  // objects point into it
  std::vector<std::string> generated;                                    // known names of kustomize generators
  std::vector<finding::Note> notes;
  int skipped = 0;  // documents, and files without one, that are not Kubernetes objects
  bool unreadable = false;
};

struct LoadOptions {
  std::size_t max_file_bytes = 256u << 20;
  unsigned threads = 0;
  std::string stdin_name = "-";
  std::string default_namespace = "default";
};

Loaded load_files(Collected collected, const LoadOptions& options, const catalogue::Catalogue& catalogue,
                  FileSystem& files);

}  // namespace podcheck::lint
