import type { SmokeResult } from "../application/smoke-check.ts";
import type { Rollout } from "../observation/rollout.ts";
import type { Revision } from "../observation/slot.ts";
import { otherColor } from "../observation/slot.ts";
import type { Weights } from "../observation/traffic.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { changedStage, reasonMembers, withStage } from "./change-stage.ts";
import type { Deployment, Proof } from "./deployment.ts";
import { isAwaitingSwitch, isInFlight } from "./deployment.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import { hasShifted, nextStage, reasonOf, stageRecord } from "./deployment-stage.ts";
import type { FailureEvidence } from "./failure-evidence.ts";
import { proving } from "./proof.ts";
import { isAnswered } from "./same-gate.ts";
import { plannedSteps, stepAt, stepsOf, withStep } from "./shift-steps.ts";

/** It holds up a rollback's verification, so it is not tried for long. */
const TEST_TRIES = 4;

/*
 * Every way a deployment's record changes. Each function takes the newest record and answers the next; one that no longer
 * fits (the deployment was stopped while AWS was asked, say) keeps what happened and leaves the direction alone.
 */

/** Ends the current stage well and begins the next; the last one ends the deployment. */
export function advance(deployment: Deployment, now: number, detail?: Told): Deployment {
  const done = withStage(deployment, deployment.stage, { status: "SUCCEEDED", finishedAt: now, detail });
  const stage = nextStage(done, deployment.stage);
  if (!stage) return { ...done, status: "SUCCESSFUL", finishedAt: now, ...reasonMembers(successReason(done)) };
  const isPause = stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && deployment.kind === "RELEASE";
  const begun = withStage(done, stage, {
    status: isPause ? "AWAITING_ACTION" : "IN_PROGRESS",
    startedAt: now,
    detail: isPause ? say("decision.waitsSwitch") : undefined,
  });
  return { ...begun, stage };
}

/** The registered revision is known; a release goes on to scale up. */
export function revisionRegistered(deployment: Deployment, revision: Revision, now: number): Deployment {
  const known = { ...deployment, revision };
  return isAt(deployment, "PRE_SCALE_UP") ? advance(known, now) : known;
}

/** The side was asked to run its revision with `desired` tasks. */
export function sideStarted(deployment: Deployment, revision: Revision, desired: number, now: number): Deployment {
  const known = withPlan({ ...deployment, revision }, { desired });
  return isAt(deployment, "SCALE_UP") ? advance(known, now) : known;
}

/**
 * A person pressed switch on a release that waited: it goes on to the shift, resting on the weights they saw, and in other
 * steps than it began with when they chose so.
 */
export function requestSwitch(deployment: Deployment, expected: Weights, now: number, rollout?: Rollout): Deployment {
  if (!isAwaitingSwitch(deployment)) return deployment;
  if (deployment.aws) return answerGate(deployment, "CONTINUE", now);
  const chosen = rollout ? { ...deployment, rollout, steps: plannedSteps(rollout, deployment.to) } : deployment;
  return withPlan(advance(chosen, now), {
    shift: { to: deployment.to, expected, sentAt: null, readBackMs: null },
  });
}

/** What a person says to the gate that waits; nothing changes while none does, and after an answer it is said once. */
export function answerGate(deployment: Deployment, action: "CONTINUE" | "ROLLBACK", now: number): Deployment {
  const { aws } = deployment;
  if (!aws?.gate || aws.answer || isAnswered(aws, aws.gate)) return deployment;
  const { id, expiresAt } = aws.gate;
  return { ...deployment, aws: { ...aws, answer: { gate: id, action, at: now, expiresAt } } };
}

/** The shift could not be made after all; a release waits for a person again, saying why. */
export function waitForSwitchAgain(deployment: Deployment, why: Told): Deployment {
  const stage = "PRE_PRODUCTION_TRAFFIC_SHIFT";
  const waiting = withStage(
    withStage(deployment, "PRODUCTION_TRAFFIC_SHIFT", { status: "PENDING", startedAt: null, detail: undefined }),
    stage,
    { status: "AWAITING_ACTION", finishedAt: null, detail: say("decision.notShifted", { why }) },
  );
  return withPlan({ ...waiting, stage }, { shift: null });
}

/** The write is about to be sent: saved before it, so that a crash leaves a trace. */
export function shiftSent(deployment: Deployment, expected: Weights, now: number): Deployment {
  const shift = deployment.plan?.shift;
  return shift ? withPlan(deployment, { shift: { ...shift, expected, sentAt: shift.sentAt ?? now } }) : deployment;
}

