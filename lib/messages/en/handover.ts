/** What a handover says besides what the audit's rows say. */
export const handover = {
  ofDeployment: "Handover: deployment {id} of {application}",
  ofApplication: "Handover: {application}",
  intro:
    "Written {at} from the audit{span, select, none {} other { from {from} to {to}}}, {count, plural, one {# row} other {# rows}}{chain, select, none {} other {, {first} to {last} of its chain}}{cut, select, none {} other {; older rows were left out}}. Times are UTC.",
  inShort: "In short",
  happened: "What happened",
  notDone: "Refused or failed",
  nothing: "Nothing",
  askedFor: "{what}, asked for by {who} at {at}",
  ended: "{what}; ended {at}: {message}",
  lastMoved: "{what}; not ended here; last moved traffic {at}: {action}",
  notEnded: "{what}; not ended here",
  acted: "Acted: {people}",
  attempts: "{count, plural, one {# attempt} other {# attempts}} refused or failed",
  reason: "{what} (reason: {reason})",
} as const;
