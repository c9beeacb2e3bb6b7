/** AWS's gate: what its button does, and what AWS does when nobody answers. */
export const gate = {
  closeWindow: "Close the window",
  letScaleUp: "Let {driver} scale {to} up",
  letGoOn: "Let {driver} go on with {to}",
  letShiftStep: "Let {driver} shift the next step to {to}",
  letShiftAll: "Let {driver} shift all traffic to {to}",
  goesLive: "{driver} goes on, and {to} goes LIVE",
  shiftsNext: "{driver} goes on, and the next step of traffic goes LIVE on {to}",
  stops: "{driver} stops it: {from} stays live",
  rollsBack: "{driver} rolls back: {from} stays live",
  bakesFirst: "{driver} closes the window: it bakes, then stops {from}",
  stopsOld: "{driver} closes the window: it stops {from}",
  turnsBack: "{driver} rolls back: all traffic returns to {from}",
} as const;
