// --fix: applies what findings propose, lints again, and keeps nothing that makes matters worse.
#include <algorithm>
#include <map>
#include <set>

#include "document/edit.hpp"
#include "lint/inputs/overlay.hpp"
#include "lint/lint.hpp"

namespace podcheck::lint {

namespace {

constexpr int most_rounds = 10;

using Edits = std::vector<document::Edit>;

// A fix as a whole, all of it in one file.
struct Proposal {
  std::string file;
  Edits edits;
};

bool is_allowed(const finding::Fix& fix, bool unsafe) {
  return !fix.edits.empty() &&
         (fix.safety == finding::Safety::safe || (unsafe && fix.safety == finding::Safety::unsafe));
}

std::vector<Proposal> proposals(const finding::Report& report, bool unsafe) {
  std::vector<Proposal> out;
  for (const auto& subject : report.subjects) {
    for (const auto& finding : subject.findings) {
      const auto fix = std::find_if(finding.fixes.begin(), finding.fixes.end(),
                                    [&](const finding::Fix& each) { return is_allowed(each, unsafe); });
      if (fix == finding.fixes.end()) {
        continue;
      }
      Proposal proposal{fix->edits.front().file, {}};
      for (const auto& edit : fix->edits) {
        proposal.edits.push_back({edit.start, edit.end, edit.text});
      }
      out.push_back(std::move(proposal));
    }
  }
  return out;
}

bool touches(const document::Edit& a, const document::Edit& b) {
  return a.begin <= b.end && b.begin <= a.end;
}

// Fixes that do not touch each other; the others wait for the next round.
std::map<std::string, Edits> compatible(const std::vector<Proposal>& all) {
  std::map<std::string, Edits> out;
  for (const auto& proposal : all) {
    Edits& taken = out[proposal.file];
    const bool clash = std::any_of(proposal.edits.begin(), proposal.edits.end(), [&](const document::Edit& edit) {
      return std::any_of(taken.begin(), taken.end(), [&](const document::Edit& other) { return touches(edit, other); });
    });
    if (!clash) {
      taken.insert(taken.end(), proposal.edits.begin(), proposal.edits.end());
    }
  }
  return out;
}

std::map<std::string, int> invalid_by_file(const finding::Report& report) {
  std::map<std::string, int> out;
  for (const auto& subject : report.subjects) {
    for (const auto& finding : subject.findings) {
      out[finding.location ? finding.location->file : std::string()] += finding.category == "invalid" ? 1 : 0;
    }
  }
  return out;
}

int count_findings(const finding::Report& report) {
  return report.summary.error + report.summary.warning + report.summary.info;
}

class Fixer {
 public:
  Fixer(const Options& options, catalogue::Catalogue& catalogue, FileSystem& files)
      : options_(options), catalogue_(catalogue), overlay_(files) {}

  Result lint() { return run(options_, catalogue_, overlay_); }

  std::string path_of(const std::string& shown) const {
    return shown == options_.stdin_name && std::count(options_.paths.begin(), options_.paths.end(), "-") > 0 ? "-"
                                                                                                             : shown;
  }

  // Applies edits to a file's present text; false when they do not fit.
  bool apply(const std::string& shown, const Edits& edits) {
    const std::string path = path_of(shown);
    const auto bytes = overlay_.read(path, options_.max_file_bytes);
    auto text = bytes.ok ? document::apply_edits(bytes.bytes, edits) : std::nullopt;
    if (!text || *text == bytes.bytes) {
      return false;
    }
    before_.emplace(shown, bytes.bytes);
    overlay_.texts[path] = std::move(*text);
    return true;
  }

  // The present text of a file.
  std::string text(const std::string& shown) { return overlay_.read(path_of(shown), options_.max_file_bytes).bytes; }
  void restore(const std::string& shown, const std::string& text) { overlay_.texts[path_of(shown)] = text; }

  std::vector<Change> changes() {
    std::vector<Change> out;
    for (const auto& [file, before] : before_) {
      if (text(file) != before) {
        out.push_back({file, before, text(file)});
      }
    }
    return out;
  }

 private:
  const Options& options_;
  catalogue::Catalogue& catalogue_;
  OverlayFileSystem overlay_;
  std::map<std::string, std::string> before_;
};

}  // namespace

FixResult fix(const Options& options, bool unsafe, catalogue::Catalogue& catalogue, FileSystem& files) {
  Fixer fixer(options, catalogue, files);
  FixResult out;
  out.after = fixer.lint();
  const int found = count_findings(out.after.report);
  std::set<std::string> given_up;
  for (int round = 0; round < most_rounds; ++round) {
    std::map<std::string, std::string> last;
    for (const auto& [file, edits] : compatible(proposals(out.after.report, unsafe))) {
      if (given_up.count(file) != 0) {
        continue;
      }
      const std::string before = fixer.text(file);
      if (fixer.apply(file, edits)) {
        last[file] = before;
      }
    }
    if (last.empty()) {
      break;
    }
    Result next = fixer.lint();
    auto invalid_before = invalid_by_file(out.after.report);
    bool worse = false;
    for (const auto& [file, count] : invalid_by_file(next.report)) {
      if (last.count(file) != 0 && count > invalid_before[file]) {
        fixer.restore(file, last[file]);
        given_up.insert(file);
        worse = true;
      }
    }
    out.after = worse ? fixer.lint() : std::move(next);
  }
  out.changes = fixer.changes();
  out.fixed = std::max(0, found - count_findings(out.after.report));
  return out;
}

}  // namespace podcheck::lint
