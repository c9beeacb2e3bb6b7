/** What to look at first. `what` and `why` are sentences or AWS's own words. */
export const alarm = {
  drift: "Drift: {what}",
  nowhere:
    "{names} {count, plural, one {sends its} other {send their}} requests to no target group: neither side has a weight above 0",
  splitAlone: "Traffic is split (blue {blue}, green {green}) and no deployment is in flight",
  onSide: "On {side}, {what}",
  sickTargets: "{sick} of {targets} targets of {side} are unhealthy, first {first}",
  tooFewHealthy: "{healthy} of {desired} wanted targets are healthy while {side} is live",
  tasksStopped: "{count, plural, one {A task} other {{count} tasks}} of {side} stopped: {why}",
  noReason: "no reason given",
  rolloutFailed: "ECS's rollout of {side} failed",
  rolloutFailedWhy: "ECS's rollout of {side} failed: {why}",
  inNoRule: "{group} is in no rule, so its targets are never checked",
  source: "{source}: {what}",
  watched: "CloudWatch alarm {name}: {why}",
  wayBackLost: "The way back to {to} is not there once its tasks are gone: {why}",
  wayBackAtRisk: "The way back to {to} is at risk: {why}",
  noNewTask: "{live} can start no new task: {why}",
  imageDeleted: "the image of {version} was deleted from ECR",
  needsGone: "{version} needs {needs}, which AWS no longer has",
  definitionDeleted: "task definition {definition} was deleted",
  definitionIs: "task definition {definition} is {status}",
  imageUntagged: "the image of {version} has no tag any more, and lifecycle policies delete untagged images first",
  noTarget:
    "{state, select, live {{side} is live and has no target: every request is} other {{side} has weight {weight} and has no target: its requests are}} answered 503",
  noneHealthy:
    "{state, select, live {{side} is live} other {{side} has weight {weight}}} and none of its targets is healthy: its requests go to unhealthy ones",
  noTaskSoon:
    "{state, select, live {{side} is live and is asked to run 0 tasks: soon every request is} other {{side} has weight {weight} and is asked to run 0 tasks: soon its requests are}} answered 503",
  wayUnserved:
    "{ways} {count, plural, one {sends} other {send}} traffic to {side}, which has no target: {count, plural, one {its} other {their}} requests are answered 503",
  storeAway: "The database does not answer, so deployments may be missing or old",
  errorKindsUnknown: "Error kinds of {to} are not known: they block no switch and roll nothing back",
  errorKindsUnknownWhy: "Error kinds of {to} are not known, so they block no switch and roll nothing back: {why}",
  watchedMissing: "CloudWatch has no alarm of this name",
} as const;
