import { describe, expect, test } from "vitest";
import { APPROVAL_RULE, NOW, observation, revision, slot } from "../../testing/facts.ts";
import { aws, gate, ID, look, REVISION, settle, started } from "../../testing/followed.ts";
import type { Approval } from "../deployment/approval.ts";
import { subjectOf } from "../deployment/approval.ts";
import { withApproval } from "../deployment/approval-transitions.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { isAwaitingSwitch, isInFlight } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { answerGate, requestAbort, withPlan } from "../deployment/deployment-transitions.ts";
import type { AwsDeployment } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { findDisagreement } from "../rules/driven-rules.ts";

/* What goes wrong with deployments that AWS drives, told as it happened to somebody. */

const POST_TEST = "POST_TEST_TRAFFIC_SHIFT";
const atGate = (changes: Partial<AwsDeployment> = {}) => aws({ stage: POST_TEST, gates: [gate("g-1")], ...changes });
const CONTINUES = { ...gate("g-1"), expiresAt: NOW + 3_600_000, onExpiry: "CONTINUE" as const };

/** Waits at the gate. */
const waiting = (approvers?: number, seen = look([atGate()])): Deployment =>
  settle(started({}, approvers ? { approval: { ...APPROVAL_RULE, approvers } } : {}), seen).deployment;

const yes = (actor: string): Approval => ({ actor, decision: "approved", at: NOW });

describe("the gate expired between render and click", () => {
  test("and ECS rolls back: nothing is answered, and the record says that nobody answered in time", () => {
    const clicked = answerGate(waiting(), "CONTINUE", NOW + 60_001);
    const gone = look([atGate({ status: "ROLLBACK_IN_PROGRESS", gates: [gate("g-1", "TIMED_OUT")] })]);
    const { deployment, decision } = settle(clicked, gone, NOW + 60_002);
    expect(decision.kind).toBe("wait");
    expect(deployment.aws).toMatchObject({
      answered: [],
      answer: null,
      ended: [{ id: "g-1", how: "expired", action: "ROLLBACK" }],
    });
    expect(stageRecord(deployment, POST_TEST)).toMatchObject({ detail: "Nobody answered the pause in time" });
  });

  test("CONTINUE on timeout: it goes live by itself, and the record says so", () => {
    const open = waiting(undefined, look([atGate({ gates: [{ ...gate("g-1"), onExpiry: "CONTINUE" }] })]));
    const on = look([aws({ stage: "PRODUCTION_TRAFFIC_SHIFT", gates: [gate("g-1", "TIMED_OUT")] })]);
    const { deployment } = settle(answerGate(open, "CONTINUE", NOW + 60_001), on, NOW + 60_002);
    expect(deployment.aws?.ended).toMatchObject([{ how: "expired", action: "CONTINUE" }]);
    expect(stageRecord(deployment, POST_TEST)).toMatchObject({
      status: "SUCCEEDED",
      detail: "Nobody answered in time: AWS went on",
    });
  });

  test("hooks that AWS no longer tells of ended by their time, else elsewhere", () => {
    const without = look([aws({ stage: "PRODUCTION_TRAFFIC_SHIFT" })]);
    expect(settle(waiting(), without, NOW + 1_000).deployment.aws?.ended).toMatchObject([
      { how: "elsewhere", action: "CONTINUE" },
    ]);
    const continued = waiting(undefined, look([atGate({ gates: [{ ...gate("g-1"), onExpiry: "CONTINUE" }] })]));
    expect(settle(continued, without, NOW + 60_000).deployment.aws?.ended).toMatchObject([{ how: "expired" }]);
  });

  test("one that an old look lacked and that is shown again has not ended", () => {
    const missed = settle(waiting(), look([aws({ stage: POST_TEST })]), NOW + 1_000).deployment;
    const back = settle(missed, look([atGate()]), NOW + 2_000).deployment;
    expect(back.aws?.ended).toBeUndefined();
    expect(isAwaitingSwitch(back)).toBe(true);
  });

  test("answered elsewhere ends ours with words; an answer of ours whose own answer was lost does not", () => {
    const on = look([aws({ stage: "PRODUCTION_TRAFFIC_SHIFT", gates: [gate("g-1", "SUCCEEDED")] })]);
    const elsewhere = settle(waiting(), on).deployment;
    expect(stageRecord(elsewhere, POST_TEST).detail).toBe("Answered outside Switchyard: AWS went on");
    const lost = settle(answerGate(waiting(), "CONTINUE", NOW), on).deployment;
    expect(lost.aws?.ended).toBeUndefined();
  });
});

