import { decideBreach } from "./decide-breach.ts";
import { decideRollback, decideStop } from "./decide-ending.ts";
import { type Decision, FRESH_MS, LIMITS_MS, PROVE_EVERY_MS, STRAY_AFTER_MS, type World } from "./decision.ts";
import type { Deployment, Shift } from "./deployment.ts";
import { stageRecord, withStage } from "./deployment-stage.ts";
import {
  advance,
  failStage,
  proofSeen,
  requestAbort,
  stopped,
  waitForSwitchAgain,
  withPlan,
} from "./deployment-transitions.ts";
import { unproven } from "./proof.ts";
import { weightsFor } from "./receipt.ts";
import { failureEvidence, findNotReady, findScaleUpFailure } from "./scale-up-rules.ts";
import { findSideBlockers } from "./switch-rules.ts";
import type { Weights } from "./traffic.ts";
import { isSideWarm } from "./warmth.ts";

/**
 * The next step of a deployment, or the reason to wait. Pure and total: the same record, look and time give the same
 * answer, and every state has one. Each part has a longest time, so that every deployment ends.
 */
export function decide(deployment: Deployment, world: World): Decision {
  switch (deployment.status) {
    case "SUCCESSFUL":
    case "STOPPED":
    case "ROLLBACK_SUCCESSFUL":
    case "ROLLBACK_FAILED":
      return { kind: "end" };
    case "STOP_REQUESTED":
      return decideStop(deployment, world);
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
      return decideRollback(deployment, world);
    case "PENDING":
      return change({ ...deployment, status: "IN_PROGRESS" }, "Begun");
    case "IN_PROGRESS":
      return decideForward(deployment, world);
  }
}

function decideForward(deployment: Deployment, world: World): Decision {
  if (!deployment.plan) return change(stopped(deployment, world.now, "Its record cannot be continued"), "Given up");
  const record = stageRecord(deployment, deployment.stage);
  const inStageMs = world.now - (record.startedAt ?? deployment.startedAt);
  switch (deployment.stage) {
    case "PRE_SCALE_UP":
    case "SCALE_UP":
    case "POST_SCALE_UP":
      return decideScaleUp(deployment, world, inStageMs);
    case "TEST_TRAFFIC_SHIFT":
    case "POST_TEST_TRAFFIC_SHIFT":
      return change(advance(deployment, world.now), "Nothing to test");
    case "PRE_PRODUCTION_TRAFFIC_SHIFT":
      return decidePause(deployment, world, inStageMs);
    case "PRODUCTION_TRAFFIC_SHIFT":
      return decideShift(deployment, world, inStageMs);
    case "POST_PRODUCTION_TRAFFIC_SHIFT":
    case "BAKE_TIME":
      return (
        findStray(deployment, world) ??
        decideBreach(deployment, world) ??
        decideAfterShift(deployment, world, inStageMs)
      );
    case "CLEAN_UP":
      return change(
        advance(deployment, world.now, `${deployment.from} is kept warm until it is retired`),
        "Nothing is stopped",
      );
  }
}

function decideScaleUp(deployment: Deployment, world: World, inStageMs: number): Decision {
  const { observation, now, settings } = world;
  const { to, plan } = deployment;
  // A side with traffic is never updated: whoever gave it weight did so behind this deployment's back.
  if (observation.traffic.weights[to] > 0) {
    const why = `${to} got weight ${observation.traffic.weights[to]}, not by this deployment; a side with traffic is not touched`;
    return change(withPlan(failStage(deployment, why, null, now), { restored: true, evidenceRead: true }), why);
  }
  const { requested } = plan ?? {};
  if (deployment.stage === "PRE_SCALE_UP") {
    if (inStageMs > LIMITS_MS.register) return fail(deployment, world, "The revision could not be registered in time");
    if (requested) return { kind: "step", step: { type: "registerRevision", slot: to, request: requested } };
    return fail(deployment, world, "Nothing says what to run");
  }
  const { revision } = deployment;
  if (!revision) return fail(deployment, world, "The revision to run is not known");
  if (deployment.stage === "SCALE_UP") {
    if (inStageMs > LIMITS_MS.scaleUp) return fail(deployment, world, `${to} could not be started in time`);
    const { blue, green } = observation.slots;
    const desired =
      plan?.desired ?? Math.max(1, blue.counts.desired, green.counts.desired, settings.minimumHealthy ?? 1);
    return { kind: "step", step: { type: "startSide", slot: to, revision, desired, purpose: "release" } };
  }
  const failure = findScaleUpFailure(observation, deployment, revision, now);
  if (failure) return fail(deployment, world, failure);
  const notReady = findNotReady(settings, observation, deployment, revision);
  if (!notReady) return change(advance(deployment, now), `${to} is healthy and stable`);
  if (inStageMs > LIMITS_MS.becomeHealthy)
    return fail(deployment, world, `${to} was not ready within ${LIMITS_MS.becomeHealthy / 60_000} min: ${notReady}`);
  return { kind: "wait", reason: notReady };
}

