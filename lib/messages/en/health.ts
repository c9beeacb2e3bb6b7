/** How targets do, in the middle of other sentences. */
export const health = {
  flaps: "{target} flaps: it turned unhealthy {falls} times within 15 min",
  is: "{target} is {state}",
  isBecause: "{target} is {state} ({reason})",
  healthyForOf: "healthy for {seconds} s of {needed} s",
  healthyFor: "healthy for {needed} s",
  allSick:
    "No target of {side} is healthy: the load balancer fails open and sends requests to all {targets} of them, sick as they are",
  takesAll: "{side} takes all traffic with {healthy} of {targets} targets healthy",
} as const;
