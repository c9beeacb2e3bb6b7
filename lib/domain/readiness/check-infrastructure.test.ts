import { expect, test } from "vitest";
import { checkInfrastructure } from "./check-infrastructure.ts";
import type { InfrastructureFact, MayFact } from "./role-facts.ts";

const ARN = "arn:aws:iam::123456789012:role/ecs-infrastructure";
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/orders/0a/0b";
const RULE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/orders/0a/0b/0c";
const GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders-blue/0d";

function may(action: string, resource: string, more: Partial<MayFact> = {}): MayFact {
  return { action: `elasticloadbalancing:${action}`, resource, isAllowed: true, needsContext: false, ...more };
}
const no = { isAllowed: false };
const ALL = [may("RegisterTargets", GROUP), may("ModifyRule", RULE), may("ModifyListener", LISTENER)];
const seen = <T>(value: T) => ({ state: "seen" as const, value });
const trusting = (...trusts: string[]) => seen({ arn: ARN, trusts });
const fact = (changes: Partial<InfrastructureFact> = {}): InfrastructureFact => ({
  arn: ARN,
  role: trusting("ecs.amazonaws.com"),
  may: seen(ALL),
  ...changes,
});

test.each<[string, InfrastructureFact, string, RegExp]>([
  ["all of it", fact(), "pass", /can assume/],
  ["no such role", fact({ role: seen(null) }), "fail", /does not exist/],
  ["a role of tasks", fact({ role: trusting("ecs-tasks.amazonaws.com") }), "fail", /not ecs\.amazonaws\.com/],
  ["a trust that is not read", fact({ role: trusting() }), "unknown", /does not say/],
  ["GetRole denied", fact({ role: { state: "denied", permission: "iam:GetRole" } }), "unknown", /denied iam:GetRole/],
  ["simulation denied", fact({ may: { state: "denied", permission: "iam:Simulate" } }), "unknown", /denied iam:Sim/],
  ["no targets", fact({ may: seen([may("RegisterTargets", GROUP, no), ...ALL.slice(1)]) }), "fail", /RegisterTargets/],
  [
    "by its rule alone",
    fact({ may: seen([may("ModifyRule", RULE), may("ModifyListener", LISTENER, no)]) }),
    "pass",
    /may move/,
  ],
  [
    "by its listener alone",
    fact({ may: seen([may("ModifyRule", RULE, no), may("ModifyListener", LISTENER)]) }),
    "pass",
    /may move/,
  ],
  [
    "by neither",
    fact({ may: seen([may("ModifyRule", RULE, no), may("ModifyListener", LISTENER, no)]) }),
    "fail",
    /ModifyRule/,
  ],
  ["a listener alone", fact({ may: seen([may("ModifyListener", LISTENER, no)]) }), "fail", /ModifyListener/],
  [
    "under a condition",
    fact({ may: seen([may("ModifyRule", RULE, { ...no, needsContext: true }), may("ModifyListener", LISTENER, no)]) }),
    "unknown",
    /depends on conditions/,
  ],
])("ECS's infrastructure role: %s", (_what, given, outcome, words) => {
  expect(checkInfrastructure(given)).toEqual([
    expect.objectContaining({ outcome, evidence: expect.stringMatching(words) }),
  ]);
});
