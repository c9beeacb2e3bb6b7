/** What happens at the end of a wait, to follow a time. */
export const wait = {
  stops: "this stops: {from} stays live",
  isScaledDown: "{side} is scaled down",
  noLongerKept: "{side} is no longer kept warm for you",
  elsewhere: "it is answered elsewhere",
  goesLive: "this goes LIVE on {to}",
  shiftsNext: "the next step of traffic goes LIVE on {to}",
  rollsBack: "this rolls back: {from} stays live",
  bakesFirst: "the window closes: {driver} bakes, then stops {from}",
  stopsOld: "the window closes: {driver} stops {from}",
  turnsBack: "this rolls back: all traffic returns to {from}",
  goesLiveWithout: "this goes LIVE on {to} without an approval",
} as const;
