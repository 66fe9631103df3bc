#include "cluster/paste/reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "cluster/event.hpp"
#include "cluster/paste/assemble.hpp"
#include "cluster/paste/command_line.hpp"
#include "cluster/paste/describe_object.hpp"
#include "cluster/paste/describe_pod.hpp"
#include "cluster/paste/events_text.hpp"
#include "cluster/paste/fragment.hpp"
#include "cluster/paste/lines.hpp"
#include "cluster/paste/loose_message.hpp"
#include "cluster/paste/table.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster::paste {

namespace {

// Keys that begin a part of a pod's describe text whose head was cut off.
constexpr auto pod_parts = std::to_array<std::string_view>(
    {"Containers", "Init Containers", "State",     "Last State",     "Container ID", "Image ID",        "Restart Count",
     "Exit Code",  "Controlled By",   "QoS Class", "Node-Selectors", "Tolerations",  "Service Account", "Start Time",
     "Conditions", "Liveness",        "Readiness", "Host Port",      "Status",       "Volumes",         "Node"});

// Keys that stand near the top of a describe text, below its "Name:".
constexpr auto near_name =
    std::to_array<std::string_view>({"Namespace", "Labels", "Roles", "Role", "CreationTimestamp", "Priority", "Node",
                                     "Annotations", "StorageClass", "IsDefaultClass", "Security Policy", "Image(s)",
                                     "Selector", "Service Account", "Start Time", "Status", "Containers"});

constexpr std::size_t max_section_lines = 5000;
constexpr std::size_t max_fragment_lines = 50000;
constexpr std::size_t max_logged_events = 500;
constexpr std::size_t max_failed_fragments = 50;  // a hostile text would have each of its lines begin one

class Reader {
 public:
  explicit Reader(std::string_view text) : lines_(clean_lines(text)) {
    // A selection often begins a letter or two late.
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      std::string& line = lines_[i].text;
      for (std::string_view cut : {"ame:", "me:"}) {
        if (line.starts_with(cut)) {
          std::string whole = "Name:" + line.substr(cut.size());
          std::swap(line, whole);
          if (!starts_describe(i)) {
            std::swap(line, whole);
          }
          break;
        }
      }
    }
    find_boundaries();
  }

  void read(Assembly& assembly) {
    assembly_ = &assembly;
    std::size_t at = 0;
    while (at < lines_.size()) {
      std::size_t next = step(at);
      at = std::max(next, at + 1);
    }
    flush_text();
    // Messages in running text count where no table says it better.
    for (const EventText& message : messages_) {
      if (!assembly.has_event(message.reason)) {
        told_only_here_.push_back(message);
      }
    }
    add_events(told_only_here_);
  }

 private:
  std::span<const Line> span(std::size_t from, std::size_t to) const {
    return std::span<const Line>(lines_).subspan(from, to - from);
  }

  std::size_t step(std::size_t at) {
    const Line& line = lines_[at];
    if (line.fence) {
      flush_text();
      fence();
      return at + 1;
    }
    if (line.text.empty()) {
      if (!text_.empty()) {
        text_ += '\n';
      }
      return at + 1;
    }
    if (std::optional<TypedCommand> command = typed_command(line.text)) {
      flush_text();
      command_ = *command;
      asked_.reset();
      answered_ = false;
      if (!command->namespace_.empty()) {
        assembly_->default_namespace = command->namespace_;
      }
      // "`kubectl describe pod web` says `Error: …`"
      std::optional<EventText> said = command->verb.empty() ? std::nullopt : loose_message(line.text);
      return said && messages_.size() < 200 ? loose(std::move(*said), at) : at + 1;
    }
    answered_ = true;
    if (std::size_t next = dump_log(at); next > at) {
      return next;
    }
    if (waiting_to_start(line)) {
      return at + 1;
    }
    if (in_log()) {
      // The output of `kubectl logs` goes on to the next prompt or fence; a log may look like anything.
      if (!names_container(line.text)) {
        add_text(line);
      }
      return at + 1;
    }
    if (std::optional<EventText> event = component_log(line.text)) {
      flush_text();
      if (logged_events_ < max_logged_events) {
        ++logged_events_;
        add_events({std::move(*event)});
      }
      return at + 1;
    }
    for (auto reader : {&Reader::json, &Reader::yaml, &Reader::events, &Reader::table, &Reader::described,
                        &Reader::event_rows, &Reader::described_part}) {
      std::size_t next = (this->*reader)(at);
      if (next > at) {
        return next;
      }
    }
    if (std::size_t next = loose_status(at); next > at) {
      return next;
    }
    if (messages_.size() < 200) {
      if (std::optional<EventText> message = loose_message(line.text)) {
        return loose(std::move(*message), at);
      }
    }
    add_text(line);
    return at + 1;
  }

