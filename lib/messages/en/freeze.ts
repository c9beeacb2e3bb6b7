/** A freeze, in blockers, notifications and the audit. `scope` is "every" or "one" application. */
export const freeze = {
  stopped:
    "{scope, select, every {The line of every application} other {The line}} is stopped by {by} until it is lifted: {reason}",
  stoppedUntil:
    "{scope, select, every {The line of every application} other {The line}} is stopped by {by} until {until}: {reason}",
  waitOrLift: "Wait until then, or ask an admin to lift it; rollback and abort stay possible",
} as const;
