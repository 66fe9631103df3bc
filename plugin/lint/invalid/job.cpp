#include <algorithm>
#include <charconv>

#include "kube/cron.hpp"
#include "kube/names.hpp"
#include "kube/selector.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/time_zones.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "job-invalid";
constexpr std::int64_t most_indexed = 100000;
constexpr std::int64_t most_failed_of_many = 10000;
constexpr std::size_t most_rules = 20;
constexpr std::size_t most_exit_codes = 255;
constexpr std::size_t longest_cron_job_name = 52;

void at_most(Faults& faults, Node node, std::int64_t maximum, std::string_view of) {
  if (integer_or(node, 0) > maximum)
    faults.value(rule, "maximum", node, {{"maximum", std::to_string(maximum)}, {"of", std::string(of)}});
}

void too_many(Faults& faults, Node list, std::size_t maximum) {
  if (list.size() > maximum)
    faults.value(rule, "too-many", list,
                 {{"maximum", std::to_string(maximum)}, {"count", std::to_string(list.size())}});
}

void check_exit_codes(Faults& faults, Node codes, Node pod) {
  if (const Node name = get(codes, "containerName"); name.is_string()) {
    bool found = false;
    for (const char* list : {"containers", "initContainers"})
      for (const Node container : get(pod, list).items())
        found |= get(container, "name").string() == name.string();
    if (!found)
      faults.value(rule, "no-container", name);
  }
  const Node op = required(faults, rule, codes, "operator");
  choice(faults, rule, op, {"In", "NotIn"});
  const Node values = get(codes, "values");
  if (!values)
    faults.missing(rule, codes, "values");
  else if (values.is_sequence() && values.empty())
    faults.value(rule, "empty", values);
  too_many(faults, values, most_exit_codes);
  std::set<std::int64_t> seen;
  std::int64_t before = std::numeric_limits<std::int64_t>::min();
  bool ordered = true;
  for (const Node value : values.items()) {
    const std::int64_t code = integer_or(value, 1);
    if (op.string() == "In" && code == 0)
      faults.value(rule, "exit-code-zero", value);
    if (!seen.insert(code).second)
      faults.value(rule, "duplicate", value);
    ordered = ordered && code >= before;
    before = code;
  }
  if (!ordered)
    faults.value(rule, "unordered", values);
}

void check_failure_policy(Faults& faults, Node spec, Node pod) {
  const Node policy = get(spec, "podFailurePolicy");
  if (!policy.is_mapping())
    return;
  const Node restart = get(pod, "restartPolicy");
  if (restart.is_string() && restart.string() != "Never")
    faults.value(rule, "failure-policy-restart", restart);
  const Node rules = get(policy, "rules");
  too_many(faults, rules, most_rules);
  for (const Node item : rules.items()) {
    if (!is_struct(item))
      continue;
    const Node codes = get(item, "onExitCodes");
    const Node conditions = get(item, "onPodConditions");
    if (const Node action = required(faults, rule, item, "action")) {
      choice(faults, rule, action, {"Count", "FailIndex", "FailJob", "Ignore"});
      if (action.string() == "FailIndex" && !get(spec, "backoffLimitPerIndex"))
        only_with(faults, rule, action, "backoffLimitPerIndex");
    }
    if (codes && !conditions.empty())
      not_with(faults, rule, conditions, "onExitCodes");
    if (!codes && conditions.empty())
      faults.value(rule, "one-of", item, {{"allowed", "onExitCodes, onPodConditions"}});
    if (codes.is_mapping())
      check_exit_codes(faults, codes, pod);
    too_many(faults, conditions, most_rules);
    for (const Node condition : conditions.items()) {
      if (!is_struct(condition))
        continue;
      if (const Node type = required(faults, rule, condition, "type"))
        qualified_name(faults, rule, type);
      choice(faults, rule, get(condition, "status"), {"False", "True", "Unknown"});
    }
  }
}

// "1,3-5": how many indexes; nothing when malformed or beyond `completions`.
std::optional<std::int64_t> count_indexes(std::string_view text, std::int64_t completions) {
  std::int64_t count = 0, last = -1;
  const auto index = [&](std::string_view part) -> std::optional<std::int64_t> {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size() || part.empty() || value >= completions || value < 0)
      return std::nullopt;
    return value;
  };
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const std::size_t dash = part.find('-');
    const auto first = index(part.substr(0, dash));
    const auto second = dash == std::string_view::npos ? first : index(part.substr(dash + 1));
    if (!first || !second || *first <= last || *second < *first ||
        (dash != std::string_view::npos && *second == *first))
      return std::nullopt;
    count += *second - *first + 1;
    last = *second;
    begin = end + 1;
  }
  return count;
}

