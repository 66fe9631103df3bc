// What podcheck says: plain values, sorted in one place. schemas/report.schema.json describes their JSON form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace podcheck::finding {

enum class Severity : std::uint8_t { info, warning, error };
enum class Role : std::uint8_t { none, cause, contributing, symptom };
// confirmed: a structured field decides; likely: a text or timing pattern; possible: only circumstance.
enum class Confidence : std::uint8_t { none, possible, likely, confirmed };
enum class Safety : std::uint8_t { safe, unsafe, manual };

// Named values for the placeholders of a card's sentences: {"container", "app"} fills {container}.
using Values = std::vector<std::pair<std::string, std::string>>;

// Where in a file. Lines and columns are 1-based, columns count code points, the end is exclusive.
struct Location {
  std::string file;
  std::uint32_t line = 0;  // 0: nowhere
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  std::string source_line;  // text of `line`, for the renderers that show it
  auto operator<=>(const Location&) const = default;
};

struct Evidence {
  std::string kind;    // event | log | field | computed | describe
  std::string source;  // "pod/web-1 .status.containerStatuses[0]", "event FailedScheduling", "log web (previous)"
  std::string time;    // RFC 3339; empty when unknown
  std::int64_t count = 0;
  std::string text;
};

// Replace bytes [start, end) of a file.
struct Edit {
  std::string file;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::string text;
};

struct Fix {
  std::string summary;
  Safety safety = Safety::manual;
  std::string command;  // a kubectl command to paste; empty when there is none
  std::string patch;    // JSON text of a patch of the owner; empty when there is none
  std::string effect;   // what the command touches: "changes the deployment"; empty: only reads
  std::vector<Edit> edits;
};

struct Related {
  Location location;
  std::string message;
};

// A competing cause that was looked at, and why it lost; shown with -v.
struct Rejected {
  std::string id;
  std::string reason;
};

struct Finding {
  std::string id;  // of a rule card or a cause card
  Role role = Role::none;
  Severity severity = Severity::error;
  Confidence confidence = Confidence::none;
  std::string category;
  std::string outcome;
  std::string container;
  std::string message;  // one sentence, lower-case start in lint, with the values in it
  std::string why;
  std::vector<Evidence> evidence;
  std::vector<Fix> fixes;
  std::optional<Location> location;
  std::string path;
  std::vector<Related> related;
  std::vector<std::string> prevents;
  std::vector<std::string> prevented_by;
  std::vector<std::string>
      chain;  // "Deployment/web", "ReplicaSet/web-6d4f", "Pod/web-6d4f-x2x9k", "PersistentVolumeClaim/data"
  std::vector<Rejected> rejected;
};

// One row of the scheduling table.
struct NodeVerdict {
  std::string name;
  bool fits = false;
  std::vector<std::string> reasons;                            // cause ids: insufficient-cpu, untolerated-taint, ...
  std::string detail;                                          // all reasons with their numbers, one sentence
  std::vector<std::pair<std::string, std::string>> resources;  // {"cpu", "500m / 2"}: free / allocatable
};

// One moment of a pod's life, for the timeline.
struct Moment {
  std::string time;  // RFC 3339
  std::string what;  // started, probe-failed, killed, exited, back-off, ...
  std::string text;
};

struct Subject {
  std::string kind;  // empty: a document that could not be parsed
  std::string namespace_;
  std::string name;
  std::string owner;   // "Deployment/web"
  std::string status;  // STATUS column of kubectl get pods; empty in lint
  bool healthy = true;
  std::string headline;  // "0/3 ready · CrashLoopBackOff · 3 of 3 pods alike, since 10:02"
  std::optional<Location> location;
  std::string source_comment;
  std::vector<Finding> findings;
  std::vector<NodeVerdict> nodes;
  std::vector<std::string> node_notes;  // what the node table rests on
  std::vector<Moment> timeline;
};

struct Note {
  std::string about;
  std::string message;
};

enum class Mode : std::uint8_t { lint, live, preflight };

struct Summary {
  int subjects = 0;
  int error = 0;
  int warning = 0;
  int info = 0;
  int skipped = 0;  // documents and files that are not Kubernetes objects
  int files = 0;
};

struct Report {
  Mode mode = Mode::lint;
  std::vector<Subject> subjects;
  std::vector<Note> notes;
  Summary summary;
};

// Orders subjects by location or name and findings by role, severity, place and id, and counts the summary.
void sort_and_count(Report& report);

const char* to_string(Severity severity);      // error | warning | info
const char* to_string(Role role);              // cause | contributing | symptom, "" for none
const char* to_string(Confidence confidence);  // confirmed | likely | possible, ""
const char* to_string(Safety safety);          // safe | unsafe | manual
const char* to_string(Mode mode);
std::optional<Severity> severity_from(std::string_view text);

}  // namespace podcheck::finding