describe("AWS gives the gate of another step the same id", () => {
  const STEP = "PRE_PRODUCTION_TRAFFIC_SHIFT";
  const first = gate("g-1");
  const second = { ...first, expiresAt: NOW + 600_000 };
  const at = (...gates: (typeof first)[]) => look([aws({ stage: STEP, gates })]);
  const answered = () => {
    const waits = settle(started(), at(first)).deployment;
    const followed = waits.aws;
    if (!followed) throw new Error("It is driven");
    const done = [{ gate: "g-1", action: "CONTINUE" as const, at: NOW, expiresAt: first.expiresAt }];
    return { ...waits, aws: { ...followed, gate: null, answered: done } };
  };

  test("after ours was answered it waits for a person again, and is answered by itself", () => {
    expect(isAwaitingSwitch(settle(answered(), at(first)).deployment)).toBe(false);
    const again = settle(answered(), at({ ...first, state: "SUCCEEDED" }, second)).deployment;
    expect(isAwaitingSwitch(again)).toBe(true);
    expect(again.aws?.gate).toMatchObject({ id: "g-1", expiresAt: NOW + 600_000 });
    expect(settle(answerGate(again, "CONTINUE", NOW), at(second)).decision).toMatchObject({
      step: { type: "answerGate", gate: "g-1" },
    });
  });

  test("an answer to the first is no answer to the second, which nobody saw", () => {
    const clicked = answerGate(settle(started(), at(first)).deployment, "CONTINUE", NOW);
    const { deployment, decision } = settle(clicked, at({ ...first, state: "SUCCEEDED" }, second));
    expect(decision.kind).toBe("wait");
    expect(deployment.aws).toMatchObject({ answer: null, answered: [], gate: { expiresAt: NOW + 600_000 } });
  });

  test("two hooks of one stage with one id are one gate", () => {
    const both = settle(started(), at(first, first)).deployment;
    expect(both.aws?.gate?.id).toBe("g-1");
    expect(settle(answered(), at(first, first)).deployment.aws?.gate).toBeNull();
  });
});