void check_success_policy(Faults& faults, Node spec, bool indexed) {
  const Node policy = get(spec, "successPolicy");
  if (!policy.is_mapping())
    return;
  if (!indexed)
    only_with(faults, rule, policy, "completionMode: Indexed");
  const Node rules = get(policy, "rules");
  if (!rules)
    faults.missing(rule, policy, "rules");
  else if (rules.is_sequence() && rules.empty())
    faults.value(rule, "empty", rules);
  too_many(faults, rules, most_rules);
  const Node completions = get(spec, "completions");
  const std::int64_t all = integer_or(completions, 0);
  for (const Node item : rules.items()) {
    if (!item.is_mapping() || !completions)
      continue;
    const Node count = get(item, "succeededCount");
    const Node indexes = get(item, "succeededIndexes");
    if (!count && !indexes)
      faults.value(rule, "one-of", item, {{"allowed", "succeededCount, succeededIndexes"}});
    at_least(faults, rule, count, 0);
    at_most(faults, count, all, "completions");
    if (!indexes.is_string())
      continue;
    const auto named = count_indexes(indexes.string(), all);
    if (!named)
      faults.value(rule, "indexes", indexes, {{"maximum", std::to_string(all - 1)}});
    else
      at_most(faults, count, *named, "succeededIndexes");
  }
}