  // Code blocks often have the command in one block and what it printed in the next.
  void fence() {
    if (!in_fence_) {
      if (asked_) {
        command_ = std::exchange(asked_, std::nullopt);
        answered_ = false;
      }
    } else {
      asked_ = answered_ ? std::nullopt : command_;
      command_.reset();  // what was asked for above or inside of it is answered
    }
    in_fence_ = !in_fence_;
  }

  // A message may go over several lines of a block.
  std::size_t loose(EventText message, std::size_t at) {
    flush_text();
    std::size_t next = at + 1;
    while (next < lines_.size() && next < at + 8 && goes_on(next)) {
      message.message += " " + lines_[next].text;
      ++next;
    }
    messages_.push_back(std::move(message));
    return next;
  }

  bool goes_on(std::size_t next) const {
    const Line& line = lines_[next];
    const std::string& before = lines_[next - 1].text;
    bool open = before.ends_with(',') || before.ends_with('=') || before.ends_with("desc =");
    if (line.fence || line.text.empty() || (!in_fence_ && !open)) {
      return false;
    }
    return next_boundary_[next] != next && !is_event_row(line.text) && !is_pod_row(line.text) &&
           !loose_message(line.text) && !component_log(line.text);
  }

  bool waiting_to_start(const Line& line) {
    Draft pod;
    if (line.text.find(" is waiting to start: ") == std::string::npos || !read_waiting_to_start(line.text, pod)) {
      return false;
    }
    flush_text();
    if (command_ && !command_->namespace_.empty()) {
      pod["metadata"]["namespace"].set(command_->namespace_);
    }
    // What a table or a description says of the pod says more.
    if (!assembly_->knows("Pod", pod["metadata"]["name"].text())) {
      assembly_->add(std::move(pod));
    }
    return true;
  }

  // 'Defaulted container "app" out of: app, setup (init)'
  bool names_container(std::string_view text) {
    constexpr std::string_view defaulted = "Defaulted container \"";
    if (!text.starts_with(defaulted)) {
      return false;
    }
    text.remove_prefix(defaulted.size());
    command_->container = text.substr(0, text.find('"'));
    return true;
  }

  std::size_t loose_status(std::size_t at) {
    std::size_t taken = read_loose_status(span(at, std::min(lines_.size(), at + 400)), *assembly_);
    if (taken > 0) {
      flush_text();
    }
    return at + taken;
  }

  bool in_log() const { return command_ && command_->verb == "logs"; }

  bool starts_describe(std::size_t at) const {
    std::optional<KeyValue> pair = key_value(lines_[at].text);
    if (!pair || pair->key != "Name" || pair->value.empty() || pair->value.find(' ') != std::string_view::npos) {
      return false;
    }
    for (std::size_t i = at + 1; i < lines_.size() && i < at + 4; ++i) {
      std::optional<KeyValue> next = key_value(lines_[i].text);
      if (next && std::find(near_name.begin(), near_name.end(), next->key) != near_name.end()) {
        return true;
      }
    }
    return false;
  }

  // Once for all lines, so that a hostile text is not looked through again from each of them.
  void find_boundaries() {
    next_boundary_.resize(lines_.size() + 1, lines_.size());
    last_filled_.resize(lines_.size() + 1, 0);
    for (std::size_t i = lines_.size(); i-- > 0;) {
      const Line& line = lines_[i];
      bool boundary = line.fence || (line.indent == 0 && line.text.starts_with("====")) || typed_command(line.text) ||
                      starts_describe(i) || !table_kind(line.text).empty() || line.text.starts_with("apiVersion:");
      next_boundary_[i] = boundary ? i : next_boundary_[i + 1];
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      last_filled_[i + 1] = lines_[i].text.empty() ? last_filled_[i] : i + 1;
    }
  }