describe("four eyes", () => {
  const approved = (count: number, seen = look([atGate()])): Deployment =>
    ["kim", "lee", "park"]
      .slice(0, count)
      .reduce((d, actor) => withApproval(d, yes(actor), subjectOf(seen, "green")), waiting(2, seen));

  test("the gate is answered once the last of two has approved, not before", () => {
    expect(settle(approved(1), look([atGate()])).decision.kind).toBe("wait");
    expect(settle(approved(2), look([atGate()])).decision).toEqual({
      kind: "step",
      step: { type: "answerGate", gate: "g-1", action: "CONTINUE" },
    });
  });

  test("where AWS goes on when nobody answers, it is rolled back before that", () => {
    const seen = look([atGate({ gates: [CONTINUES] })]);
    const held = waiting(2, seen);
    expect(held.approval?.expiresAt).toBe(NOW + 3_540_000);
    expect(settle(held, seen, NOW + 3_539_999).decision.kind).toBe("wait");
    const { deployment, decision } = settle(held, seen, NOW + 3_540_000);
    expect(decision).toEqual({ kind: "step", step: { type: "rollBackAws", id: ID } });
    expect(deployment.approval?.state).toBe("expired");
    expect(deployment.statusReason).toMatch(/^0 of 2 approvals by /);
  });

  test("a deployment whose pause was taken away after we looked is rolled back; somebody else's is followed", () => {
    const unheld = look([aws({ stage: "PRE_SCALE_UP", pauses: [{ stage: "RECONCILE_SERVICE", onExpiry: null }] })]);
    const ours = started({}, { approval: { ...APPROVAL_RULE, approvers: 2 } });
    expect(settle(ours, unheld)).toMatchObject({
      decision: { kind: "step", step: { type: "rollBackAws", id: ID } },
      deployment: { statusReason: expect.stringContaining("PAUSE hook was taken away") },
    });
    const foreign = started({ isForeign: true }, { approval: { ...APPROVAL_RULE, approvers: 2 } });
    expect(settle(foreign, unheld).decision.kind).toBe("wait");
    const held = look([aws({ pauses: [{ stage: POST_TEST, onExpiry: null }] })]);
    expect(settle(ours, held).decision.kind).toBe("wait");
  });

  test("approved before it scales up: there is no task to be judged yet", () => {
    const empty = { targets: [], counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 } };
    const seen: Observation = {
      ...observation({ green: empty }),
      awsDeployments: [aws({ stage: "PRE_SCALE_UP", gates: [gate("g-1")] })],
    };
    expect(settle(approved(2, seen), seen).decision).toMatchObject({ step: { type: "answerGate", gate: "g-1" } });
  });

  test("a canary's next pause goes on with the approvals of the first: AWS moved the weights within it", () => {
    const first = approved(2);
    const told = settle(first, look([atGate()])).deployment;
    const followed = told.aws;
    if (!followed) throw new Error("It is driven");
    const answered: Deployment = {
      ...told,
      aws: { ...followed, answer: null, gate: null, answered: [{ gate: "g-1", action: "CONTINUE", at: NOW }] },
    };
    const step = { ...observation({ weights: { blue: 90, green: 10 } }) };
    const shifting = settle(answered, { ...step, awsDeployments: [aws({ stage: "PRODUCTION_TRAFFIC_SHIFT" })] });
    const second = aws({ stage: "PRE_PRODUCTION_TRAFFIC_SHIFT", gates: [gate("g-2")] });
    const { decision, deployment } = settle(shifting.deployment, { ...step, awsDeployments: [second] });
    expect(decision).toEqual({ kind: "step", step: { type: "answerGate", gate: "g-2", action: "CONTINUE" } });
    expect(deployment.approvals.some(({ lapsed }) => lapsed)).toBe(false);
  });

  test("approved while live has no healthy target: it is held with the reason, and turns in no circles", () => {
    const ill = slot("blue", { counts: { desired: 2, running: 2, pending: 0, healthy: 0, total: 2 } });
    const seen = { ...look([atGate()]), slots: { ...observation().slots, blue: ill } };
    const { deployment, decision } = settle(approved(2), seen);
    expect(decision.kind).toBe("wait");
    expect(stageRecord(deployment, POST_TEST).detail).toMatch(/not shifted yet: .*blue, which has no healthy target/);
  });
});

test("the rule is rewritten mid-flight: the gate is not answered, and the stage says what ECS would do", () => {
  const clicked = answerGate(waiting(), "CONTINUE", NOW);
  const rewritten = observation({ weights: { blue: 0, green: 100 }, blue: { revision: revision(1) } });
  const confused = {
    ...rewritten,
    slots: { ...rewritten.slots, green: { ...rewritten.slots.green, revision: null } },
    awsDeployments: [atGate()],
  };
  const { deployment, decision } = settle(clicked, confused);
  expect(decision.kind).toBe("wait");
  expect(deployment.aws).toMatchObject({ answer: null, answered: [] });
  expect(stageRecord(deployment, POST_TEST).detail).toMatch(/^Not continued: .*ECS would register the new version/);
});