void check_limits(Faults& faults, Node spec, bool indexed) {
  for (const char* key : {"parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                          "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"})
    at_least(faults, rule, get(spec, key), 0);
  const Node parallelism = get(spec, "parallelism");
  const Node completions = get(spec, "completions");
  const Node per_index = get(spec, "backoffLimitPerIndex");
  const Node failed = get(spec, "maxFailedIndexes");
  const Node mode = get(spec, "completionMode");
  choice(faults, rule, mode, {"Indexed", "NonIndexed"}, true);
  if (indexed) {
    if (!completions)
      faults.missing(rule, spec, "completions", "indexed-completions");
    if (integer_or(parallelism, 0) > most_indexed)
      faults.value(rule, "maximum", parallelism,
                   {{"maximum", std::to_string(most_indexed)}, {"of", "completionMode: Indexed"}});
    at_most(faults, failed, integer_or(completions, most_indexed), "completions");
    at_most(faults, failed, most_indexed, "completionMode: Indexed");
    if (integer_or(completions, 0) > most_indexed && per_index) {
      if (!failed)
        faults.missing(rule, spec, "maxFailedIndexes");
      at_most(faults, failed, most_failed_of_many, "completions > 100000");
      at_most(faults, parallelism, most_failed_of_many, "completions > 100000");
    }
  } else {
    for (const Node node : {per_index, failed})
      if (node)
        only_with(faults, rule, node, "completionMode: Indexed");
  }
  if (failed && !per_index)
    faults.missing(rule, spec, "backoffLimitPerIndex", "with-max-failed-indexes");
}

void check_managed_by(Faults& faults, Node node) {
  if (!node.is_string())
    return;
  const std::size_t slash = node.string().find('/');
  const bool valid = slash != std::string_view::npos && slash + 1 < node.string().size() &&
                     kube::is_dns1123_subdomain(node.string().substr(0, slash)) && node.string().size() <= 63;
  if (!valid)
    faults.value(rule, "managed-by", node);
}

}  // namespace

void check_job_spec(Faults& faults, Node holder, Node spec) {
  if (spec && !spec.is_mapping())
    return;
  const Node made = get(spec, "template");
  const Node pod = get(made, "spec");
  if ((made && !made.is_mapping()) || (pod && !pod.is_mapping()))
    return;
  const bool indexed = get(spec, "completionMode").string() == "Indexed";
  check_limits(faults, spec, indexed);
  check_failure_policy(faults, spec, pod);
  check_success_policy(faults, spec, indexed);
  const Node replacement = get(spec, "podReplacementPolicy");
  choice(faults, rule, replacement, {"Failed", "TerminatingOrFailed"}, true);
  if (replacement.string() == "TerminatingOrFailed" && get(spec, "podFailurePolicy"))
    not_with(faults, rule, replacement, "podFailurePolicy");
  check_managed_by(faults, get(spec, "managedBy"));

  const Node restart = get(pod, "restartPolicy");
  if (!pod)
    faults.missing("containers-missing",
                   made   ? made
                   : spec ? spec
                          : holder,
                   made   ? "spec.containers"
                   : spec ? "template.spec.containers"
                          : "spec.template.spec.containers");
  else
    check_pod(faults, get(made, "metadata"), pod, false);
  labels(faults, get(get(made, "metadata"), "labels"));
  annotations(faults, get(get(made, "metadata"), "annotations"));
  if (pod && string_or(restart, "").empty() && !(restart && !restart.is_string())) {
    if (restart)
      faults.value("restart-policy-invalid", "job", restart);
    else
      faults.missing("restart-policy-invalid", pod, "restartPolicy", "job-missing");
  } else if (restart.string() == "Always") {
    faults.value("restart-policy-invalid", "job", restart);
  }
}

void check_job(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  const Node metadata = get(object, "metadata");
  const Node name = get(metadata, "name");
  check_job_spec(faults, object, spec);
  if (!spec.is_mapping())
    return;
  const Node selector = get(spec, "selector");
  const Node labels = get(get(get(spec, "template"), "metadata"), "labels");
  const bool manual = is_true(get(spec, "manualSelector"));
  if (selector.is_mapping() || !selector) {
    const bool valid = label_selector(faults, "selector-invalid", selector);
    if (manual && !selector)
      faults.missing("selector-missing", spec, "selector", "", {{"kind", "Job"}});
    else if (valid && selector && !kube::matches(selector, labels) && !(selector.empty()))
      faults.value("selector-mismatch", "", labels ? labels : selector,
                   {{"selector", "spec.selector"}, {"labels", shown(labels)}});
  }
  if (manual)
    return;
  // The Job labels its pods with its name; a longer name is no label's value.
  if (name.string().size() > 63 && kube::is_dns1123_subdomain(name.string()))
    faults.value("name-invalid", "too-long", name,
                 {{"maximum", "63"}, {"length", std::to_string(name.string().size())}});
  for (const char* key : {"controller-uid", "batch.kubernetes.io/controller-uid"})
    if (const Node label = get(labels, key))
      faults.key(rule, "reserved-label", label);
  for (const char* key : {"job-name", "batch.kubernetes.io/job-name"})
    if (const Node label = get(labels, key); label.is_string() && label.string() != name.string())
      faults.key(rule, "reserved-label", label);
  const std::int64_t completions = integer_or(get(spec, "completions"), 0);
  if (get(spec, "completionMode").string() == "Indexed" && completions > 0 &&
      kube::is_dns1123_subdomain(name.string())) {
    const std::string last = std::string(name.string()) + "-" + std::to_string(completions - 1);
    if (!kube::is_dns1123_label(last))
      faults.value("name-invalid", "indexed-pod", name, {{"pod", last}});
  }
}

void check_cron_job(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  const Node name = get(get(object, "metadata"), "name");
  if (name.string().size() > longest_cron_job_name && kube::is_dns1123_subdomain(name.string()))
    faults.value("cronjob-name-too-long", "", name, {{"length", std::to_string(name.string().size())}});
  if (spec && !spec.is_mapping())
    return;
  if (!spec) {
    faults.missing("cronjob-schedule-invalid", object, "spec.schedule");
    return;
  }
  if (const Node schedule = required(faults, "cronjob-schedule-invalid", spec, "schedule"); schedule.is_string()) {
    kube::CronError error;
    const auto parsed = kube::parse_cron(schedule.string(), &error);
    if (schedule.string().find("TZ") != std::string_view::npos) {
      faults.value("cronjob-schedule-invalid", "time-zone", schedule);
    } else if (!parsed) {
      using Kind = kube::CronError::Kind;
      const bool field = !error.field.empty();
      const char* variant = error.kind == Kind::field_count ? "field-count"
                            : error.kind == Kind::empty     ? "empty"
                            : field                         ? "field"
                                                            : "";
      faults.value("cronjob-schedule-invalid", variant, schedule,
                   {{"field_name", error.field}, {"part", shown(error.text)}, {"count", std::to_string(error.count)}});
    }
  }
  if (const Node zone = get(spec, "timeZone"); zone.is_string() && !is_time_zone(zone.string()))
    faults.value("cronjob-schedule-invalid", "unknown-zone", zone);
  choice(faults, "cronjob-invalid", get(spec, "concurrencyPolicy"), {"Allow", "Forbid", "Replace"});
  for (const char* key : {"startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"})
    at_least(faults, "cronjob-invalid", get(spec, key), 0);
  const Node made = get(spec, "jobTemplate");
  if (made && !made.is_mapping())
    return;
  labels(faults, get(get(made, "metadata"), "labels"));
  annotations(faults, get(get(made, "metadata"), "annotations"));
  check_job_spec(faults, made ? made : spec, get(made, "spec"));
}

}  // namespace podcheck::lint::invalid
