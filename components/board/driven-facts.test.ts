import { describe, expect, it, test } from "vitest";
import { inWords } from "@/components/fixtures/in-words.ts";
import { deployment, NOW, snapshot } from "@/components/fixtures/snapshots.ts";
import { statusSaid } from "@/components/live/stage-words.ts";
import { CAPABILITIES } from "@/lib/domain/application/capabilities.ts";
import type { Deployment, FollowedGate } from "@/lib/domain/deployment/deployment.ts";
import { continueSaid, expirySaid } from "@/lib/domain/deployment/gate-words.ts";
import type { AwsDeployment } from "@/lib/domain/observation/aws-deployment.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { agreement } from "./agreement.ts";
import { choosePrimaryAction, offeredSwitch } from "./board-facts.ts";
import { awsWeights, isApart, startedOutside, switchSaid } from "./driven-facts.ts";
import { timelineOf } from "./timeline.ts";

const ARN = "arn:aws:ecs:x:1:service-deployment/main/orders/abc";
const AWS: AwsDeployment = {
  id: ARN,
  status: "IN_PROGRESS",
  stage: "POST_TEST_TRAFFIC_SHIFT",
  reason: null,
  to: "green",
  revision: null,
  requested: { production: 0, test: 100 },
  gates: [],
  createdAt: NOW,
  startedAt: NOW,
  finishedAt: null,
  bakeMinutes: 1,
  startedBy: null,
  rolledBackBy: null,
};

function gate(stage: FollowedGate["stage"], onExpiry: FollowedGate["onExpiry"] = "ROLLBACK"): FollowedGate {
  return { id: "ecs-pause-1", stage, expiresAt: NOW + 60_000, onExpiry };
}

function followed(stage: FollowedGate["stage"], changes: Partial<NonNullable<Deployment["aws"]>> = {}): Deployment {
  return deployment(stage, "AWAITING_ACTION", {
    aws: { id: ARN, sentAt: NOW, gate: gate(stage), answer: null, answered: [], ...changes },
  });
}

function driven(changes: Partial<ApplicationSnapshot> = {}): ApplicationSnapshot {
  return snapshot({
    name: "orders",
    controller: "ecs-native",
    capabilities: CAPABILITIES["ecs-native"],
    awsDeployment: AWS,
    ...changes,
  });
}

describe("the words of AWS's gates", () => {
  test.each<[FollowedGate["stage"], string]>([
    ["PRE_SCALE_UP", "Let ECS scale green up"],
    ["POST_SCALE_UP", "Let ECS go on with green"],
    ["POST_TEST_TRAFFIC_SHIFT", "Let ECS shift all traffic to green"],
    ["PRE_PRODUCTION_TRAFFIC_SHIFT", "Let ECS shift all traffic to green"],
    ["POST_PRODUCTION_TRAFFIC_SHIFT", "Close the window"],
  ])("at %s the button says: %s", (stage, words) => {
    expect(inWords(continueSaid({ stage }, { to: "green" }, "ECS"))).toBe(words);
    expect(inWords(switchSaid(driven({ deployment: followed(stage) }), "green"))).toBe(words);
  });

  it("does not promise all traffic where it moves in steps", () => {
    const rollout = { strategy: "CANARY", percent: 10, bakeMinutes: 2 } as const;
    const words = inWords(continueSaid({ stage: "PRE_PRODUCTION_TRAFFIC_SHIFT" }, { to: "green", rollout }, "ECS"));
    expect(words).toBe("Let ECS shift the next step to green");
  });

  test.each<[FollowedGate["stage"], FollowedGate["onExpiry"], string]>([
    ["POST_TEST_TRAFFIC_SHIFT", "ROLLBACK", "ECS rolls back: blue stays live"],
    ["POST_TEST_TRAFFIC_SHIFT", "CONTINUE", "ECS goes on, and green goes LIVE"],
    ["POST_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK", "ECS rolls back: all traffic returns to blue"],
    ["POST_PRODUCTION_TRAFFIC_SHIFT", "CONTINUE", "ECS closes the window: it bakes, then stops blue"],
  ])("unanswered at %s with %s: %s", (stage, onExpiry, words) => {
    expect(inWords(expirySaid(gate(stage, onExpiry), { from: "blue", to: "green" }, "ECS"))).toBe(words);
  });
});

