import { describe, expect, test } from "vitest";
import { NOW, observation } from "../../testing/facts.ts";
import { aws, gate, ID, look, REVISION, settle, started } from "../../testing/followed.ts";
import { isAwaitingSwitch } from "../deployment/deployment.ts";
import { answerGate, requestAbort } from "../deployment/deployment-transitions.ts";
import { stageLimit } from "../deployment/stage-limit.ts";
import type { AwsGate } from "../observation/aws-deployment.ts";

describe("a start", () => {
  test("is sent once; without an answer it is looked for before it is sent again", () => {
    const fresh = started({ id: null, sentAt: null });
    expect(settle(fresh, look([])).decision).toMatchObject({ kind: "step", step: { type: "startAws" } });
    const sent = started({ id: null });
    expect(settle(sent, look([]), NOW + 1_000).decision.kind).toBe("look");
    expect(settle(sent, look([aws()]), NOW + 1_000).deployment.aws?.id).toBe(ID);
    expect(settle(sent, look([]), NOW + 60_000).decision).toMatchObject({ kind: "step", step: { type: "startAws" } });
  });

  test("another revision's deployment is not taken for ours", () => {
    const other = aws({ revision: { ...REVISION, taskDefinition: "orders:1" } });
    expect(settle(started({ id: null }), look([other]), NOW + 1_000).deployment.aws?.id).toBeNull();
  });

  test("is refused where ECS would register the new version in the group that serves", () => {
    const seen = look([]);
    const rewritten = {
      ...seen,
      traffic: { ...seen.traffic, live: "green" as const, weights: { blue: 0, green: 100 } },
    };
    const confused = { ...rewritten, slots: { ...seen.slots, green: { ...seen.slots.green, revision: null } } };
    const { deployment } = settle(started({ id: null, sentAt: null }), confused);
    expect(deployment.status).toBe("STOPPED");
    expect(deployment.statusReason).toMatch(/ECS would register the new version in the group that serves/);
  });

  test("waits while the target health of the side that serves was not read, and is refused once that is known to be bad", () => {
    const seen = look([]);
    const withBlue = (blue: Partial<(typeof seen.slots)["blue"]>) => ({
      ...seen,
      slots: {
        ...seen.slots,
        blue: { ...seen.slots.blue, counts: { ...seen.slots.blue.counts, healthy: 0 }, ...blue },
      },
    });
    const start = started({ id: null, sentAt: null });
    const unread = settle(start, withBlue({ targetsReadAt: undefined }));
    expect(unread.decision).toMatchObject({ kind: "wait" });
    expect(unread.deployment.status).toBe("IN_PROGRESS");
    expect(settle(start, withBlue({})).deployment.status).toBe("STOPPED");
  });

  test("stopped before it was sent asks nothing of AWS", () => {
    const ended = settle(requestAbort(started({ id: null, sentAt: null }), "no"), look([])).deployment;
    expect(ended.status).toBe("STOPPED");
  });
});

describe("an end", () => {
  const asked = requestAbort(started(), "no");

  test("is told to AWS once, and again only where AWS says nothing of it for ten seconds", () => {
    const seen = look([aws()]);
    const step = { kind: "step", step: { type: "rollBackAws", id: ID } };
    expect(settle(asked, seen).decision).toEqual(step);
    const told = { ...asked, aws: asked.aws && { ...asked.aws, rollbackAskedAt: NOW } };
    for (const later of [0, 1_000, 9_999])
      expect(settle(told, seen, NOW + later).decision).toMatchObject({ kind: "look", notBefore: NOW });
    expect(settle(told, seen, NOW + 10_000).decision).toEqual(step);
    const turning = look([aws({ status: "ROLLBACK_REQUESTED" })]);
    expect(settle(told, turning, NOW + 1_000).deployment.status).toBe("ROLLBACK_IN_PROGRESS");
  });
});

describe("a gate", () => {
  const open = look([aws({ stage: "POST_TEST_TRAFFIC_SHIFT", gates: [gate("g-1")] })]);

  test("waits for a person before the production shift, with what AWS does by itself and when", () => {
    const { deployment, decision } = settle(started(), open);
    expect(isAwaitingSwitch(deployment)).toBe(true);
    expect(decision.kind).toBe("wait");
    expect(deployment.aws?.gate).toEqual({
      id: "g-1",
      stage: "POST_TEST_TRAFFIC_SHIFT",
      expiresAt: NOW + 60_000,
      onExpiry: "ROLLBACK",
    });
  });

  test("of several at a stage stays the one that was seen, in whatever order AWS lists them", () => {
    const seen = (...ids: string[]) =>
      look([aws({ stage: "POST_TEST_TRAFFIC_SHIFT", gates: ids.map((id) => gate(id)) })]);
    const waiting = settle(started(), seen("g-1", "g-2")).deployment;
    expect(settle(waiting, seen("g-2", "g-1")).deployment).toEqual(waiting);
    const { decision } = settle(answerGate(waiting, "CONTINUE", NOW), seen("g-2", "g-1"));
    expect(decision).toMatchObject({ kind: "step", step: { type: "answerGate", gate: "g-1" } });
    const answered = started({ answered: [{ gate: "g-1", action: "CONTINUE", at: NOW }] });
    // An old reading of the first hides the second no longer.
    expect(settle(answered, seen("g-1", "g-2")).deployment.aws?.gate?.id).toBe("g-2");
  });

  test("is answered once, under the id that was seen", () => {
    const waiting = settle(started(), open).deployment;
    const answered = answerGate(answerGate(waiting, "CONTINUE", NOW), "ROLLBACK", NOW);
    expect(settle(answered, open).decision).toEqual({
      kind: "step",
      step: { type: "answerGate", gate: "g-1", action: "CONTINUE" },
    });
  });

  test.each([
    ["expired between render and click", aws({ stage: "POST_TEST_TRAFFIC_SHIFT", gates: [gate("g-1", "TIMED_OUT")] })],
    ["was answered elsewhere", aws({ stage: "PRODUCTION_TRAFFIC_SHIFT", gates: [gate("g-1", "SUCCEEDED")] })],
    ["belongs to the next step", aws({ stage: "PRE_PRODUCTION_TRAFFIC_SHIFT", gates: [gate("g-2")] })],
  ])("that %s is not answered", (_what, seen) => {
    const answered = answerGate(settle(started(), open).deployment, "CONTINUE", NOW);
    const { deployment, decision } = settle(answered, look([seen]));
    expect(decision.kind).toBe("wait");
    expect(deployment.aws?.answer).toBeNull();
  });
});