  // Where a describe text ends that begins at `from`; blank lines before the end are left out.
  std::size_t end_of_section(std::size_t from) const {
    std::size_t end = std::min(next_boundary_[from + 1], from + max_section_lines);
    return std::max(last_filled_[std::min(end, lines_.size())], from + 1);
  }

  std::size_t described(std::size_t at) {
    if (!starts_describe(at)) {
      return at;
    }
    flush_text();
    std::size_t end = end_of_section(at);
    section(at, end, {});
    return consumed_;
  }

  std::size_t described_part(std::size_t at) {
    std::optional<KeyValue> pair = key_value(lines_[at].text);
    if (!pair || std::find(pod_parts.begin(), pod_parts.end(), pair->key) == pod_parts.end()) {
      return at;
    }
    // One such line in running text is no describe text; several are.
    std::size_t end = end_of_section(at);
    std::size_t keys = 0;
    for (std::size_t i = at; i < end; ++i) {
      std::optional<KeyValue> key = key_value(lines_[i].text);
      bool known =
          key && (std::find(pod_parts.begin(), pod_parts.end(), key->key) != pod_parts.end() || key->key == "Reason" ||
                  key->key == "Ready" || key->key == "Image" || key->key == "Message" || key->key == "Events" ||
                  key->key == "Started" || key->key == "Finished");
      keys += known ? 1 : 0;
    }
    if (keys < 2) {
      return at;
    }
    flush_text();
    section(at, end, "Pod");
    return consumed_;
  }

  void section(std::size_t at, std::size_t end, std::string_view fallback_kind) {
    std::size_t events_at = end;
    for (std::size_t i = at; i < end; ++i) {
      std::optional<KeyValue> pair = key_value(lines_[i].text);
      bool header_only = is_event_header(lines_[i].text) && i > at;
      if ((pair && pair->key == "Events") || header_only) {
        events_at = i;
        break;
      }
    }
    std::span<const Line> body = span(at, events_at);
    std::string_view kind = described_kind(body);
    if (command_ && command_->verb == "describe") {
      if (const Resource* resource = find_resource(command_->resource)) {
        kind = resource->kind;
      }
    }
    kind = kind.empty() ? fallback_kind : kind;
    Draft object;
    if (kind == "Pod" || kind.empty()) {
      object["apiVersion"].set("v1");
      object["kind"].set(kind.empty() ? std::string_view("Unknown") : kind);
      read_pod(body, object);
    } else {
      std::vector<Draft> others;
      read_described(kind, body, object, others);
      for (Draft& other : others) {
        assembly_->add(std::move(other));
      }
    }
    if (object["metadata"]["name"].text().empty() && command_ && command_->verb == "describe") {
      object["metadata"]["name"].set(command_->name);
    }
    std::size_t index = assembly_->add(std::move(object));
    consumed_ = events_at;
    if (events_at < end) {
      std::optional<KeyValue> pair = key_value(lines_[events_at].text);
      std::size_t rows = pair && pair->key == "Events" ? events_at + 1 : events_at;
      std::vector<EventText> events;
      std::size_t taken = read_events({}, span(rows, end), events);
      for (const EventText& event : events) {
        assembly_->add_event(event, index);
      }
      consumed_ = rows + taken;
    }
  }

  std::size_t events(std::size_t at) {
    const Line& line = lines_[at];
    std::optional<KeyValue> pair = key_value(line.text);
    bool heading = pair && pair->key == "Events";
    if (!heading && !is_event_header(line.text)) {
      return at;
    }
    if (heading && at + 1 < lines_.size() && !is_event_header(lines_[at + 1].text) &&
        !is_event_row(lines_[at + 1].text)) {
      return at;
    }
    flush_text();
    std::vector<EventText> events;
    std::size_t taken = read_events(heading ? std::string_view() : line.text, span(at + 1, end_of_section(at)), events);
    add_events(events);
    return at + 1 + taken;
  }