/** AWS surely did not do the write of this attempt; an earlier one may still have happened. */
export function shiftRejected(deployment: Deployment, attemptAt: number): Deployment {
  const shift = deployment.plan?.shift;
  if (!shift || shift.sentAt === null || shift.sentAt < attemptAt || shift.readBackMs !== null) return deployment;
  return withPlan(deployment, { shift: { ...shift, sentAt: null } });
}

/**
 * The rule read back as asked: the last step ends the shift, an earlier one begins to bake. `attemptAt` is when this attempt
 * was sent; a write found already done keeps its first time.
 */
export function shifted(
  deployment: Deployment,
  outcome: { attemptAt: number; alreadyThere: boolean; readBackMs: number },
  now: number,
): Deployment {
  const shift = deployment.plan?.shift;
  if (!shift) return deployment;
  const sentAt = outcome.alreadyThere ? (shift.sentAt ?? outcome.attemptAt) : outcome.attemptAt;
  const readBackMs = outcome.alreadyThere ? Math.max(0, now - sentAt) : outcome.readBackMs;
  const known = withPlan(deployment, { shift: { ...shift, sentAt, readBackMs }, provedAt: null, strayedAt: null });
  const isForward = shift.to === deployment.to;
  const at = isForward ? stepAt(known) : null;
  const made = at ? withStep(known, at.index, { shiftedAt: sentAt, readBackMs }) : known;
  if (at && !at.isLast) return withStep(made, at.index, { bakeUntil: now + at.step.bakeMinutes * 60_000 });
  const proof = proving({ ruleReadBackMs: readBackMs, proven: false }, say("proof.looks"));
  const switched = { ...made, proof };
  return isAt(deployment, "PRODUCTION_TRAFFIC_SHIFT") ? advance(switched, now) : switched;
}

/** The bake of a step is over: the next one falls due, from the weights that this one wrote. */
export function beginStep(deployment: Deployment, index: number, now: number): Deployment {
  const before = stepsOf(deployment)[index - 1];
  if (!before) return deployment;
  return withPlan(deployment, {
    shift: { to: deployment.to, expected: before.weights, sentAt: null, readBackMs: null, step: index, dueAt: now },
    provedAt: null,
  });
}

/** The test listener is about to be moved to the new side. */
export function testShiftSent(deployment: Deployment, now: number): Deployment {
  const test = deployment.plan?.test;
  return test ? withPlan(deployment, { test: { ...test, sentAt: test.sentAt ?? now } }) : deployment;
}

/** The test listener reads back as asked: it leads to the new side, or where it led before. */
export function testShifted(deployment: Deployment, purpose: "release" | "restore", now: number): Deployment {
  const test = deployment.plan?.test;
  if (purpose === "restore") return test ? withPlan(deployment, { test: { ...test, isBack: true } }) : deployment;
  return isAt(deployment, "TEST_TRAFFIC_SHIFT") ? advance(deployment, now) : deployment;
}

/** Putting the test listener back failed: tried again a few times, then left as it is, which the record says. */
export function testNotBack(deployment: Deployment, why: Told, isFinal: boolean): Deployment {
  const test = deployment.plan?.test;
  if (!test) return deployment;
  const tries = test.tries + 1;
  if (!isFinal && tries < TEST_TRIES) return withPlan(deployment, { test: { ...test, tries } });
  const what = reasonOf(deployment) ?? say("decision.ended");
  return withPlan(
    { ...deployment, ...reasonMembers(say("decision.testNotBack", { what, why })) },
    { test: { ...test, tries, isBack: true } },
  );
}

/** What came of the smoke check. */
export function smokeSeen(deployment: Deployment, smoke: SmokeResult): Deployment {
  return withStage(deployment, "POST_TEST_TRAFFIC_SHIFT", { smoke });
}

/** The newest look for requests on the new side while a step bakes. */
export function stepSeen(
  deployment: Deployment,
  index: number,
  firstRequestMs: number | null,
  now: number,
): Deployment {
  const looked = withPlan(deployment, { provedAt: now });
  return firstRequestMs === null ? looked : withStep(looked, index, { firstRequestMs });
}

