import type { Deployment } from "../deployment/deployment.ts";
import { advance, failStage, withPlan } from "../deployment/deployment-transitions.ts";
import { LIMITS_MS, stageLimit } from "../deployment/stage-limit.ts";
import { minutesWords } from "../observation/rollout.ts";
import { findNotReady, findNotUp, findScaleUpFailure } from "../rules/scale-up-rules.ts";
import { change, fail } from "./decide-change.ts";
import type { Decision, World } from "./decision.ts";

/** Registers the revision, starts the side and waits until it is ready. */
export function decideScaleUp(deployment: Deployment, world: World, inStageMs: number): Decision {
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
  // Bringing back what was live waits for nothing but healthy targets.
  const findReason = deployment.kind === "ROLLBACK" ? findNotUp : findNotReady;
  const notReady = findReason(settings, observation, deployment, revision);
  if (!notReady) return change(advance(deployment, now), `${to} is healthy and stable`);
  const limit = stageLimit(deployment, observation);
  if (limit && now > limit.until)
    return fail(
      deployment,
      world,
      `${to} was not ready within ${minutesWords((limit.until - limit.since) / 60_000)}: ${notReady}`,
    );
  return { kind: "wait", reason: notReady };
}