describe("AWS's word", () => {
  test.each([
    ["SUCCESSFUL", "SUCCESSFUL", null],
    ["STOPPED", "STOPPED", "the service was deleted"],
    ["ROLLBACK_SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "because the circuit breaker threshold was exceeded."],
    ["ROLLBACK_FAILED", "ROLLBACK_FAILED", "No rollback candidate was found to run the rollback."],
  ] as const)("%s ends it as %s", (status, ours, reason) => {
    const seen = look([aws({ status, reason, finishedAt: NOW + 5 })], observation({ at: NOW + 20_000 }));
    const ended = settle(started(), seen, NOW + 20_000).deployment;
    expect(ended).toMatchObject({ status: ours, finishedAt: NOW + 5 });
    if (reason) expect(ended.statusReason).toContain(reason);
  });

  test("superseded is told as that", () => {
    const newer = aws({ id: `${ID}2`, createdAt: NOW + 9 });
    const ended = settle(started(), look([newer, aws({ status: "STOPPED", finishedAt: NOW + 9 })])).deployment;
    expect(ended.statusReason).toMatch(/^Superseded: /);
  });

  test("SUCCESSFUL while the rule holds something else is told with both", () => {
    const ended = settle(started(), look([aws({ status: "SUCCESSFUL", finishedAt: NOW })])).deployment;
    expect(ended.statusReason).toMatch(/^AWS says that it succeeded, but /);
  });

  test("a person's request to end it is told to AWS until AWS says so", () => {
    const ending = requestAbort(settle(started(), look([aws()])).deployment, "no");
    expect(settle(ending, look([aws()])).decision).toMatchObject({
      kind: "step",
      step: { type: "rollBackAws", id: ID },
    });
    const turning = settle(ending, look([aws({ status: "ROLLBACK_IN_PROGRESS" })]));
    expect(turning.deployment.status).toBe("ROLLBACK_IN_PROGRESS");
    expect(turning.decision.kind).toBe("wait");
  });
});

describe("a hook that ended it", () => {
  test.each<[AwsGate["state"], string | undefined, string]>([
    ["FAILED", "arn:aws:lambda:x:1:function:check-orders", "Hook check-orders failed: AWS's message"],
    [
      "TIMED_OUT",
      "arn:aws:lambda:x:1:function:check-orders",
      "Hook check-orders gave no answer in time: AWS's message",
    ],
    ["TIMED_OUT", undefined, "Nobody answered the pause in time: AWS's message"],
    ["FAILED", undefined, "The pause was answered with ROLLBACK: AWS's message"],
  ])("%s of %s: its stage says so with AWS's message", (state, target, detail) => {
    const hook = { ...gate("h-1", state), isForPeople: target === undefined, ...(target ? { target } : {}) };
    const stage = "POST_TEST_TRAFFIC_SHIFT";
    const waiting = settle(started(), look([aws({ stage })])).deployment;
    for (const status of ["ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"] as const) {
      const ended = settle(waiting, look([aws({ stage, status, reason: "AWS's message", gates: [hook] })])).deployment;
      expect(ended.status).toBe(status);
      expect(ended.statusReason).toBe("AWS's message");
      expect(ended.stages.find((each) => each.stage === stage)).toMatchObject({ status: "FAILED", detail });
    }
  });
});

test("superseded is told apart from stopped", () => {
  const newer = aws({ id: "another", createdAt: NOW + 1 });
  const stopped = aws({ status: "STOPPED" });
  expect(settle(started(), look([newer, stopped])).deployment.aws?.isSuperseded).toBe(true);
  const later = aws({ status: "STOPPED", finishedAt: NOW });
  expect(settle(started(), look([newer, later])).deployment.aws?.isSuperseded).toBeUndefined();
  const alone = settle(settle(started(), look([stopped])).deployment, look([stopped]), NOW + 15_000).deployment;
  expect(alone).toMatchObject({ status: "STOPPED" });
  expect(alone.aws?.isSuperseded).toBeUndefined();
});

test("the record says how AWS moves traffic", () => {
  const rollout = { strategy: "CANARY", percent: 10, bakeMinutes: 2 } as const;
  expect(settle(started(), look([aws({ rollout })])).deployment.rollout).toEqual(rollout);
});

test("only what AWS tells ends by itself is told to: its gate and its bake", () => {
  const at = (stage: string, gates: AwsGate[] = []) => settle(started(), look([aws({ stage, gates })])).deployment;
  expect(stageLimit(at("SCALE_UP"), observation())).toBeNull();
  const open = at("POST_TEST_TRAFFIC_SHIFT", [gate("g")]);
  expect(stageLimit(open, observation())).toMatchObject({
    until: NOW + 60_000,
    outcome: "AWS rolls back: blue stays live",
  });
  expect(stageLimit(at("BAKE_TIME"), observation())).toMatchObject({ outcome: "succeeds, and AWS stops blue" });
});
