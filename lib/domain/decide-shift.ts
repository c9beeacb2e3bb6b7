import { change } from "./decide-change.ts";
import { type Decision, FRESH_MS, LIMITS_MS, type World } from "./decision.ts";
import type { Deployment } from "./deployment.ts";
import { requestAbort, stopped, waitForSwitchAgain, withPlan } from "./deployment-transitions.ts";
import { weightsFor } from "./receipt.ts";
import { findSideBlockers } from "./switch-rules.ts";
import { isSame, weightsWords } from "./traffic.ts";
import { isSideWarm } from "./warmth.ts";

/** The write of weights, behind its interlocks. */
export function decideShift(deployment: Deployment, world: World, inStageMs: number): Decision {
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
      `weights changed from ${weightsWords(shift.expected)} to ${weightsWords(held)}, not by Switchyard`,
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
