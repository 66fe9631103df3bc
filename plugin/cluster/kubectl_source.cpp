#include "cluster/kubectl_source.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <thread>
#include <utility>

#include "cluster/event.hpp"
#include "cluster/event_keeper.hpp"
#include "cluster/kubectl_command.hpp"
#include "cluster/kubectl_error.hpp"
#include "cluster/list_reader.hpp"
#include "cluster/pull_secret.hpp"
#include "cluster/resource.hpp"
#include "cluster/secret_table.hpp"

namespace podcheck::cluster {

using document::Node;

namespace {

constexpr std::size_t max_full_pods = 2000;  // of one long list
constexpr std::size_t max_log_bytes = 8u << 20;

// An object's or a namespace's name may stand in a path and an argument list without being taken for more.
bool plain_name(std::string_view name) {
  return !name.starts_with('-') && !name.starts_with('.') && name.size() <= 253 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:") ==
             std::string_view::npos;
}

std::string first_words(std::string_view text) {
  std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) {
    return "";
  }
  text = text.substr(start, std::min<std::size_t>(text.find_first_of("\r\n", start) - start, 160));
  return std::string(text);
}

Failure failure_of(const Outcome& outcome) {
  switch (outcome.ending) {
    case Ending::exited: {
      Failure failure = classify_kubectl_error(outcome.error);
      if (failure.detail.empty()) {
        failure.detail = "kubectl: exit status " + std::to_string(outcome.code);
      }
      return failure;
    }
    case Ending::signalled:
      return {FailureKind::other, "kubectl: signal " + std::to_string(outcome.code)};
    case Ending::interrupted:
      return {FailureKind::other, "kubectl: interrupted"};
    case Ending::timed_out:
      return {FailureKind::timeout,
              outcome.error.empty() ? "kubectl: deadline exceeded" : classify_kubectl_error(outcome.error).detail};
    case Ending::too_large:
      return {FailureKind::garbage, "kubectl: more than " + std::to_string(outcome.output.size()) + " bytes"};
    case Ending::not_found:
      return {FailureKind::kubectl_missing, "kubectl: " + outcome.error};
    default:
      return {FailureKind::other, "kubectl: " + outcome.error};
  }
}

constexpr int max_retries = 2;

// The server was reached and is busy, or was not there for a moment.
bool is_passing(const Outcome& outcome) {
  if (outcome.ending != Ending::exited) {
    return false;
  }
  for (std::string_view sign :
       {"(TooManyRequests)", "(InternalError)", "(ServiceUnavailable)", "currently unable to handle the request",
        "connection reset by peer", "unexpected EOF", "http2: client connection lost", "etcdserver:", "(Timeout)"}) {
    if (outcome.error.find(sign) != std::string::npos) {
      return true;
    }
  }
  return false;
}

// A read that goes on over several commands: pages, and older API versions.
struct Reading {
  Query query;
  const Resource* resource = nullptr;
  std::string version;
  std::string_view older;
  std::string continue_token;
  Listing listing;
  bool long_list = false;
  std::size_t full_pods = max_full_pods;
  EventKeeper events;
  int restarts = 0;  // after a continue token had expired
  int retries = 0;   // of this page
  bool done = false;
};

class KubectlSource : public Source {
 public:
  KubectlSource(KubectlOptions options, std::unique_ptr<Runner> runner)
      : options_(std::move(options)), runner_(std::move(runner)), reading_(*runner_) {
    now_ = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  }

  Time now() const override {
    if (options_.now) {
      return *options_.now;
    }
    return now_;
  }
  bool partial(std::string_view) const override { return false; }
  bool lists_are_cheap() const override { return false; }
  bool covers(std::string_view namespace_) const override {
    return !options_.shard || namespace_.empty() || options_.shard->holds(namespace_);
  }

  std::string kubectl_prefix() const override {
    std::vector<std::string> words{"kubectl"};
    words.insert(words.end(), options_.flags.begin(), options_.flags.end());
    return shell_line(words);
  }

  Listing list(const Query& query) override {
    auto kept = kept_.find(query);
    if (kept == kept_.end()) {
      read({query}, {});
      kept = kept_.find(query);
    }
    Listing listing = std::move(kept->second);
    kept_.erase(kept);
    return listing;
  }

