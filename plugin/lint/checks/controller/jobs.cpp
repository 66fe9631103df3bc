// Jobs and CronJobs.
#include "kube/cron.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

// A fixed day to count from: schedules repeat, and the answer must not depend on when lint runs.
kube::Time reference_day() {
  return kube::Time{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};
}

Node schedule_of(const Place& place) {
  return place.object->object.kind == "CronJob" && place.object->object.group == "batch"
             ? place.object->object.root["spec"]["schedule"]
             : Node();
}

}  // namespace

void check_cronjob_schedule_impossible(const Place& place, Reporter& reporter) {
  const Node schedule = schedule_of(place);
  const auto parsed = kube::parse_cron(schedule.string());
  if (!schedule || !parsed || parsed->next(reference_day()))
    return;
  Hit hit;
  hit.at = schedule;
  hit.values = {{"schedule", std::string(schedule.string())}};
  reporter.report(std::move(hit));
}

void check_cronjob_deadline_too_small(const Place& place, Reporter& reporter) {
  if (!schedule_of(place))
    return;
  const Node deadline = place.object->object.root["spec"]["startingDeadlineSeconds"];
  constexpr std::int64_t controller_period = 10;
  if (!deadline.integer() || *deadline.integer() < 0 || *deadline.integer() >= controller_period)
    return;
  Hit hit;
  hit.at = deadline;
  hit.values = {{"seconds", deadline.text()}};
  if (!deadline.shared())
    hit.changes.push_back({Hit::Change::Kind::replace_value, deadline, {}, "60"});
  reporter.report(std::move(hit));
}

void check_cronjob_concurrency(const Place& place, Reporter& reporter) {
  const Node schedule = schedule_of(place);
  const Node spec = place.object->object.root["spec"];
  if (!schedule || spec["concurrencyPolicy"].string("Allow") != "Allow" || spec["suspend"].boolean().value_or(false))
    return;
  const Node job = spec["jobTemplate"]["spec"];
  const Node deadline =
      job["activeDeadlineSeconds"] ? job["activeDeadlineSeconds"] : job["template"]["spec"]["activeDeadlineSeconds"];
  const auto parsed = kube::parse_cron(schedule.string());
  if (!deadline.integer() || !parsed)
    return;
  const auto interval = parsed->shortest_interval(reference_day());
  if (!interval || interval->count() >= *deadline.integer())
    return;
  Hit hit;
  hit.at = schedule;
  hit.values = {{"interval", std::to_string(interval->count())}, {"deadline", deadline.text()}};
  hit.related.push_back({deadline, "deadline", nullptr, hit.values});
  reporter.report(std::move(hit));
}

void check_job_no_limits(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (!kube::runs_to_completion(object) || is_hook(object))
    return;
  const Node job = object.kind == "CronJob" ? object.root["spec"]["jobTemplate"]["spec"] : object.root["spec"];
  if (!job || job["activeDeadlineSeconds"] || job["template"]["spec"]["activeDeadlineSeconds"])
    return;
  Hit hit;
  hit.at = job;
  hit.absent = "activeDeadlineSeconds";
  hit.values = {{"workload", title(*place.object)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