  std::size_t event_rows(std::size_t at) {
    if (!is_event_row(lines_[at].text)) {
      return at;
    }
    flush_text();
    std::vector<EventText> events;
    std::size_t taken = read_events({}, span(at, end_of_section(at)), events);
    add_events(events);
    return at + taken;
  }

  void add_events(std::vector<EventText> events) {
    for (EventText& event : events) {
      bool described = command_ && command_->verb == "describe" && !command_->name.empty();
      if (event.name.empty() && event.kind.empty() && described) {
        if (const Resource* resource = find_resource(command_->resource)) {
          event.kind = resource->kind;
          event.name = command_->name;
          event.namespace_ = command_->namespace_;
        }
      }
      bool nameless = event.name.empty() && event.kind.empty();
      assembly_->add_event(event, nameless ? assembly_->subject() : Assembly::none);
    }
  }

  std::size_t table(std::size_t at) {
    const Line& line = lines_[at];
    bool header = !table_kind(line.text).empty();
    if (!header && !is_pod_row(line.text)) {
      return at;
    }
    flush_text();
    std::vector<Draft> rows;
    std::size_t from = header ? at + 1 : at;
    std::size_t taken = read_table(header ? line.text : std::string_view(), span(from, lines_.size()), rows);
    for (Draft& row : rows) {
      assembly_->add(std::move(row));
    }
    return from + taken;
  }

  std::size_t json(std::size_t at) {
    if (failed_fragments_ >= max_failed_fragments) {
      return at;
    }
    std::size_t cut = lines_[at].text.find("\"containerStatuses\":[");
    if (cut != std::string::npos && !lines_[at].text.starts_with('{')) {
      return fragment(at, read_cut_statuses(std::string_view(lines_[at].text).substr(cut), *assembly_) ? 1 : 0);
    }
    if (lines_[at].text != "{" && !lines_[at].text.starts_with("{\"apiVersion\"") &&
        !lines_[at].text.starts_with("{\"kind\"")) {
      return at;
    }
    return fragment(at, read_json_fragment(span(at, std::min(lines_.size(), at + max_fragment_lines)), *assembly_));
  }

  std::size_t yaml(std::size_t at) {
    if (failed_fragments_ >= max_failed_fragments || !begins_yaml(span(at, lines_.size()))) {
      return at;
    }
    return fragment(at, read_yaml_fragment(span(at, std::min(lines_.size(), at + max_fragment_lines)), *assembly_));
  }

  std::size_t fragment(std::size_t at, std::size_t taken) {
    if (taken > 0) {
      flush_text();
    } else {
      ++failed_fragments_;
    }
    return at + taken;
  }

  // `kubectl cluster-info dump` prints logs between such lines.
  std::size_t dump_log(std::size_t at) {
    constexpr std::string_view start = "==== START logs for container ";
    std::string_view text = lines_[at].text;
    std::size_t of = text.find(" of pod ");
    if (!text.starts_with(start) || of == std::string_view::npos) {
      return at;
    }
    flush_text();
    PastedLog log;
    log.from_command = true;
    log.container = text.substr(start.size(), of - start.size());
    std::string_view pod = text.substr(of + 8);
    pod = pod.substr(0, pod.find(' '));
    std::size_t slash = pod.find('/');
    if (slash != std::string_view::npos) {
      log.namespace_ = pod.substr(0, slash);
      log.pod = pod.substr(slash + 1);
    }
    std::size_t end = at + 1;
    while (end < lines_.size() && !lines_[end].text.starts_with("==== END logs")) {
      log.text += std::string(lines_[end].indent, ' ') + lines_[end].text + '\n';
      ++end;
    }
    assembly_->logs.push_back(std::move(log));
    return std::min(end + 1, lines_.size());
  }

  void add_text(const Line& line) {
    text_ += std::string(line.indent, ' ');
    text_ += line.text;
    text_ += '\n';
  }

