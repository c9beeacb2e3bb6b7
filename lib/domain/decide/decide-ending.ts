import type { Deployment } from "../deployment/deployment.ts";
import { hasShifted } from "../deployment/deployment-stage.ts";
import { beginRollback, rollbackFailed, rolledBack, stopped, withPlan } from "../deployment/deployment-transitions.ts";
import { LIMITS_MS, limitsOf } from "../deployment/stage-limit.ts";
import { isSideWarm, minimumHealthyFor } from "../observation/side-health.ts";
import { isSame, weightsFor } from "../observation/traffic.ts";
import { mayServeSick } from "../rules/override-rules.ts";
import { findNotUp } from "../rules/scale-up-rules.ts";
import { deadTasks, deathThreshold } from "../rules/task-deaths.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { decideProof } from "./decide-after-shift.ts";
import { change } from "./decide-change.ts";
import { restoreTest } from "./decide-test-shift.ts";
import { type Decision, FRESH_MS, type World } from "./decision.ts";

/**
 * Ends a deployment that shifted nothing. A side whose new revision did not come up is put back to what it ran before, so
 * that it stops crashing and is warm again; a side that came up is left as it is. A side with traffic is never touched.
 */
export function decideStop(deployment: Deployment, world: World): Decision {
  const { now, observation } = world;
  const { plan, to } = deployment;
  if (hasShifted(deployment))
    return change({ ...deployment, status: "ROLLBACK_REQUESTED" }, say("decision.shiftedAlready"));
  if (!plan) return change(stopped(deployment, now), say("decision.stopped"));
  if (deployment.evidence && !plan.evidenceRead) return { kind: "step", step: { type: "readEvidence", slot: to } };
  if (plan.stoppingAt === undefined) return change(withPlan(deployment, { stoppingAt: now }), say("decision.stops"));
  const isLate = now - plan.stoppingAt > LIMITS_MS.stop;
  const back = isLate ? null : restoreTest(deployment);
  if (back) return back;
  if (plan.restored || isLate || !needsRestoring(deployment, world))
    return change(stopped(deployment, now), say("decision.stopped"));
  const revision = plan.before.revision ?? observation.slots[to].revision;
  if (!revision) return change(withPlan(deployment, { restored: true }), say("decision.nothingToPutBack"));
  const desired = plan.before.revision ? plan.before.desired : 0;
  return { kind: "step", step: { type: "startSide", slot: to, revision, desired, purpose: "restore" } };
}

function needsRestoring(deployment: Deployment, world: World): boolean {
  const { observation } = world;
  const { plan, to, revision } = deployment;
  if (!plan?.requested || !revision || observation.traffic.weights[to] > 0) return false;
  const hadStarted = deployment.stages.some((record) => record.stage === "SCALE_UP" && record.startedAt !== null);
  return hadStarted && findNotUp(world.settings, observation, deployment, revision) !== null;
}

/** Turns a deployment round: the old side gets all traffic back, by the same interlock, read-back and verification as forward. */
export function decideRollback(deployment: Deployment, world: World): Decision {
  const { now, observation, settings } = world;
  const { plan, from } = deployment;
  if (!plan) return change(rollbackFailed(deployment, say("decision.notContinuable"), now), say("decision.givenUp"));
  const { traffic } = observation;
  if (deployment.status === "ROLLBACK_REQUESTED" || plan.turnedAt === null)
    return change(beginRollback(deployment, traffic.weights, now), say("decision.turnsRound", { from }));
  const shift = plan.shift;
  if (shift?.to === from && shift.readBackMs !== null)
    return (
      restoreTest(deployment) ??
      decideProof(deployment, world, now - (shift.sentAt ?? plan.turnedAt)) ??
      waitFor(say("decision.proves", { side: from }))
    );
  const weights = weightsFor(from);
  const isThere = isSame(traffic.weights, weights);
  if (now - plan.turnedAt > limitsOf(deployment).rollback)
    return isThere
      ? change(rolledBack(deployment, now), say("decision.isLive", { side: from }))
      : change(rollbackFailed(deployment, say("decision.notBackInTime", { from }), now), say("decision.givenUp"));
  if (now - traffic.readAt > FRESH_MS || now - observation.observedAt > FRESH_MS)
    return { kind: "look", notBefore: now - FRESH_MS, reason: say("decision.freshLook") };
  if (isThere || isSideWarm(settings, observation, from) || mayServeSick(deployment, observation.slots[from]))
    return { kind: "step", step: { type: "shift", to: from, expected: traffic.weights, weights } };
  return decideWarmUp(deployment, world);
}

/** The old side is cold or sick: it is started again once, and waited for. */
function decideWarmUp(deployment: Deployment, world: World): Decision {
  const { observation, settings, now } = world;
  const { from, fromRevision, plan } = deployment;
  const slot = observation.slots[from];
  const revision = fromRevision ?? slot.revision;
  const minimum = minimumHealthyFor(settings, observation, from);
  const dead = plan?.oldSideStarted && revision ? deadTasks(slot, revision, plan.turnedAt ?? now).length : 0;
  if (dead >= deathThreshold(slot.counts.desired))
    return change(
      rollbackFailed(deployment, say("decision.tasksKeepStopping", { from }), now),
      say("decision.givenUp"),
    );
  const isCold = slot.counts.desired < minimum || slot.revision?.taskDefinition !== revision?.taskDefinition;
  // A side that still holds weight is not updated: only what it lacks in tasks is added.
  const isSafe = observation.traffic.weights[from] === 0 || slot.revision?.taskDefinition === revision?.taskDefinition;
  if (isCold && isSafe && revision && !plan?.oldSideStarted) {
    const desired = Math.max(minimum, slot.counts.desired);
    return { kind: "step", step: { type: "startSide", slot: from, revision, desired, purpose: "rollback" } };
  }
  return waitFor(say("decision.waitsHealthy", { from, minimum, healthy: slot.counts.healthy }));
}

function waitFor(reason: Told): Decision {
  return { kind: "wait", reason };
}
