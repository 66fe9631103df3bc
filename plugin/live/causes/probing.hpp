// A probe that fails, and what the files of this family share about it.
#pragma once

#include <string>
#include <vector>

#include "kube/effective.hpp"
#include "live/cause.hpp"
#include "live/facts.hpp"
#include "live/logs.hpp"

namespace podcheck::live {

// CPU limits up to this slow a start down so much that probes give up.
constexpr std::int64_t small_cpu_milli = 200;

struct Failing {
  std::string type;   // liveness, readiness, startup
  std::string field;  // livenessProbe
  const EventFacts* event = nullptr;
  std::string text;      // what follows "probe failed: "
  bool errored = false;  // the probe could not run
  std::int64_t count = 0;
};

struct Probing {
  Patient& patient;
  const ContainerFacts& container;
  const Failing& failing;
  kube::Probe probe;
  RunLog log;  // of the run that was probed
  Listening listening;
  std::string killed;  // "liveness", "startup" or empty
  std::string port_text;
  std::int64_t port = 0;
};

// The path, the command, or the kind of the probe.
std::string endpoint_of(const Probing& at);

// How far a start has come by its own log: "shard=3 of=12", "3/12", "27%". Whether it advances, and in how many seconds
// the whole would be done.
struct Progress {
  bool advances = false;
  double share = 0;
  std::string line;
};
Progress progress_in(const RunLog& log);

// A candidate with the probe's numbers as values, and the event, the field and the kill as proof.
Candidate probe_candidate(const Probing& at, const char* cause, int specificity, finding::Confidence confidence);
// The application serves TLS on the probed port: by its log, by the name of the port, or by its number.
bool speaks_tls(const Probing& at);
// JSON pointer of a field of the probe, below the pod spec.
std::string probe_pointer(const Probing& at, const std::string& rest);
std::string declared_ports(const ContainerFacts& container);  // "8080 (http), 9090"

// probe_connect.cpp: nobody answers at the port. probe_answers.cpp: the answer is not what the probe wants.
void named_port_missing(const Probing& at, const std::string& name, std::vector<Candidate>& out);
void connection_refused(const Probing& at, std::vector<Candidate>& out);
// The application has not begun to listen when the probe gives up.
void slow_start(const Probing& at, std::vector<Candidate>& out);
void server_error(const Probing& at, std::vector<Candidate>& out);
void wrong_path(const Probing& at, const std::string& status, std::vector<Candidate>& out);
void wrong_scheme(const Probing& at, bool server_is_plain, finding::Confidence confidence, std::vector<Candidate>& out);
void grpc_health_missing(const Probing& at, const char* variant, std::vector<Candidate>& out);
void timed_out(const Probing& at, std::vector<Candidate>& out);

}  // namespace podcheck::live