  Log log(const LogQuery& query) override {
    auto kept = kept_logs_.find(query);
    if (kept == kept_logs_.end()) {
      read({}, {query});
      kept = kept_logs_.find(query);
    }
    Log log = std::move(kept->second);
    kept_logs_.erase(kept);
    return log;
  }

  void prefetch(const std::vector<Query>& queries, const std::vector<LogQuery>& logs) override { read(queries, logs); }

  std::optional<std::vector<std::string>> pull_secret_hosts(std::string_view namespace_,
                                                            std::string_view name) override {
    if (!options_.inspect_pull_secrets || !plain_name(namespace_) || !plain_name(name) || name.empty()) {
      return std::nullopt;
    }
    auto known = hosts_.find({std::string(namespace_), std::string(name)});
    if (known != hosts_.end()) {
      return known->second;
    }
    Outcome outcome =
        reading_.run({command({"get", "--raw", rest_path(*find_resource("secrets"), namespace_, name)})}).front();
    std::optional<std::vector<std::string>> hosts;
    if (outcome.succeeded()) {
      hosts = registry_hosts_of_secret(outcome.output);
    }
    return hosts_[{std::string(namespace_), std::string(name)}] = hosts;
  }

 private:
  Command command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), options_.program);
    arguments.insert(arguments.end(), options_.flags.begin(), options_.flags.end());
    Command command;
    command.argv = std::move(arguments);
    command.deadline = options_.deadline;
    return command;
  }

  Command command_for(const Reading& reading) const {
    const Query& query = reading.query;
    if (query.resource == "secrets") {
      return command(secret_arguments(query.namespace_, query.name));
    }
    std::string path = rest_path(*reading.resource, query.namespace_, query.name, reading.version);
    std::string parameters;
    auto add = [&parameters](std::string_view name, const std::string& value) {
      parameters += (parameters.empty() ? "?" : "&") + std::string(name) + "=" + url_encode(value);
    };
    if (query.name.empty()) {
      add("limit", std::to_string(options_.page_size));
      if (!query.label_selector.empty()) {
        add("labelSelector", query.label_selector);
      }
      if (!query.field_selector.empty()) {
        add("fieldSelector", query.field_selector);
      }
      if (!reading.continue_token.empty()) {
        add("continue", reading.continue_token);
      }
    }
    return command({"get", "--raw", path + parameters});
  }

  Command command_for(const LogQuery& query) const {
    std::string path = rest_path(*find_resource("pods"), query.namespace_, query.pod) +
                       "/log?container=" + url_encode(query.container) +
                       "&tailLines=" + std::to_string(options_.logs.lines) +
                       "&limitBytes=" + std::to_string(max_log_bytes) + (query.previous ? "&previous=true" : "");
    Command asked = command({"get", "--raw", path});
    asked.max_output = 2 * max_log_bytes;  // of a server that does not know the limit
    return asked;
  }

  // Rounds of concurrent commands until every read has its last page.
  void read(const std::vector<Query>& queries, const std::vector<LogQuery>& logs) {
    std::deque<Reading> readings;
    for (const Query& query : queries) {
      Reading reading;
      reading.query = query;
      reading.resource = find_resource(query.resource);
      if (reading.resource == nullptr) {
        reading.listing.failure = {FailureKind::unsupported, query.resource};
        reading.done = true;
      } else if (!plain_name(query.namespace_) || !plain_name(query.name)) {
        reading.listing.failure = {FailureKind::not_found, ""};
        reading.done = true;
      } else {
        reading.version = reading.resource->api_version;
        reading.older = reading.resource->older_versions;
      }
      readings.push_back(std::move(reading));
    }
    std::vector<LogQuery> asked;
    for (const LogQuery& query : logs) {
      if (plain_name(query.namespace_) && plain_name(query.pod) && !query.pod.empty() && !query.namespace_.empty()) {
        asked.push_back(query);
      } else {
        kept_logs_[query].failure = {FailureKind::not_found, ""};
      }
    }
    for (bool first = true; first || std::any_of(readings.begin(), readings.end(), [](auto& r) { return !r.done; });
         first = false) {
      std::vector<Command> commands;
      std::vector<Reading*> active;
      for (Reading& reading : readings) {
        if (!reading.done) {
          active.push_back(&reading);
          commands.push_back(command_for(reading));
        }
      }
      if (first) {
        for (const LogQuery& query : asked) {
          commands.push_back(command_for(query));
        }
      }
      if (std::exchange(pause_, false)) {
        std::this_thread::sleep_for(options_.retry_pause);
      }
      std::vector<Outcome> outcomes = commands.empty() ? std::vector<Outcome>() : reading_.run(commands);
      for (std::size_t i = 0; i < active.size(); ++i) {
        take(*active[i], outcomes[i]);
        outcomes[i] = {};
      }
      for (std::size_t i = active.size(); i < outcomes.size(); ++i) {
        kept_logs_[asked[i - active.size()]] = log_of(outcomes[i]);
      }
    }
    if (options_.progress) {
      options_.progress("", 0);
    }
    for (Reading& reading : readings) {
      kept_[reading.query] = std::move(reading.listing);
    }
  }

  void take(Reading& reading, const Outcome& outcome) {
    reading.done = true;
    if (outcome.ending == Ending::not_run) {
      return;
    }
    if (!outcome.succeeded()) {
      Failure failure = failure_of(outcome);
      if (failure.kind == FailureKind::unsupported && !reading.older.empty() && reading.listing.items.empty()) {
        std::size_t space = reading.older.find(' ');
        reading.version = reading.older.substr(0, space);
        reading.older = space == std::string_view::npos ? std::string_view() : reading.older.substr(space + 1);
        reading.done = false;
        return;
      }
      // "The provided continue parameter is too old": start again, once.
      if (!reading.continue_token.empty() && failure.detail.find("continue") != std::string::npos &&
          reading.restarts++ == 0) {
        reading.listing.items.clear();
        reading.continue_token.clear();
        reading.full_pods = max_full_pods;
        reading.events = {};
        reading.done = false;
        return;
      }
      // A server that is busy or restarts answers again in a moment; a name that it does not know stays unknown.
      if (is_passing(outcome) && reading.retries++ < max_retries) {
        pause_ = true;
        reading.done = false;
        return;
      }
      reading.listing.failure = std::move(failure);
      return;
    }
    std::string error;
    bool readable = reading.query.resource == "secrets"
                        ? read_secrets(outcome.output, reading.query.namespace_, reading.query.name, trees_,
                                       reading.listing.items, error)
                        : read_page(reading, outcome.output, error);
    if (!readable) {
      // What looks like JSON is told by what is wrong with it, anything else by its first words.
      std::string words = first_words(outcome.output);
      bool json = words.starts_with('{') || words.starts_with('[');
      reading.listing.failure = {FailureKind::garbage, words.empty() || json ? "kubectl: " + error : words};
    }
    if (options_.progress) {
      options_.progress(reading.query.resource, reading.listing.items.size());
    }
  }

  bool read_page(Reading& reading, const std::string& json, std::string& error) {
    const std::string& resource = reading.query.resource;
    const document::Projection* large = large_list_projection(resource);
    std::string token;
    std::deque<std::unique_ptr<document::Tree>> page_trees;
    std::vector<Node> page;
    bool slim = large != nullptr && resource != "pods";
    if (!read_list(json, resource, slim ? nullptr_or(large, reading) : &full_projection(), page_trees, page, error,
                   &token)) {
      return false;
    }
    if (reading.query.name.empty() && !page.empty() && page.front()["metadata"]["name"].string().empty()) {
      error = "not a list of objects";
      return false;
    }
    reading.long_list = reading.long_list || !token.empty();
    if (options_.shard && reading.query.namespace_.empty() && reading.resource->namespaced && resource != "pods") {
      std::erase_if(page, [this](Node item) { return !options_.shard->holds(item["metadata"]["namespace"].string()); });
    }
    if ((reading.long_list || options_.shard) && resource == "pods" && reading.query.name.empty()) {
      keep_pods(page, reading.full_pods, trees_, reading.listing.items, options_.shard);
    } else if (reading.long_list && is_workload(resource)) {
      keep_workloads(page, trees_, reading.listing.items);
    } else if (reading.long_list && resource == "events") {
      note_time(resource, page);
      reading.events.keep(page, page_trees, trees_, reading.listing.items);
    } else if (!page.empty()) {
      reading.listing.items.insert(reading.listing.items.end(), page.begin(), page.end());
      std::move(page_trees.begin(), page_trees.end(), std::back_inserter(trees_));
    }
    note_time(resource, page);
    reading.retries = 0;
    reading.done = token.empty() || token == reading.continue_token;
    if (reading.done) {
      reading.listing.failure = reading.events.failure();
    }
    reading.continue_token = std::move(token);
    return true;
  }

  // Nodes and events are read whole until a list turns out to be long.
  static const document::Projection* nullptr_or(const document::Projection* large, const Reading& reading) {
    return reading.continue_token.empty() ? &full_projection() : large;
  }

  // A clock here that is behind the cluster's would make events lie in the future.
  void note_time(const std::string& resource, const std::vector<Node>& page) {
    if (resource == "events") {
      for (Node event : page) {
        now_ = std::max(now_, event_time(event).value_or(now_));
      }
    }
  }

  Log log_of(Outcome& outcome) const {
    Log log;
    if (outcome.ending == Ending::not_run) {
      return log;
    }
    if (!outcome.succeeded() && outcome.ending != Ending::too_large) {
      log.failure = failure_of(outcome);
    } else if (is_lost_log(outcome.output)) {
      log.failure = {FailureKind::not_found, first_words(outcome.output)};
    } else {
      bool cut = outcome.output.size() >= max_log_bytes;
      Tail tail = tail_of(std::move(outcome.output), options_.logs);
      log.text = std::move(tail.text);
      log.truncated = tail.truncated || cut;
    }
    return log;
  }

  KubectlOptions options_;
  std::unique_ptr<Runner> runner_;
  ReadingRunner reading_;
  Time now_;
  bool pause_ = false;  // before the next round: something is asked for again
  std::deque<std::unique_ptr<document::Tree>> trees_;
  std::map<Query, Listing> kept_;
  std::map<LogQuery, Log> kept_logs_;
  std::map<std::pair<std::string, std::string>, std::optional<std::vector<std::string>>> hosts_;
};

}  // namespace

