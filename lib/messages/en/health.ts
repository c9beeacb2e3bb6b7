/** How targets do, in the middle of other sentences. */
export const health = {
  flaps: "{target} flaps: it turned unhealthy {falls} times within 15 min",
  is: "{target} is {state}",
  isBecause: "{target} is {state} ({reason})",
} as const;
