/** A listener's default action, or a rule. `place` is "start" at a sentence's beginning. */
export const way = {
  default: "{place, select, start {The} other {the}} default action of {listener}",
  rule: "{place, select, start {Rule} other {rule}} {priority} ({takes}) of {listener}",
  /** Not to the side's own target group, but to another one that its tasks are registered with. */
  through: "{way} (through {groups})",
} as const;