test("a stale weight snapshot: what the rule holds counts, whatever ECS says that it asked for", () => {
  const seen = {
    ...observation({ weights: { blue: 0, green: 100 } }),
    awsDeployments: [aws({ stage: "PRODUCTION_TRAFFIC_SHIFT", requested: { production: 0, test: 100 } })],
  };
  const { deployment } = settle(started(), seen);
  expect(deployment.plan?.shift).toMatchObject({ to: "green", readBackMs: expect.any(Number) });
  expect(findDisagreement(seen)).toBeNull();
});

test("superseded: a second UpdateService ends the first one as that, with its gate, and nothing of it is answered", () => {
  const clicked = answerGate(waiting(), "CONTINUE", NOW);
  const newer = aws({ id: `${ID}2`, createdAt: NOW + 300 });
  const { deployment } = settle(clicked, look([newer, atGate({ status: "STOPPED", finishedAt: NOW + 590 })]));
  expect(deployment).toMatchObject({ status: "STOPPED", aws: { isSuperseded: true, answered: [], gate: null } });
  expect(deployment.statusReason).toMatch(/^Superseded: /);
});

describe("superseded, and ECS shows what stopped it seconds later", () => {
  const stopped = (changes: Partial<AwsDeployment> = {}) =>
    atGate({ status: "STOPPED", gates: [], finishedAt: NOW + 290, ...changes });
  const newer = aws({ id: `${ID}2`, createdAt: NOW, stage: "RECONCILE_SERVICE" });

  test("it is not told as merely stopped meanwhile", () => {
    const first = settle(waiting(), look([stopped()]), NOW + 400);
    expect(first.decision.kind).toBe("look");
    expect(isInFlight(first.deployment)).toBe(true);
    const later = settle(first.deployment, look([stopped()]), NOW + 9_000);
    expect(later.decision.kind).toBe("look");
    const told = settle(later.deployment, look([newer, stopped()]), NOW + 10_000).deployment;
    expect(told).toMatchObject({ status: "STOPPED", finishedAt: NOW + 290, aws: { isSuperseded: true } });
    expect(told.statusReason).toMatch(/^Superseded: /);
  });

  test("nothing that shows stopped it: it ends as stopped after a while, whatever the clocks say", () => {
    for (const finishedAt of [NOW + 290, NOW + 3_600_000, null]) {
      const seen = look([stopped({ finishedAt })]);
      const first = settle(waiting(), seen, NOW + 400).deployment;
      expect(isInFlight(first)).toBe(true);
      expect(settle(first, seen, NOW + 15_400).deployment).toMatchObject({
        status: "STOPPED",
        statusReason: "It was stopped in AWS",
      });
    }
  });

  test("what ended long ago is told at once", () => {
    expect(settle(waiting(), look([stopped()]), NOW + 60_000).deployment.status).toBe("STOPPED");
  });
});

test("the first create fails: there is nothing to go back to, and the record says it in ECS's words", () => {
  const failed = aws({
    status: "ROLLBACK_FAILED",
    reason: "No rollback candidate was found to run the rollback.",
    finishedAt: NOW + 82_000,
  });
  expect(settle(started(), look([failed])).deployment).toMatchObject({
    status: "ROLLBACK_FAILED",
    statusReason: "No rollback candidate was found to run the rollback.",
    finishedAt: NOW + 82_000,
  });
});

