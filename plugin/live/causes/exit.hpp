// Why a container's last run ended: its exit code, its log, and what the cluster knows about what the log names.
#pragma once

#include <optional>

#include "live/cause.hpp"
#include "live/facts.hpp"
#include "live/logs.hpp"

namespace podcheck::live {

// The kubelet's own kill of the last run: by a liveness or startup probe, or after a failed postStart hook. Empty when
// it was none.
std::string killed_by(const std::vector<EventFacts>& events, const ContainerFacts& container);

// The cause of a container's exit, from its log and exit code; nothing when it has not ended by itself.
std::optional<Candidate> explain_exit(Patient& patient, const ContainerFacts& container);

// " after 3 s" for a sentence; nothing where its times are not known.
std::string ran_for(Patient& patient, const Termination& ended);

// "with exit code 3", or "with an error" where only the log tells of the end; in the report's language.
std::string with_code(Patient& patient, const Termination* ended);

// A decisive line and the cause it names.
struct Decisive {
  std::string cause;
  std::string line;
  int specificity = 0;
  std::vector<std::pair<std::string, std::string>> captures;
  std::size_t index = 0;
};
// The lines that a signature knows, most telling first.
std::vector<Decisive> decisive_lines(const RunLog& log);
// No known sentence, but the program's last error names a variable of the container, or one that it does not have.
std::optional<Decisive> names_a_variable(Patient& patient, const ContainerFacts& container, const RunLog& log,
                                         std::size_t index);

// Completes a candidate whose cause a log line has named, with what the cluster knows (Services behind hosts, volumes
// behind paths, Roles, keys of ConfigMaps). May change the cause: a refused connection becomes the dependency's fault.
// Returns false when the cluster contradicts the claim.
bool enrich(Patient& patient, const ContainerFacts& container, const RunLog& log, const Decisive& line,
            Candidate& candidate);

// Whether the program's last words repeat a reference that was never expanded: "$(NAME)" of the environment, or "$NAME"
// in arguments that no shell reads.
bool literal_reference(Patient& patient, const ContainerFacts& container, const RunLog& log, std::size_t index,
                       Candidate& candidate);

}  // namespace podcheck::live
