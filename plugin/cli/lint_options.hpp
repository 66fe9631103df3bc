// The part of the command line that lint and preflight share.
#pragma once

#include "cli/session.hpp"
#include "lint/inputs/file_system.hpp"
#include "lint/lint.hpp"

namespace podcheck::cli {

// The disk, with "-" read from the session's own standard input.
class SessionFiles : public lint::DiskFileSystem {
 public:
  explicit SessionFiles(const Session& session) : session_(session) {}
  Bytes read(const std::string& path, std::size_t limit) override;

 private:
  const Session& session_;
};

int kubernetes_minor_of(const Session& session);  // throws UsageError for versions that are not known
lint::Options lint_options(const Session& session);
// Standard input when nothing is named and something is piped in; UsageError when nothing is.
void default_input(const Session& session, lint::Options& options);

}  // namespace podcheck::cli
