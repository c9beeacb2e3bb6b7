/** A listener's default action, or a rule. `place` is "start" at a sentence's beginning. */
export const way = {
  default: "{place, select, start {The} other {the}} default action of {listener}",
  rule: "{place, select, start {Rule} other {rule}} {priority} ({takes}) of {listener}",
} as const;