  void flush_text() {
    while (text_.ends_with("\n\n")) {
      text_.pop_back();
    }
    if (!text_.empty()) {
      PastedLog log;
      log.text = std::move(text_);
      if (in_log()) {
        log.from_command = true;
        log.namespace_ = command_->namespace_;
        log.container = command_->container;
        log.previous = command_->previous;
        const Resource* resource = find_resource(command_->resource);
        log.pod = resource != nullptr && resource->kind == "Pod" ? command_->name : std::string();
        assembly_->logs.push_back(std::move(log));
      } else if (looks_like_log(log.text)) {
        assembly_->logs.push_back(std::move(log));
      }
    }
    text_.clear();
  }

  static bool looks_like_log(std::string_view text);

  std::vector<Line> lines_;
  std::vector<std::size_t> next_boundary_;  // at or after each line
  std::vector<std::size_t> last_filled_;    // one behind the last line with text before each line
  Assembly* assembly_ = nullptr;
  std::optional<TypedCommand> command_;
  std::optional<TypedCommand> asked_;  // in a block that has nothing but the command
  bool answered_ = false;              // whether anything has come since the command
  std::size_t logged_events_ = 0;
  std::string text_;
  std::vector<EventText> messages_;
  std::vector<EventText> told_only_here_;
  std::size_t consumed_ = 0;
  std::size_t failed_fragments_ = 0;
  bool in_fence_ = false;
};

// Most of its lines carry what log lines do: a time, a level, a stack frame, JSON, or a program's typical complaint.
bool Reader::looks_like_log(std::string_view text) {
  constexpr std::string_view marks[] = {"error:",
                                        "Error:",
                                        "ERROR",
                                        "FATAL",
                                        "fatal",
                                        "panic:",
                                        "goroutine ",
                                        "Traceback",
                                        "Exception",
                                        "WARN",
                                        "INFO",
                                        "DEBUG",
                                        "level=",
                                        "\"level\"",
                                        "[error]",
                                        "[emerg]",
                                        "[warn]",
                                        "[notice]",
                                        "Caused by:",
                                        "npm ERR!",
                                        "exec format",
                                        "permission denied",
                                        "Permission denied",
                                        "No such file",
                                        "not found",
                                        "refused",
                                        "Segmentation fault",
                                        "errno",
                                        "node:internal",
                                        "exec user process",
                                        "Listening on",
                                        "listening on",
                                        "Starting ",
                                        "cannot open",
                                        "can't open"};
  for (std::string_view certain : {"panic: ", "goroutine ", "Traceback (most recent call last)", "Exception in thread",
                                   "level=fatal", "level=panic", "level=error"}) {
    std::size_t at = text.find(certain);
    if (at != std::string_view::npos && (at == 0 || text[at - 1] == '\n' || text[at - 1] == ' ')) {
      return true;
    }
  }
  std::size_t lines = 0;
  std::size_t like = 0;
  while (!text.empty() && lines < 500) {
    std::string_view line = trim(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    if (line.empty()) {
      continue;
    }
    ++lines;
    bool dated = line.size() > 10 && line.substr(0, 3) == "202";
    bool dated_later = line.size() > 8 && (line[0] == '[' || (line[0] >= '0' && line[0] <= '9')) &&
                       line.substr(0, 24).find(':') != std::string_view::npos;
    // klog: "W0823 09:06:33.579107"
    bool klog = line.size() > 20 && std::string_view("IWEF").find(line[0]) != std::string_view::npos &&
                line.substr(1, 4).find_first_not_of("0123456789") == std::string_view::npos && line[5] == ' ';
    bool structured =
        line.starts_with("{\"") &&
        (line.find("\"msg\"") != std::string_view::npos || line.find("\"message\"") != std::string_view::npos ||
         line.find("\"level\"") != std::string_view::npos || line.find("\"time\"") != std::string_view::npos);
    bool frame = klog || structured || line.starts_with("at ") || line.starts_with("File \"");
    bool marked = std::any_of(std::begin(marks), std::end(marks),
                              [&](std::string_view mark) { return line.find(mark) != std::string_view::npos; });
    like += dated || dated_later || frame || marked ? 1 : 0;
  }
  return lines > 0 && like * 2 >= lines;
}

}  // namespace

Pasted read_paste(std::string_view text, Time fallback_now) {
  Assembly assembly;
  Reader(text).read(assembly);
  return assembly.finish(fallback_now);
}

}  // namespace podcheck::cluster::paste
