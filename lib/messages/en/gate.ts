/** AWS's gate: what its button does, and what AWS does when nobody answers. */
export const gate = {
  closeWindow: "Close the window",
  letScaleUp: "Let {driver} scale {to} up",
  letGoOn: "Let {driver} go on with {to}",
  letShiftStep: "Let {driver} shift the next step to {to}",
  letShiftAll: "Let {driver} shift all traffic to {to}",
  goesOn: "{driver} goes on, and {to} goes LIVE",
  rollsBack: "{driver} rolls back: {from} stays live",
  closesWindow: "{driver} closes the window: it bakes, then stops {from}",
  turnsBack: "{driver} rolls back: all traffic returns to {from}",
} as const;
