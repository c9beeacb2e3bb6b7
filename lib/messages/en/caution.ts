/** What a person should know before switching; none of it blocks. */
export const caution = {
  stickyGroups:
    "Target group stickiness is on: some clients stay on {side} until {time}. Turn it off in the forward action to move everybody at once",
  stickySessions: "Sticky sessions on {side} ({time}) do not follow: what they keep in memory is lost",
  inNoRule: "No rule names {group}, so its targets are not checked: put it into the forward action with weight 0",
  draining: "Requests that are open on {side} end there; once it is retired its targets drain for {time}",
  pinned:
    "Rule {priority} comes first and sends {takes} to {groups}, whatever is switched: give it the same weights, or delete it",
  elsewhere:
    "Rule {priority} ({takes}){more, plural, =0 { comes} other { and # more come}} first: those requests do not reach {side}",
  besides:
    "{side} gets requests without the load balancer, too, by {by}: no switch moves them, and a new version gets them as soon as it runs",
  movedTag: "Tag {tag} was moved: it names {now} now, and {side} runs {digest}",
} as const;
