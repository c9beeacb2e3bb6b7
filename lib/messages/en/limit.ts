/** What happens by itself at the end of what a deployment does now, before "at 12:41". */
export const limit = {
  stopsAsIs: "stops as things are",
  givesUpTurning: "gives up the rollback",
  stopsWith: "stops, with {to} as it is",
  stopsPutsBack: "stops and puts {to} back",
  stopsTestBack: "stops and puts the test listener back",
  stopsStaysLive: "stops, and {from} stays live",
  asSwitched: "goes on as switched, not verified",
  endsWarm: "succeeds, and {from} stays warm",
  endsAwsStops: "succeeds, and AWS stops {from}",
  rollsBackStays: "rolls back: {from} stays live",
  goesOnWithout: "goes on to {to} without an approval",
  movesAll: "moves all traffic to {to}",
  movesShare: "moves {percent} % to {to}",
  rollsBackTo: "rolls back to {from}",
  stops: "stops",
} as const;