function decidePause(deployment: Deployment, world: World, inStageMs: number): Decision {
  const isReleased = deployment.kind !== "RELEASE";
  if (isReleased) {
    const shift: Shift = {
      to: deployment.to,
      expected: world.observation.traffic.weights,
      sentAt: null,
      readBackMs: null,
    };
    return change(withPlan(advance(deployment, world.now), { shift }), "Goes on to the shift");
  }
  if (inStageMs > LIMITS_MS.awaitSwitch) {
    const why = `Nobody switched within ${LIMITS_MS.awaitSwitch / 60_000} min`;
    return change(requestAbort(deployment, why), why);
  }
  const { weights } = world.observation.traffic;
  if (weights[deployment.to] > 0) {
    const why = `${deployment.to} got weight ${weights[deployment.to]}, not by this deployment`;
    return change(withPlan(requestAbort(deployment, why), { restored: true, evidenceRead: true }), why);
  }
  const { observation, settings, now } = world;
  const { revision } = deployment;
  const failure = revision && findScaleUpFailure(observation, deployment, revision, now);
  if (failure && findNotReady(settings, observation, deployment, revision)) return fail(deployment, world, failure);
  const record = stageRecord(deployment, "PRE_PRODUCTION_TRAFFIC_SHIFT");
  return { kind: "wait", reason: record.detail ?? "Waits for a person to switch" };
}

function decideShift(deployment: Deployment, world: World, inStageMs: number): Decision {
  const { observation, now, settings } = world;
  const { to, plan } = deployment;
  const shift = plan?.shift;
  if (!shift) return change(stopped(deployment, now, "Nothing says what the listener should hold"), "Given up");
  if (inStageMs > LIMITS_MS.shift) {
    const why = `The shift could not be made within ${LIMITS_MS.shift / 60_000} min`;
    return change(requestAbort(deployment, why), why);
  }
  if (now - observation.traffic.readAt > FRESH_MS || now - observation.observedAt > FRESH_MS)
    return { kind: "look", notBefore: now - FRESH_MS, reason: "Waits for a fresh look at AWS" };
  const weights = weightsFor(to);
  const held = observation.traffic.weights;
  const step: Decision = { kind: "step", step: { type: "shift", to, expected: shift.expected, weights } };
  if (shift.sentAt !== null && isSame(held, weights)) return step;
  if (observation.traffic.drift) return refuseShift(deployment, world, observation.traffic.drift);
  if (!isSame(held, shift.expected)) {
    if (deployment.kind === "ROLLBACK")
      return change(
        withPlan(deployment, { shift: { ...shift, expected: held } }),
        "Goes on from the weights as they are",
      );
    return refuseShift(
      deployment,
      world,
      `weights changed from ${show(shift.expected)} to ${show(held)}, not by Switchyard`,
    );
  }
  if (deployment.kind === "ROLLBACK") {
    if (isSideWarm(settings, observation, to)) return step;
    return { kind: "wait", reason: `Waits until ${to} has enough healthy targets to take traffic back` };
  }
  const blocker = findSideBlockers({ application: settings, observation }, to)[0];
  return blocker ? refuseShift(deployment, world, blocker.message) : step;
}

