/** What an incident keeps in words: its title and the moments of its timeline. */
export const happened = {
  deployment:
    "{kind, select, RELEASE {Release} SWITCH {Switch} other {Rollback}} to {to}{version, select, none {} other { ({version})}}",
  ended:
    "{what} {how, select, STOPPED {was stopped} FAILED {failed} SUCCESSFUL {was made} ROLLBACK_SUCCESSFUL {was rolled back} ROLLBACK_FAILED {failed, and could not be rolled back} other {ended}}",
  tasks: "Task {task} of {side}{more, plural, =0 {} other { (and # more)}}: {why}",
  gate: "{what}: the gate of {stage} timed out. {how}",
  approvals:
    "{what}: {given} of {approvers} approvals came in time: {then, select, continued {it went on without} other {it ends, and traffic stays with {from}}}",
  retired: "{side, select, blue {Blue} other {Green}} was retired after the {what}",
  began: "{who} began the {what}",
  decided: "{who} {decision, select, approved {approved} other {rejected}} it",
  endedWell: "Ended well",
  endedAs: "Ended as {status}",
  emptied: "{side} was asked to run nothing",
  taskRan: "Task {task} ran",
  taskStopped: "Task {task} stopped: {why}",
  target: "Target {target} {state}: {why}",
  newError: "First line of a new error: {line}",
} as const;
