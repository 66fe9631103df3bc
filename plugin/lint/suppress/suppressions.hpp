// Which findings the manifests themselves say to leave out, and which of those sayings are of no use.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "lint/bundle.hpp"
#include "lint/engine/selection.hpp"
#include "lint/suppress/directive.hpp"

namespace podcheck::lint {

struct Suppression {
  Directive directive;
  const document::File* file = nullptr;
  document::Range range;  // of the comment from '#' on, or of the annotation's key
  // Comments cover lines of their file; annotations an object, or the fields of it below `path`.
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
  const BundleObject* object = nullptr;
  std::string path;
  bool expired = false;
  std::vector<bool> used;  // by directive.rules

  bool covers(const finding::Finding& finding, const BundleObject* owner) const;
};

class Suppressions {
 public:
  Suppressions(const catalogue::Catalogue& catalogue, std::string today)
      : catalogue_(catalogue), today_(std::move(today)) {}

  void read_comments(const document::File& file);
  void read_annotations(const BundleObject& object);

  // Whether a finding is to be left out; marks what said so as used. `owner` may be null.
  bool suppresses(const finding::Finding& finding, const BundleObject* owner);
  std::deque<Suppression>& all() { return all_; }
  // "file:line:column: sentence"
  const std::vector<std::string>& mistakes() const { return mistakes_; }

 private:
  const catalogue::Catalogue& catalogue_;
  std::string today_;
  std::deque<Suppression> all_;
  std::vector<std::string> mistakes_;

  void add(Suppression suppression);
  void mistake(const document::File& file, std::uint32_t at, const DirectiveError& error);
  void read_annotations(const BundleObject& object, document::Node metadata, const std::string& path);
};

// Where each "podcheck:" directive of a file is: the offsets of its '#' and of the text behind the colon. Marks inside
// of values are left out.
struct CommentMark {
  std::uint32_t hash = 0;
  std::uint32_t text = 0;
  std::uint32_t end = 0;  // of the line
  bool own_line = false;  // nothing but blanks before it
};
std::vector<CommentMark> find_marks(const document::File& file);

// Whether the byte at `offset` lies in a scalar of the file.
bool inside_scalar(const document::File& file, std::uint32_t offset);

}  // namespace podcheck::lint
