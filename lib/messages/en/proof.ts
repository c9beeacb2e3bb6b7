/** What shows, or does not yet, that requests followed a switch. */
export const proof = {
  proving: "Verifies the switch: {note}",
  unproven: "Switched, not verified: {note}",
  notYet: "Switched, not verified yet",
  later: "Verified later, by requests seen afterwards",
  noRequestLine: "no request line is configured to look for",
  noAnswer: "the logs gave no answer in time",
  looks: "looks for requests on both sides",
  nobodyLooked: "nobody looked for requests while the database was away",
  noneOnEither: "no request seen on either side",
  noneOn: "no request seen on {side} yet",
  unnamedStream:
    "{tasks, plural, one {a task of {side} writes} other {# tasks of {side} write}} to a log stream that cannot be named (set awslogs-stream-prefix), so its silence tells nothing",
  silent: "{side} has been silent for {silent} of {quiet} s",
  unlogged: "the load balancer counted {requests} requests on {side} since then that no log line shows",
  uncounted: "the load balancer counted no request on {side}, whatever its log shows",
} as const;