/** The newest look for verification. A settled one ends the stage, or the rollback. */
export function proofSeen(
  deployment: Deployment,
  seen: { proof: Proof; isSettled: boolean },
  bakeMinutes: number,
  now: number,
): Deployment {
  const known = withPlan({ ...deployment, proof: seen.proof }, { provedAt: now });
  // Where AWS drives, the verification ends no stage: AWS does.
  if (known.aws) return known;
  if (!seen.isSettled) return known;
  if (known.status === "ROLLBACK_IN_PROGRESS") return rolledBack(known, now);
  if (!isAt(known, "POST_PRODUCTION_TRAFFIC_SHIFT")) return known;
  const next = advance(known, now, seen.proof.proven ? undefined : (seen.proof.noteSaid ?? seen.proof.note));
  return next.stage === "BAKE_TIME" ? { ...next, bakeUntil: now + bakeMinutes * 60_000 } : next;
}

/** Moves the end of the bake; only while it bakes. */
export function extendBake(deployment: Deployment, minutes: number): Deployment {
  if (!isAt(deployment, "BAKE_TIME") || deployment.bakeUntil === null) return deployment;
  return { ...deployment, bakeUntil: deployment.bakeUntil + minutes * 60_000 };
}

/** Asks for its end with the old side live: before the shift it stops, afterwards it rolls back. Twice changes nothing. */
export function requestAbort(deployment: Deployment, why: Told): Deployment {
  if (deployment.status !== "PENDING" && deployment.status !== "IN_PROGRESS") return deployment;
  const status = hasShifted(deployment) ? "ROLLBACK_REQUESTED" : "STOP_REQUESTED";
  return { ...deployment, status, ...reasonMembers(why) };
}

/** A stage failed before the shift: what it left behind is kept and the deployment stops. */
export function failStage(
  deployment: Deployment,
  why: Told,
  evidence: FailureEvidence | null,
  now: number,
): Deployment {
  const failed = withStage(deployment, deployment.stage, { status: "FAILED", finishedAt: now, detail: why });
  return { ...failed, status: "STOP_REQUESTED", ...reasonMembers(why), evidence: evidence ?? deployment.evidence };
}

/** Starts the rollback, from the weights as they are now. */
export function beginRollback(deployment: Deployment, expected: Weights, now: number): Deployment {
  return withPlan(
    { ...deployment, status: "ROLLBACK_IN_PROGRESS", proof: null },
    { shift: { to: deployment.from, expected, sentAt: null, readBackMs: null }, turnedAt: now, provedAt: null },
  );
}

/** The old side is live again. */
export function rolledBack(deployment: Deployment, now: number): Deployment {
  return { ...closeStages(deployment, now), status: "ROLLBACK_SUCCESSFUL", finishedAt: now };
}

/** The old side could not be made live again. */
export function rollbackFailed(deployment: Deployment, why: Told, now: number): Deployment {
  return { ...closeStages({ ...deployment, ...reasonMembers(why) }, now), status: "ROLLBACK_FAILED", finishedAt: now };
}

/** Ended without a shift, or without one that still holds. */
export function stopped(deployment: Deployment, now: number, why: Told | null = reasonOf(deployment)): Deployment {
  return { ...closeStages({ ...deployment, ...reasonMembers(why) }, now), status: "STOPPED", finishedAt: now };
}

/** A copy with the engine's memory changed. */
export function withPlan(deployment: Deployment, change: Partial<DeploymentPlan>): Deployment {
  return deployment.plan ? { ...deployment, plan: { ...deployment.plan, ...change } } : deployment;
}

function isAt(deployment: Deployment, stage: Deployment["stage"]): boolean {
  return (
    deployment.status === "IN_PROGRESS" &&
    deployment.stage === stage &&
    stageRecord(deployment, stage).status === "IN_PROGRESS"
  );
}

function closeStages(deployment: Deployment, now: number): Deployment {
  if (!isInFlight(deployment)) return deployment;
  return {
    ...deployment,
    stages: deployment.stages.map((record) => {
      if (record.status === "PENDING") return { ...record, status: "SKIPPED" };
      if (record.status === "SUCCEEDED" || record.status === "SKIPPED" || record.status === "FAILED") return record;
      const why = reasonOf(deployment);
      return changedStage(record, { status: "FAILED", finishedAt: now, ...(why === null ? {} : { detail: why }) });
    }),
  };
}

function successReason(deployment: Deployment): Sentence {
  const { proof, to } = deployment;
  const kept = say("decision.live", { to, from: otherColor(to) });
  const note = proof && !proof.proven ? (proof.noteSaid ?? proof.note) : null;
  return note ? say("told.next", { first: note, second: kept }) : kept;
}