test("an alarm goes red in the bake: ECS rolls back, and it ends as rolled back with the alarm", () => {
  const baking = settle(
    started(),
    look([aws({ stage: "BAKE_TIME" })], observation({ weights: { blue: 0, green: 100 } })),
  );
  expect(baking.deployment.bakeUntil).toBe(NOW + 60_000);
  const reason = "Service deployment rolled back because of alarm(s) detected: orders-5xx.";
  const turning = settle(
    baking.deployment,
    look([aws({ stage: "BAKE_TIME", status: "ROLLBACK_IN_PROGRESS", reason })]),
  );
  expect(turning.deployment).toMatchObject({ status: "ROLLBACK_IN_PROGRESS", statusReason: reason });
  const ended = settle(turning.deployment, look([aws({ status: "ROLLBACK_SUCCESSFUL", reason, finishedAt: NOW + 9 })]));
  expect(ended.deployment).toMatchObject({ status: "ROLLBACK_SUCCESSFUL", statusReason: reason });
});

describe("ECS says SUCCESSFUL", () => {
  const done = aws({ status: "SUCCESSFUL", finishedAt: NOW });
  const live = observation({ weights: { blue: 0, green: 100 } });
  const ended = (green: Partial<Observation["slots"]["green"]>) =>
    settle(started(), {
      ...live,
      slots: { ...live.slots, green: { ...live.slots.green, ...green } },
      awsDeployments: [done],
    }).deployment.statusReason;
  const task = (id: string, taskDefinition: string, desiredStatus = "RUNNING") => ({
    ...{ id, taskDefinition, desiredStatus, lastStatus: "RUNNING", containers: [], createdAt: NOW, startedAt: NOW },
    ...{ arn: id, address: null, health: "UNKNOWN", stoppedAt: null },
  });

  test("with zero tasks: the record says so", () => {
    expect(ended({ counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 } })).toBe(
      "AWS says that it succeeded, but green has no healthy target",
    );
  });

  test("with mixed colours: the record names what else serves; tasks on their way out do not count", () => {
    const old = task("t-2", "arn:aws:ecs:x:1:task-definition/orders:1");
    const ours = task("t-1", REVISION.taskDefinition);
    expect(ended({ tasks: [ours, old] as never })).toBe(
      "AWS says that it succeeded, but green also serves from 1 task of orders:1",
    );
    expect(ended({ tasks: [ours, { ...old, desiredStatus: "STOPPED" }] as never })).toMatch(/^green is live/);
  });

  test("while the rule was last read before that: it is looked at again before anything is doubted", () => {
    const before = { ...observation({ at: NOW - 60_000 }), observedAt: NOW, awsDeployments: [done] };
    const first = settle(started(), before);
    expect(first.decision.kind).toBe("look");
    const shifted = observation({ weights: { blue: 0, green: 100 }, at: NOW + 1_000 });
    const told = settle(first.deployment, { ...shifted, awsDeployments: [done] }, NOW + 1_000).deployment;
    expect(told).toMatchObject({ status: "SUCCESSFUL", statusReason: expect.stringMatching(/^green is live/) });
    // A rule that cannot be read holds up no end, and is not told as holding what it held before.
    expect(settle(first.deployment, before, NOW + 30_000).deployment).toMatchObject({
      status: "SUCCESSFUL",
      statusReason: "AWS says that it succeeded; nobody could look since",
    });
  });

  test("and the next one has moved the weights since: they speak for that one", () => {
    const newer = aws({ id: `${ID}2`, createdAt: NOW + 1, stage: "BAKE_TIME", to: "blue" });
    const { deployment } = settle(started(), look([newer, done]), NOW + 60_000);
    expect(deployment).toMatchObject({
      status: "SUCCESSFUL",
      statusReason: "AWS says that it succeeded; another deployment has begun since",
    });
  });

  test("while the health of its targets was not read: nobody says that there is none", () => {
    const unread = { counts: { desired: 2, running: 2, pending: 0, healthy: 0, total: 2 }, targetsReadAt: undefined };
    expect(ended(unread)).toMatch(/^green is live/);
  });

  test("although somebody wanted it rolled back: both are said", () => {
    const wished = requestAbort(settle(started(), look([aws({ stage: "CLEAN_UP" })])).deployment, "Aborted by kim");
    const { deployment } = settle(wished, { ...live, awsDeployments: [done] });
    expect(deployment.statusReason).toBe(
      "Aborted by kim, but AWS was done already. green is live; AWS has stopped the old revision",
    );
  });
});

