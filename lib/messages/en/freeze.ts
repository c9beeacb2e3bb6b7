/** A freeze, in blockers, notifications and the audit. `scope` is "every" or "one" application. */
export const freeze = {
  stopped:
    "{scope, select, every {Deployments of every application} other {Deployments}} are frozen by {by} until it is lifted: {reason}",
  stoppedUntil:
    "{scope, select, every {Deployments of every application} other {Deployments}} are frozen by {by} until {until}: {reason}",
  waitOrLift: "Wait until then, or ask an admin to lift it; rollback and abort stay possible",
} as const;