test.each<[string, Partial<Deployment>, string]>([
  [
    "superseded",
    { status: "STOPPED", aws: { ...followedAws(), isSuperseded: true } },
    "superseded by another deployment",
  ],
  ["stopped", { status: "STOPPED" }, "stopped"],
  [
    "stopped with all traffic on the new side",
    { status: "STOPPED", aws: { ...followedAws(), left: "green" } },
    "stopped, green is live",
  ],
  [
    "failed in its shift",
    { status: "STOPPED", aws: { ...followedAws(), isFailed: true, left: "split" } },
    "failed, traffic is split",
  ],
  ["failed before its shift", { status: "STOPPED", aws: { ...followedAws(), isFailed: true } }, "failed"],
  ["rolled back", { status: "ROLLBACK_SUCCESSFUL" }, "rolled back"],
  ["failed", { status: "ROLLBACK_FAILED" }, "failed: AWS could not roll it back"],
])("%s has words of its own", (_, changes, words) => {
  expect(inEnglish(statusSaid({ ...followed("BAKE_TIME", { gate: null }), ...changes }))).toBe(words);
});

function followedAws() {
  return { id: ARN, sentAt: NOW, gate: null, answer: null, answered: [] };
}

describe("what is offered", () => {
  it("suggests no switch where AWS moves traffic within its own deployment only", () => {
    expect(choosePrimaryAction(driven())).toEqual({ verb: "deploy" });
    expect(offeredSwitch(driven())).toBeNull();
  });

  it("suggests the answer before the shift, and closing the window after it", () => {
    expect(choosePrimaryAction(driven({ deployment: followed("POST_TEST_TRAFFIC_SHIFT") }))).toEqual({
      verb: "switch",
      to: "green",
    });
    const held = driven({ deployment: followed("POST_PRODUCTION_TRAFFIC_SHIFT") });
    expect(choosePrimaryAction(held)).toEqual({ verb: "retire" });
  });

  it("says at which step a person is waited for", () => {
    const names = timelineOf(followed("POST_PRODUCTION_TRAFFIC_SHIFT")).map(({ name }) => inEnglish(name));
    expect(names).toContain("Held open: your answer");
  });
});

describe("what AWS says against what the rule holds", () => {
  const lagging = driven({ awsDeployment: { ...AWS, requested: { production: 100, test: null } } });
  const judge = (apartSince: number | null) => inWords(agreement(lagging, { tone: "unmeasured" }, NOW, apartSince));

  it("reads AWS's share of the new side as both sides' weights", () => {
    const canary = driven({ awsDeployment: { ...AWS, requested: { production: 12.5, test: null } } });
    expect(awsWeights(canary)?.weights).toEqual({ blue: 87.5, green: 12.5 });
    expect(awsWeights(driven({ awsDeployment: { ...AWS, requested: { production: null, test: null } } }))).toBeNull();
  });

  it("agrees where both say the same", () => {
    expect(isApart(driven())).toBe(false);
    expect(inWords(agreement(driven(), { tone: "done" }, NOW)).words).toBe("All three agree");
  });

  it("calls a lag of up to 15 s normal, and a longer one a disagreement", () => {
    for (const since of [null, NOW - 14_000, NOW - 15_000])
      expect(judge(since)).toMatchObject({ state: "moving", words: "ECS is behind" });
    expect(judge(NOW - 16_000)).toMatchObject({ state: "disagree", words: "They disagree" });
    expect(judge(NOW - 16_000).detail).toContain("ECS says blue 0, green 100");
  });
});

test.each<[string, string | null]>([
  ["Outside Switchyard", "Started outside Switchyard"],
  ["Outside Switchyard: terraform", "Started outside Switchyard, by terraform"],
  ["Outside Switchyard: pipeline 12: fix: login", "Started outside Switchyard, by pipeline 12: fix: login"],
])("who started it elsewhere: %s", (name, words) => {
  const actor = { id: "aws", name, via: "engine" } as const;
  expect(inWords(startedOutside({ ...followed("BAKE_TIME", { isForeign: true }), actor }))).toBe(words);
  expect(startedOutside({ ...followed("BAKE_TIME"), actor })).toBeNull();
});
