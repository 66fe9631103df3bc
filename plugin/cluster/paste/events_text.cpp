#include "cluster/paste/events_text.hpp"

#include <algorithm>
#include <charconv>

#include "cluster/resource.hpp"
#include "cluster/time.hpp"

namespace podcheck::cluster::paste {

namespace {

using Words = std::vector<std::string_view>;

bool is_type(std::string_view word) {
  return word == "Normal" || word == "Warning";
}

bool is_age(std::string_view word) {
  return word == "<unknown>" || word == "<invalid>" || parse_age(word).has_value();
}

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

std::int64_t number(std::string_view text) {
  std::int64_t value = 1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_reason(std::string_view word) {
  return !word.empty() && word.front() >= 'A' && word.front() <= 'Z' &&
         std::all_of(word.begin(), word.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

// The rest of the line from a word on.
std::string_view rest_from(std::string_view text, std::string_view word) {
  return text.substr(static_cast<std::size_t>(word.data() - text.data()));
}

std::string_view after(std::string_view text, std::string_view word) {
  std::size_t end = static_cast<std::size_t>(word.data() - text.data()) + word.size();
  return trim(text.substr(std::min(end, text.size())));
}

// Sources begin with a small letter and have no quotes and colons; messages seldom do.
bool is_component(std::string_view word) {
  return !word.empty() && word.front() >= 'a' && word.front() <= 'z' &&
         word.find_first_of("\"':(){}=") == std::string_view::npos && word != "pod" && word != "container";
}

const char* usual_component(std::string_view reason) {
  return reason == "FailedScheduling" || reason == "Scheduled" ? "default-scheduler"
         : reason == "FailedCreate"                            ? "replicaset-controller"
         : reason == "FailedAttachVolume"                      ? "attachdetach-controller"
                                                               : "kubelet";
}

// A known source that may be two words: "kubelet, node-1", "default-scheduler", "{kubelet node-1}".
std::string_view take_source(std::string_view text, EventText& event) {
  if (text.starts_with('{')) {
    std::size_t close = text.find('}');
    if (close == std::string_view::npos) {
      return text;
    }
    Words inside = words(text.substr(1, close - 1));
    event.component = inside.empty() ? "" : std::string(inside[0]);
    event.host = inside.size() > 1 ? std::string(inside[1]) : "";
    return trim(text.substr(close + 1));
  }
  std::size_t gap = text.find("  ");
  std::size_t end = text.find(' ');
  if (end == std::string_view::npos) {
    event.component = text;
    return {};
  }
  std::string_view component = text.substr(0, end);
  if (!is_component(component)) {
    return text;  // the column is empty, or was cut out
  }
  if (component.ends_with(',')) {
    // "kubelet, node-1" with one blank between, then two blanks (or one, when the columns were squeezed).
    event.component = component.substr(0, component.size() - 1);
    std::string_view rest = trim(text.substr(end));
    std::size_t host_end = rest.find(' ');
    event.host = rest.substr(0, host_end);
    return host_end == std::string_view::npos ? std::string_view() : trim(rest.substr(host_end));
  }
  event.component = component;
  // "kubelet node-1  message" of some tables: a host only when a wide gap follows it.
  if (gap != std::string_view::npos && gap > end) {
    std::string_view host = text.substr(end + 1, gap - end - 1);
    bool plausible =
        is_name(host) && (host.find('-') != std::string_view::npos || host.find('.') != std::string_view::npos);
    if (plausible && host.find(' ') == std::string_view::npos) {
      event.host = host;
      return trim(text.substr(gap));
    }
  }
  return trim(text.substr(end));
}

void take_message(std::string_view text, EventText& event) {
  if (text.starts_with("spec.")) {
    std::size_t close = text.find('}');
    if (close != std::string_view::npos && text.substr(0, close).find(' ') == std::string_view::npos) {
      event.field_path = text.substr(0, close + 1);
      text.remove_prefix(close + 1);
      if (text.starts_with(':')) {
        text.remove_prefix(1);
      }
      text = trim(text);
    }
  }
  event.message = text;
}

// "3m", or "3m (x5 over 10m)"; returns what follows.
std::string_view take_age(std::string_view text, const Words& parts, std::size_t at, EventText& event) {
  event.last = parse_age(parts[at]);
  event.first = event.last;
  if (at + 3 < parts.size() && parts[at + 1].starts_with("(x") && parts[at + 2] == "over") {
    event.count = number(parts[at + 1].substr(2));
    std::string_view first = parts[at + 3];
    event.first = parse_age(first.substr(0, first.size() - (first.ends_with(')') ? 1 : 0)));
    return after(text, parts[at + 3]);
  }
  return after(text, parts[at]);
}

// "Type  Reason  Age  From  Message" (1.9 and later)
std::optional<EventText> describe_row(std::string_view text) {
  Words parts = words(text);
  if (parts.size() < 3 || !is_type(parts[0]) || !is_reason(parts[1]) || !is_age(parts[2])) {
    return std::nullopt;
  }
  EventText event;
  event.type = parts[0];
  event.reason = parts[1];
  std::string_view rest = take_age(text, parts, 2, event);
  take_message(take_source(rest, event), event);
  if (event.component.empty()) {
    event.component = usual_component(event.reason);
  }
  return event;
}

// "FirstSeen  LastSeen  Count  From  SubObjectPath  Type  Reason  Message" (to 1.8)
std::optional<EventText> old_describe_row(std::string_view text) {
  Words parts = words(text);
  if (parts.size() < 6 || !is_age(parts[0]) || !is_age(parts[1]) || !is_number(parts[2])) {
    return std::nullopt;
  }
  auto type = std::find_if(parts.begin() + 3, parts.end(), is_type);
  if (type == parts.end() || type + 1 == parts.end()) {
    return std::nullopt;
  }
  EventText event;
  event.first = parse_age(parts[0]);
  event.last = parse_age(parts[1]);
  event.count = number(parts[2]);
  event.type = *type;
  event.reason = *(type + 1);
  event.message = after(text, *(type + 1));
  std::string_view from = rest_from(text, parts[3]);
  from = trim(from.substr(0, static_cast<std::size_t>(type->data() - from.data())));
  std::string_view path = take_source(from, event);
  std::size_t spec = path.find("spec.");
  if (spec != std::string_view::npos) {
    event.field_path = trim(path.substr(spec));
  }
  return event;
}

void set_object(EventText& event, std::string_view object) {
  std::size_t slash = object.find('/');
  event.kind = object.substr(0, slash);
  event.name = slash == std::string_view::npos ? std::string_view() : object.substr(slash + 1);
}

// "[NAMESPACE]  LAST SEEN  TYPE  REASON  OBJECT  [SUBOBJECT  SOURCE]  MESSAGE  [FIRST SEEN  COUNT  NAME]" (1.14 and
// later)
std::optional<EventText> listed_row(std::string_view text, bool wide) {
  Words parts = words(text);
  for (std::size_t at = 0; at < 2 && at + 3 < parts.size(); ++at) {
    if (!is_age(parts[at]) || !is_type(parts[at + 1]) || !is_reason(parts[at + 2]) ||
        parts[at + 3].find('/') == std::string_view::npos) {
      continue;
    }
    EventText event;
    event.namespace_ = at == 1 ? std::string(parts[0]) : "";
    event.last = parse_age(parts[at]);
    event.first = event.last;
    event.type = parts[at + 1];
    event.reason = parts[at + 2];
    set_object(event, parts[at + 3]);
    std::string_view rest = after(text, parts[at + 3]);
    if (wide) {
      if (rest.starts_with("spec.")) {
        std::size_t close = std::min(rest.find('}'), rest.size() - 1);
        event.field_path = rest.substr(0, close + 1);
        rest = trim(rest.substr(close + 1));
      }
      rest = take_source(rest, event);
      Words tail = cells(rest);
      if (tail.size() >= 4 && is_number(tail[tail.size() - 2]) && is_age(tail[tail.size() - 3])) {
        event.count = number(tail[tail.size() - 2]);
        event.first = parse_age(tail[tail.size() - 3]);
        rest = trim(rest.substr(0, static_cast<std::size_t>(tail[tail.size() - 3].data() - rest.data())));
      }
    }
    take_message(rest, event);
    return event;
  }
  return std::nullopt;
}

// "[NAMESPACE]  LAST SEEN  FIRST SEEN  COUNT  NAME  KIND  [SUBOBJECT]  TYPE  REASON  SOURCE  MESSAGE" (to 1.13)
std::optional<EventText> old_listed_row(std::string_view text) {
  Words parts = words(text);
  for (std::size_t at = 0; at < 2 && at + 7 < parts.size(); ++at) {
    if (!is_age(parts[at]) || !is_age(parts[at + 1]) || !is_number(parts[at + 2])) {
      continue;
    }
    const Resource* kind = resource_of_kind(parts[at + 4]);
    if (kind == nullptr) {
      continue;
    }
    auto type = std::find_if(parts.begin() + static_cast<std::ptrdiff_t>(at) + 5, parts.end(), is_type);
    if (type == parts.end() || type + 1 == parts.end()) {
      continue;
    }
    EventText event;
    event.namespace_ = at == 1 ? std::string(parts[0]) : "";
    event.last = parse_age(parts[at]);
    event.first = parse_age(parts[at + 1]);
    event.count = number(parts[at + 2]);
    // The event's own name is the object's with a hexadecimal time behind the last dot.
    std::string_view name = parts[at + 3];
    std::size_t dot = name.rfind('.');
    event.name = name.substr(0, dot);
    event.kind = parts[at + 4];
    if (parts[at + 5].starts_with("spec.")) {
      event.field_path = parts[at + 5];
    }
    event.type = *type;
    event.reason = *(type + 1);
    std::string_view rest = after(text, *(type + 1));
    take_message(take_source(rest, event), event);
    return event;
  }
  return std::nullopt;
}

// "Type  Reason  Message", as documents shorten the table; only below a header.
std::optional<EventText> short_row(std::string_view text) {
  Words parts = words(text);
  if (parts.size() < 3 || !is_type(parts[0]) || !is_reason(parts[1])) {
    return std::nullopt;
  }
  EventText event;
  event.type = parts[0];
  event.reason = parts[1];
  event.component = usual_component(parts[1]);
  take_message(after(text, parts[1]), event);
  return event;
}

// "Warning FailedMount: MountVolume.SetUp failed …", where the columns between have been cut out.
std::optional<EventText> bare_row(std::string_view text) {
  Words parts = words(text);
  if (parts.size() < 4 || parts[0] != "Warning") {
    return std::nullopt;
  }
  std::string_view reason = parts[1].substr(0, parts[1].size() - (parts[1].ends_with(':') ? 1 : 0));
  constexpr std::string_view known[] = {"BackOff",
                                        "ErrImageNeverPull",
                                        "Evicted",
                                        "Failed",
                                        "FailedAttachVolume",
                                        "FailedCreatePodSandBox",
                                        "FailedCreate",
                                        "FailedMount",
                                        "FailedScheduling",
                                        "FailedPostStartHook",
                                        "InspectFailed",
                                        "Unhealthy",
                                        "NetworkNotReady",
                                        "FailedBinding",
                                        "ProvisioningFailed"};
  if (std::find(std::begin(known), std::end(known), reason) == std::end(known)) {
    return std::nullopt;
  }
  EventText event;
  event.type = parts[0];
  event.reason = reason;
  event.component = usual_component(reason);
  take_message(after(text, parts[1]), event);
  return event;
}

// What a page's marks leave around a row: backticks, stars, underscores, a list's dash, the bar of a frame.
std::string without_marks(std::string_view text) {
  constexpr std::string_view marks = "`*_-|\xE2\x94\x82 ";
  std::string out;
  while (!text.empty() && marks.find(text.front()) != std::string_view::npos) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == '`' || text.back() == '*' || text.back() == ' ' || text.back() == '_')) {
    text.remove_suffix(1);
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "**") {
      ++i;
      continue;
    }
    out += text[i];
  }
  return out;
}

std::optional<EventText> plain_row(std::string_view text, bool wide) {
  for (auto read : {describe_row, old_listed_row, old_describe_row}) {
    if (std::optional<EventText> event = read(text)) {
      return event;
    }
  }
  if (std::optional<EventText> event = listed_row(text, wide)) {
    return event;
  }
  return bare_row(text);
}

std::optional<EventText> any_row(std::string_view text, bool wide) {
  if (std::optional<EventText> event = plain_row(text, wide)) {
    return event;
  }
  std::string plain = without_marks(text);
  return plain == text ? std::nullopt : plain_row(plain, wide);
}

// A line that can only be something else than the rest of a message.
bool begins_something_else(const Line& line) {
  if (line.fence || line.text.empty()) {
    return true;
  }
  std::optional<KeyValue> pair = key_value(line.text);
  return pair && (pair->key == "Name" || pair->key == "Events" || pair->key == "apiVersion");
}

}  // namespace

bool is_event_header(std::string_view text) {
  Words parts = words(text);
  auto has = [&](std::string_view word) { return std::find(parts.begin(), parts.end(), word) != parts.end(); };
  // A table of conditions has Type, Reason and Message too, with other columns between them.
  bool described =
      has("Message") && has("Reason") && has("Type") && (has("From") || (parts[0] == "Type" && parts[1] == "Reason"));
  bool listed = has("TYPE") && has("REASON") && has("MESSAGE");
  return parts.size() >= 3 && (described || listed);
}

bool is_event_row(std::string_view text) {
  return any_row(text, false).has_value();
}

std::size_t read_events(std::string_view header, std::span<const Line> lines, std::vector<EventText>& events) {
  bool wide = header.find("SOURCE") != std::string_view::npos && header.find("OBJECT") != std::string_view::npos &&
              header.find("COUNT") != std::string_view::npos;
  std::size_t longest = 0;
  for (const Line& line : lines.subspan(0, std::min<std::size_t>(lines.size(), 200))) {
    longest = std::max(longest, line.indent + line.text.size());
  }
  std::size_t taken = 0;
  bool below_header = !header.empty();
  bool open = false;
  std::size_t previous_length = 0;
  for (const Line& line : lines) {
    std::string_view text = line.text;
    if (text.starts_with("---") || text.starts_with("===") || is_event_header(text)) {
      ++taken;
      below_header = true;
      continue;
    }
    std::optional<EventText> event = any_row(text, wide);
    if (!event && below_header) {
      event = short_row(text);
    }
    if (event) {
      events.push_back(std::move(*event));
      open = true;
    } else if (!open || begins_something_else(line) || events.back().message.size() > 8192) {
      break;
    } else {
      // A terminal cuts at its width, in the middle of a word; mail programs cut at blanks.
      bool cut_in_word = previous_length + 1 >= longest && longest > 60 && line.indent == 0;
      events.back().message += (cut_in_word || events.back().message.empty() ? "" : " ") + std::string(text);
    }
    previous_length = line.indent + line.text.size();
    ++taken;
  }
  return taken;
}

}  // namespace podcheck::cluster::paste
