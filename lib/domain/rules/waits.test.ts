import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deployment as begun, NOW } from "../../testing/facts.ts";
import { withStage } from "../deployment/change-stage.ts";
import type { Deployment, FollowedGate, Stage } from "../deployment/deployment.ts";
import { CONSEQUENCES, compareWaits, findWait, WAIT_KINDS, type Wait, windowWait } from "./waits.ts";

const MINUTE = 60_000;
const RULE = {
  approvers: 1,
  requesterMayApprove: false,
  from: { roles: ["approver" as const], addresses: [], claims: [] },
  timeLimitMinutes: 60,
};

function at(stage: Stage, changes: Partial<Deployment> = {}): Deployment {
  const deployment: Deployment = { ...begun(), status: "IN_PROGRESS", stage };
  return { ...withStage(deployment, stage, { status: "AWAITING_ACTION", startedAt: NOW }), ...changes };
}

function gated(
  stage: Stage,
  onExpiry: FollowedGate["onExpiry"],
  changes: Partial<Deployment> = {},
  id = "ecs-pause-1",
): Deployment {
  const gate = { id, stage, expiresAt: NOW + 30 * MINUTE, onExpiry };
  return at(stage, { aws: { id: "arn/1", sentAt: NOW, gate, answer: null, answered: [] }, ...changes });
}

const asked = (onTimeLimit: "ROLLBACK" | "CONTINUE", minutes: number): Partial<Deployment> => ({
  approval: { ...RULE, onTimeLimit, state: "waiting", given: 0, expiresAt: NOW + minutes * MINUTE, subject: null },
});

describe("what a deployment waits for, and what happens by itself", () => {
  const BEFORE = "POST_TEST_TRAFFIC_SHIFT";
  const AFTER = "POST_PRODUCTION_TRAFFIC_SHIFT";
  test.each<[string, Deployment, Pick<Wait, "kind" | "consequence" | "words"> & { minutes: number }]>([
    [
      "ECS's gate before the shift, then back",
      gated(BEFORE, "ROLLBACK"),
      { kind: "gate", minutes: 30, consequence: "ends", words: "this rolls back: blue stays live" },
    ],
    [
      "ECS's gate before the shift, then on",
      gated(BEFORE, "CONTINUE"),
      { kind: "gate", minutes: 30, consequence: "goes-live", words: "this goes LIVE on green" },
    ],
    [
      "ECS's gate after the shift, then on",
      gated(AFTER, "CONTINUE"),
      {
        kind: "window",
        minutes: 30,
        consequence: "old-side-goes",
        words: "the window closes: ECS bakes, then stops blue",
      },
    ],
    [
      "ECS's gate after the shift, then back",
      gated(AFTER, "ROLLBACK"),
      {
        kind: "window",
        minutes: 30,
        consequence: "turns-back",
        words: "this rolls back: all traffic returns to blue",
      },
    ],
    [
      "CodeDeploy's wait before the shift",
      gated("PRE_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK", {}, "d-ABC:READY_WAIT"),
      { kind: "gate", minutes: 30, consequence: "ends", words: "this stops: blue stays live" },
    ],
    [
      "CodeDeploy's wait after it",
      gated("BAKE_TIME", "CONTINUE", {}, "d-ABC:TERMINATION_WAIT"),
      { kind: "window", minutes: 30, consequence: "old-side-goes", words: "the window closes: ECS stops blue" },
    ],
    [
      "the gate of a later step, then back",
      withStage(gated("PRE_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK"), "PRODUCTION_TRAFFIC_SHIFT", { startedAt: NOW }),
      {
        kind: "gate",
        minutes: 30,
        consequence: "turns-back",
        words: "this rolls back: all traffic returns to blue",
      },
    ],
    [
      "the gate of a step, then on",
      gated("PRE_PRODUCTION_TRAFFIC_SHIFT", "CONTINUE", {
        rollout: { strategy: "LINEAR", stepPercent: 25, stepBakeMinutes: 1 },
      }),
      { kind: "gate", minutes: 30, consequence: "goes-live", words: "the next step of traffic goes LIVE on green" },
    ],
    [
      "approval that goes on without one",
      at("PRE_PRODUCTION_TRAFFIC_SHIFT", asked("CONTINUE", 60)),
      { kind: "approval", minutes: 60, consequence: "goes-live", words: "this goes LIVE on green without an approval" },
    ],
    [
      "approval at a gate that ends first",
      gated(BEFORE, "CONTINUE", asked("ROLLBACK", 60)),
      { kind: "approval", minutes: 30, consequence: "goes-live", words: "this goes LIVE on green" },
    ],
    [
      "approval whose limit ends before the gate",
      gated(BEFORE, "CONTINUE", asked("ROLLBACK", 10)),
      { kind: "approval", minutes: 10, consequence: "ends", words: "this rolls back: blue stays live" },
    ],
    [
      "approval of what Switchyard moves, which stops before any traffic moved",
      at("PRE_PRODUCTION_TRAFFIC_SHIFT", asked("ROLLBACK", 60)),
      { kind: "approval", minutes: 60, consequence: "ends", words: "this stops: blue stays live" },
    ],
    [
      "approval at a gate of CodeDeploy, which is stopped",
      gated("PRE_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK", asked("ROLLBACK", 10), "d-1:READY_WAIT"),
      { kind: "approval", minutes: 10, consequence: "ends", words: "this stops: blue stays live" },
    ],
    [
      "a switch by a click",
      at("PRE_PRODUCTION_TRAFFIC_SHIFT"),
      { kind: "switch", minutes: 1440, consequence: "ends", words: "this stops: blue stays live" },
    ],
  ])("%s", (_, deployment, { minutes, ...expected }) => {
    const endsAt = NOW + minutes * MINUTE;
    expect(findWait(deployment, "ecs-native")).toMatchObject({ ...expected, endsAt, since: NOW, asks: true });
  });

  test("what was answered, approved, or goes on by itself waits for nobody", () => {
    const waiting = gated(BEFORE, "ROLLBACK");
    const answer = { gate: "ecs-pause-1", action: "CONTINUE" as const, at: NOW };
    const { approval } = asked("ROLLBACK", 60);
    const quiet: Deployment[] = [
      { ...waiting, aws: waiting.aws && { ...waiting.aws, answer } },
      { ...waiting, approval: approval && { ...approval, state: "approved" } },
      { ...waiting, status: "ROLLBACK_IN_PROGRESS" },
      { ...at("SCALE_UP"), stages: begun().stages },
    ];
    expect(quiet.map((each) => findWait(each, "ecs-native"))).toEqual(quiet.map(() => null));
  });

  test("a window that Switchyard keeps open asks nothing", () => {
    const open = { deploymentId: "d", keeps: "blue", until: NOW, phase: "kept" } as const;
    expect(windowWait(open, NOW, true)).toMatchObject({ asks: false, words: "blue is scaled down" });
  });
});

