/** Which figure of the new side broke its bound. Shares and times come with their units. */
export const breach = {
  alarm: "The alarm {name} went off",
  alarmWhy: "The alarm {name} went off: {why}",
  taskExits: "{dead} tasks of {to} ended by themselves since the shift, and {allowed} are allowed",
  taskExitsWhy:
    "{dead} tasks of {to} ended by themselves since the shift, and {allowed} are allowed; the newest: {why}",
  noTarget: "{to} has no target left: the load balancer answers every request to it with 503",
  unhealthy: "{sick} of {targets} targets of {to} became unhealthy since the shift: {first}",
  errors:
    "{to} answered {share} of its requests with 5xx ({errors} of {requests}{own, plural, =0 {} other {, {own} of them by the load balancer itself}}), and {allowed} is allowed",
  errorsCompared:
    "{to} answered {share} of its requests with 5xx ({errors} of {requests}{own, plural, =0 {} other {, {own} of them by the load balancer itself}}); {other} had {oldShare} ({oldErrors} of {oldRequests}), and {allowed} is allowed",
  slow: "{to} takes {time} to answer (95th percentile of {requests} requests); {other} took {oldTime} (of {oldRequests}), and {allowed} is allowed",
  errorKinds:
    "{count, plural, one {# error kind is} other {# error kinds are}} only in {to}, or far more frequent there than in {other} (first {first}), and {allowed} {allowed, plural, one {is} other {are}} allowed",
} as const;