std::string find_kubectl(const std::string& option) {
  if (!option.empty()) {
    return option;
  }
  const char* path = std::getenv("KUBECTL_PATH");
  return path != nullptr && *path != '\0' ? path : "kubectl";
}

std::unique_ptr<Source> open_kubectl(KubectlOptions options, std::unique_ptr<Runner> runner) {
  return std::make_unique<KubectlSource>(std::move(options), std::move(runner));
}

Outcome dry_run_create(const KubectlOptions& options, Runner& runner, const std::string& file,
                       const std::string& namespace_, const std::string& format) {
  Command command;
  command.argv = {options.program, "create", "-f", file};
  if (!namespace_.empty()) {
    command.argv.insert(command.argv.end(), {"-n", namespace_});
  }
  command.argv.insert(command.argv.end(), options.flags.begin(), options.flags.end());
  command.argv.insert(command.argv.end(), {"-o", format, "--dry-run=server"});
  command.deadline = options.deadline;
  return ReadingRunner(runner).run({command}).front();
}

std::optional<bool> can_i(const KubectlOptions& options, Runner& runner, const std::string& verb,
                          const std::string& resource, const std::string& namespace_) {
  Command command;
  command.argv = {options.program, "auth", "can-i", verb, resource};
  if (namespace_.empty()) {
    command.argv.emplace_back("--all-namespaces");
  } else {
    command.argv.insert(command.argv.end(), {"-n", namespace_});
  }
  command.argv.insert(command.argv.end(), options.flags.begin(), options.flags.end());
  command.deadline = options.deadline;
  Outcome outcome = ReadingRunner(runner).run({command}).front();
  std::string answer = first_words(outcome.output);
  if (answer.starts_with("yes")) {
    return true;
  }
  return answer.starts_with("no") ? std::optional<bool>(false) : std::nullopt;
}

}  // namespace podcheck::cluster