describe("the order", () => {
  const wait = (application: string, changes: Partial<Wait>): Wait & { application: string } => ({
    ...{ application, kind: "gate", since: NOW, endsAt: NOW, consequence: "ends", words: "", asks: true },
    ...changes,
  });

  test("the sooner first, then the worse, then what waits longest; what asks nothing comes last", () => {
    const sorted = [
      wait("soon", { endsAt: NOW + MINUTE }),
      wait("worst", { endsAt: NOW + 5 * MINUTE + 900, consequence: "goes-live" }),
      wait("bad", { endsAt: NOW + 5 * MINUTE, consequence: "turns-back" }),
      wait("older", { endsAt: NOW + 5 * MINUTE, since: NOW - 1 }),
      wait("a-name", { endsAt: NOW + 5 * MINUTE }),
      wait("b-name", { endsAt: NOW + 5 * MINUTE }),
      wait("no end, live", { endsAt: null, consequence: "goes-live" }),
      wait("no end", { endsAt: null }),
      wait("asks nothing", { asks: false, endsAt: NOW }),
    ];
    expect(sorted.toReversed().toSorted(compareWaits)).toEqual(sorted);
  });

  test("is one and the same however they come", () => {
    const any = fc.record({
      application: fc.constantFrom("a", "b", "c"),
      kind: fc.constantFrom(...WAIT_KINDS),
      since: fc.constantFrom(1, 2),
      endsAt: fc.option(fc.constantFrom(0, 59_999, 60_000, 300_000)),
      consequence: fc.constantFrom(...CONSEQUENCES),
      words: fc.constant(""),
      asks: fc.boolean(),
    });
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(Math.sign(compareWaits(a, b)) + Math.sign(compareWaits(b, a))).toBe(0);
        if (compareWaits(a, b) <= 0 && compareWaits(b, c) <= 0) expect(compareWaits(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
