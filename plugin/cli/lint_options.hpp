// The part of the command line that lint and preflight share.
#pragma once

#include "cli/session.hpp"
#include "lint/lint.hpp"

namespace podcheck::cli {

int kubernetes_minor_of(const Session& session);  // throws UsageError for versions that are not known
lint::Options lint_options(const Session& session);
// Standard input when nothing is named and something is piped in; UsageError when nothing is.
void default_input(const Session& session, lint::Options& options);

}  // namespace podcheck::cli