describe("a deployment that AWS does not tell of", () => {
  const LATER = NOW + 3_600_000;

  test("in one look is no reason to give it up, however long ago it began", () => {
    const missed = settle(started(), look([]), LATER);
    expect(missed.decision.kind).toBe("look");
    const again = settle(missed.deployment, look([aws()]), LATER + 1_000);
    expect(isInFlight(again.deployment)).toBe(true);
    expect(again.deployment.aws?.unseenSince).toBeUndefined();
  });

  test("while ECS answers with errors is waited for; for minutes of good looks it is given up", () => {
    const failing = { ...look([]), sources: [{ name: "ecs" as const, state: "error" as const, ageMs: 0 }] };
    expect(settle(started(), failing, LATER).deployment.aws?.unseenSince).toBeUndefined();
    const missed = settle(started(), look([]), LATER).deployment;
    expect(settle(missed, look([]), LATER + 299_999).decision.kind).toBe("look");
    expect(settle(missed, look([]), LATER + 300_000).deployment).toMatchObject({
      status: "STOPPED",
      statusReason: "AWS no longer tells of this deployment",
    });
  });
});

test("a start whose answer was lost is not taken for one of the same revision that was over before it", () => {
  const before = aws({ id: "earlier", status: "SUCCESSFUL", createdAt: NOW - 60_000, finishedAt: NOW - 1_000 });
  const { deployment, decision } = settle(started({ id: null }), look([before]), NOW + 1_000);
  expect(deployment.aws?.id).toBeNull();
  expect(decision.kind).toBe("look");
});

describe("AWS turns it round by itself", () => {
  const CHECK = "arn:aws:lambda:x:1:function:check-orders:live";
  const failed = { ...gate("ecs-lambda-1", "FAILED"), isForPeople: false, target: CHECK };
  const turned = (gates = [failed]) =>
    look([aws({ stage: POST_TEST, status: "ROLLBACK_IN_PROGRESS", reason: "FAILED status", gates })]);
  const inTest = settle(started(), look([aws({ stage: POST_TEST })])).deployment;

  test("a hook failed: which one, its message, and what the function wrote is read once", () => {
    const { deployment, decision } = settle(inTest, turned());
    expect(stageRecord(deployment, POST_TEST).detail).toBe("Hook check-orders failed: FAILED status");
    expect(decision).toEqual({
      kind: "step",
      step: { type: "readEvidence", slot: "green", functions: { arns: [CHECK], since: NOW - 60_000 } },
    });
    const read = withPlan(deployment, { evidenceRead: true });
    expect(settle(read, turned()).decision.kind).toBe("wait");
  });

  test("tasks that stopped are kept with why; where nothing is left to read, nothing is asked", () => {
    const dead = {
      ...{ id: "t-1", taskDefinition: REVISION.taskDefinition, desiredStatus: "STOPPED", lastStatus: "STOPPED" },
      ...{ containers: [], createdAt: NOW, startedAt: NOW, stoppedAt: NOW + 1, stopCode: "EssentialContainerExited" },
    };
    const seen = turned([]);
    const crashed = { ...seen, slots: { ...seen.slots, green: slot("green", { tasks: [dead] as never }) } };
    const kept = settle(inTest, crashed);
    expect(kept.deployment.evidence?.tasks).toMatchObject([{ id: "t-1", stopCode: "EssentialContainerExited" }]);
    expect(kept.decision).toMatchObject({ step: { type: "readEvidence", slot: "green" } });
    expect(settle(inTest, turned([])).deployment.evidence).toBeNull();
  });

  test("where a person had it rolled back, nothing failed and nothing is kept", () => {
    expect(settle(requestAbort(inTest, "no"), turned()).deployment.evidence).toBeNull();
  });
});
