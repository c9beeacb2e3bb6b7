/** Who may approve, how far it is, and what happens when nobody does. */
export const approval = {
  waitsForPeople:
    "The {kind, select, RELEASE {release} SWITCH {switch} other {rollback}} to {to} waits for people: {count}",
  goesOnWithLast: "It goes on by itself with the last approval",
  own: "{name} asked for this {kind, select, RELEASE {release} SWITCH {switch} other {rollback}} to {to}, so somebody else has to approve it",
  ownToken:
    "{token} asked for this {kind, select, RELEASE {release} SWITCH {switch} other {rollback}} to {to}, and {name} is behind it, so somebody else has to approve it",
  sendToAnother: "Send the link to another approver",
  onlyPeople: "Only people approve; {name} is a token",
  notCounted: "{name} is none of those whose approval counts here: {who}",
  sendToOne: "Send the link to one of them",
  rejected: "{by} rejected it at {at}; {from} stays live",
  rejectedBySomebody: "Somebody rejected it; {from} stays live",
  deployOnceGone: "Deploy anew once the reason is gone",
  limitGoesOn: "Its time limit ended at {at}; it goes on without an approval",
  limitStays: "Its time limit ended at {at}; {from} stays live",
  deployAnew: "Deploy anew",
  approvedAlready: "{names} approved it already: {count}",
  approvedGoesOn: "{names} approved it already: {count}, it goes on",
  notWaiting: "No deployment waits before its production shift",
  count: "{given} of {approvers} {approvers, plural, one {approval} other {approvals}}",
  "role.viewer": "viewers",
  "role.operator": "operators",
  "role.approver": "approvers",
  "role.admin": "admins",
  membersOf: "members of {groups}",
  goesOnWithout: "this goes on to {to} without an approval",
} as const;