/** A release goes back to waiting for a person; anything else has nothing to wait for. */
function refuseShift(deployment: Deployment, world: World, why: string): Decision {
  // A write that may have been sent must be turned round, not forgotten.
  if (deployment.plan?.shift?.sentAt != null) return change(requestAbort(deployment, why), why);
  if (deployment.kind === "RELEASE") return change(waitForSwitchAgain(deployment, why), why);
  return change(stopped(deployment, world.now, `Not shifted: ${why}`), why);
}

function decideAfterShift(deployment: Deployment, world: World, inStageMs: number): Decision {
  const { now, settings } = world;
  const { bakeUntil, to } = deployment;
  if (deployment.stage === "BAKE_TIME") {
    if (bakeUntil === null) return change({ ...deployment, bakeUntil: now + settings.bakeMinutes * 60_000 }, "Bakes");
    if (now >= bakeUntil) return change(advance(deployment, now), "The bake is over");
    return { kind: "wait", reason: `Watches ${to}; rollback is part of this deployment until the bake ends` };
  }
  return decideProof(deployment, world, inStageMs) ?? { kind: "wait", reason: `Proves that ${to} serves` };
}

/** The next look for proof, or its end; null when it is too early for the next. */
export function decideProof(deployment: Deployment, world: World, elapsedMs: number): Decision | null {
  const { now, settings } = world;
  const { plan } = deployment;
  const sentAt = plan?.shift?.sentAt ?? null;
  const proof = deployment.proof ?? { ruleReadBackMs: plan?.shift?.readBackMs ?? 0, proven: false };
  const give = (note: string) =>
    change(proofSeen(deployment, { proof: unproven(proof, note), isSettled: true }, settings.bakeMinutes, now), note);
  if (settings.requestLine === null || sentAt === null) return give("no request line is configured to look for");
  if (elapsedMs > LIMITS_MS.prove) return give("the logs gave no answer in time");
  if (plan?.provedAt != null && now - plan.provedAt < PROVE_EVERY_MS) return null;
  return { kind: "step", step: { type: "prove", to: plan?.shift?.to ?? deployment.to, sentAt } };
}

/** Weights that are no longer as written, when read twice over some seconds: somebody else acts, so this deployment ends. */
function findStray(deployment: Deployment, world: World): Decision | null {
  const { traffic } = world.observation;
  const { plan } = deployment;
  const shift = plan?.shift;
  if (!plan || shift?.sentAt == null) return null;
  const isAsWritten = isSame(traffic.weights, weightsFor(deployment.to));
  const isNewer = traffic.readAt > shift.sentAt + (shift.readBackMs ?? 0);
  if (isAsWritten || !isNewer)
    return plan.strayedAt !== null && isAsWritten
      ? change(withPlan(deployment, { strayedAt: null }), "The weights are as written")
      : null;
  if (plan.strayedAt === null)
    return change(withPlan(deployment, { strayedAt: traffic.readAt }), `The weights read ${show(traffic.weights)}`);
  if (traffic.readAt - plan.strayedAt < STRAY_AFTER_MS) return { kind: "wait", reason: "Reads the weights again" };
  const why = `Weights changed from ${show(weightsFor(deployment.to))} to ${show(traffic.weights)}, not by Switchyard`;
  const failed = withStage(deployment, deployment.stage, { status: "FAILED", finishedAt: world.now, detail: why });
  return change(stopped(failed, world.now, why), why);
}

function fail(deployment: Deployment, world: World, why: string): Decision {
  return change(failStage(deployment, why, failureEvidence(world.observation, deployment), world.now), why);
}

function change(deployment: Deployment, note: string): Decision {
  return { kind: "change", deployment, note };
}

/** Exact integers: 100/0 is not 1/0. */
export function isSame(a: Weights, b: Weights): boolean {
  return a.blue === b.blue && a.green === b.green;
}

function show(weights: Weights): string {
  return `blue ${weights.blue}, green ${weights.green}`;
}
