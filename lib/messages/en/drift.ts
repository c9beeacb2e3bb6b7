/** What in AWS changed, and not by Switchyard. */
export const drift = {
  changed: "{what} at {at} UTC, not by Switchyard",
  countChanged: "{what} at {at} UTC, not by Switchyard (autoscaling does this as well)",
  listener: "What the switch moves was deleted and made anew: {from} became {to}",
  targetGroup: "{side, select, blue {Blue} other {Green}}'s target group was deleted and made anew: {from} became {to}",
  weights: "Weights changed from {from} to {to}",
  groupStickiness: "Stickiness between the target groups changed from {from} to {to}",
  taskDefinition: "{side, select, blue {Blue} other {Green}}'s task definition changed from {from} to {to}",
  desired: "{side, select, blue {Blue} other {Green}}'s desired count changed from {from} to {to}",
  stickiness: "Stickiness of {side}'s targets changed from {from} to {to}",
  deregistrationDelay: "{side, select, blue {Blue} other {Green}}'s deregistration delay changed from {from} to {to}",
  foreignTargets: "Targets in {side}'s group that belong to no task changed from {from} to {to}",
  missingTargets: "Targets of running tasks that are not in {side}'s group changed from {from} to {to}",
  noForward: "The listener does not forward to a target group",
  stranger: "The listener also forwards to {groups}, which is neither side",
  of: "{name}: {drift}",
  unread: "It has not been read yet",
} as const;
