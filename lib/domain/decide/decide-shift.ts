import type { Deployment } from "../deployment/deployment.ts";
import type { Shift, ShiftStep } from "../deployment/deployment-plan.ts";
import { requestAbort, stopped, waitForSwitchAgain, withPlan } from "../deployment/deployment-transitions.ts";
import { stepAt, stepsOf } from "../deployment/shift-steps.ts";
import { LIMITS_MS } from "../deployment/stage-limit.ts";
import { isSideWarm } from "../observation/side-health.ts";
import { driftOf, isPartWay, isSame, type Traffic, type Weights, weightsWords } from "../observation/traffic.ts";
import { findUncovered, mayServeSick } from "../rules/override-rules.ts";
import { findFailingBlocker, findSideBlockers } from "../rules/switch-rules.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { toldOf } from "../verb/blocker.ts";
import { decideBreach } from "./decide-breach.ts";
import { change } from "./decide-change.ts";
import { findExternalChange } from "./decide-external-change.ts";
import { decideStepBake } from "./decide-step-bake.ts";
import { type Decision, FRESH_MS, type World } from "./decision.ts";

/** Moves production traffic step by step, each behind the same interlocks; between two it bakes. */
export function decideShift(deployment: Deployment, world: World, inStageMs: number): Decision {
  const { now } = world;
  const shift = deployment.plan?.shift;
  const at = stepAt(deployment);
  if (!shift || !at) return change(stopped(deployment, now, say("decision.noWeightsToWrite")), say("decision.givenUp"));
  if (shift.readBackMs !== null && !at.isLast) return decideStepBake(deployment, world, at);
  const sinceDueMs = shift.dueAt === undefined ? inStageMs : now - shift.dueAt;
  // A stopped line holds a later step where it is, for however long: its time begins anew.
  if (world.held && at.index > 0 && sinceDueMs > LIMITS_MS.shift / 2)
    return change(withPlan(deployment, { shift: { ...shift, dueAt: now } }), world.held);
  if (sinceDueMs > LIMITS_MS.shift) {
    const minutes = LIMITS_MS.shift / 60_000;
    const blocker = at.index > 0 ? findBlocker(deployment, world) : null;
    const why = say("decision.notShiftedWithin", { minutes });
    const whole = blocker ? say("decision.notShiftedWithinWhy", { minutes, why: blocker }) : why;
    return change(requestAbort(deployment, whole), why);
  }
  return at.index === 0
    ? decideFirstStep(deployment, world, shift, at.step)
    : decideLaterStep(deployment, world, shift, at.step, at.index);
}

function decideFirstStep(deployment: Deployment, world: World, shift: Shift, { weights }: ShiftStep): Decision {
  const { observation, settings } = world;
  const { to } = deployment;
  if (world.held && deployment.kind !== "ROLLBACK" && shift.sentAt === null)
    return refuseShift(deployment, world, world.held);
  const held = heldDuring(shift, observation.traffic, weights);
  const stale = findStaleLook(deployment, world);
  if (stale) return stale;
  const step = write(deployment, shift, weights);
  if (shift.sentAt !== null && isSame(held, weights)) return step;
  const drift = driftOf(observation.traffic);
  if (drift) return refuseShift(deployment, world, drift);
  if (!isSame(held, shift.expected)) {
    if (deployment.kind === "ROLLBACK")
      return change(withPlan(deployment, { shift: { ...shift, expected: held } }), say("decision.fromAsTheyAre"));
    return refuseShift(deployment, world, movedSaid(shift.expected, held));
  }
  if (deployment.kind === "ROLLBACK") {
    if (isSideWarm(settings, observation, to) || mayServeSick(deployment, observation.slots[to])) return step;
    return { kind: "wait", reason: say("decision.waitsBack", { to }) };
  }
  const blocker = findBlocker(deployment, world);
  return blocker ? refuseShift(deployment, world, blocker) : step;
}

/** Traffic is split already: what blocks is waited for, what breaks a bound rolls back, and foreign weights end it. */
function decideLaterStep(
  deployment: Deployment,
  world: World,
  shift: Shift,
  { weights, percent }: ShiftStep,
  index: number,
): Decision {
  const drift = driftOf(world.observation.traffic);
  const held = heldDuring(shift, world.observation.traffic, weights);
  const stale = findStaleLook(deployment, world);
  if (stale) return stale;
  const step = write(deployment, shift, weights);
  if (shift.sentAt !== null && isSame(held, weights)) return step;
  if (shift.sentAt !== null && (drift || !isSame(held, shift.expected))) {
    // A write that may have been sent must be rolled back, not forgotten.
    const why = drift ?? movedSaid(shift.expected, held);
    return change(requestAbort(deployment, why), why);
  }
  const known = findExternalChange(deployment, world) ?? decideBreach(deployment, world);
  if (known) return known;
  const blocker = drift ?? findBlocker(deployment, world);
  if (!blocker) return step;
  const steps = stepsOf(deployment).length;
  return { kind: "wait", reason: say("decision.stepWaits", { step: index + 1, steps, percent, why: blocker }) };
}

function findStaleLook({ kind }: Deployment, { observation, now }: World): Decision | null {
  const isFresh = now - observation.traffic.readAt <= FRESH_MS && now - observation.observedAt <= FRESH_MS;
  // The way back rests on what was last known of the old side for longer: it is needed just when AWS is in trouble.
  const failing = kind === "ROLLBACK" ? null : findFailingBlocker({ observation, now });
  if (isFresh && !failing) return null;
  return { kind: "look", notBefore: now - FRESH_MS, reason: failing ? toldOf(failing) : say("decision.freshLook") };
}

/** What is held by the measure of the shift: one that was cut off between several listeners has yet to be made. */
function heldDuring({ sentAt, expected }: Shift, traffic: Traffic, weights: Weights): Weights {
  return sentAt !== null && isPartWay(traffic, expected, weights) ? expected : traffic.weights;
}

function write({ to }: Deployment, { expected }: Shift, weights: Weights): Decision {
  return { kind: "step", step: { type: "shift", to, expected, weights } };
}

function findBlocker(deployment: Deployment, { observation, settings, held }: World): Told | null {
  const { to, revision, kind } = deployment;
  if (held && kind !== "ROLLBACK") return held;
  if (observation.slots[to].revision?.taskDefinition !== revision?.taskDefinition)
    return say("decision.otherDefinition", { to });
  const blockers = findSideBlockers({ application: settings, observation }, to, {
    isWayBack: kind === "ROLLBACK",
  });
  const blocker = findUncovered(blockers, deployment, to)[0];
  return blocker ? toldOf(blocker) : null;
}

function movedSaid(before: Weights, after: Weights): Sentence {
  return say("decision.weightsChangedWhy", { before: weightsWords(before), after: weightsWords(after) });
}

/** A release goes back to waiting for a person; anything else has nothing to wait for. */
function refuseShift(deployment: Deployment, world: World, why: Told): Decision {
  // A write that may have been sent must be rolled back, not forgotten.
  if (deployment.plan?.shift?.sentAt != null) return change(requestAbort(deployment, why), why);
  if (deployment.kind === "RELEASE") return change(waitForSwitchAgain(deployment, why), why);
  return change(stopped(deployment, world.now, say("decision.notShifted", { why })), why);
}
