import type { Deployment } from "../deployment/deployment.ts";
import { advance, failStage, withPlan } from "../deployment/deployment-transitions.ts";
import { LIMITS_MS, stageLimit } from "../deployment/stage-limit.ts";
import { minutesSaid } from "../observation/rollout.ts";
import { findNotReady, findNotUp, findScaleUpFailure } from "../rules/scale-up-rules.ts";
import { say } from "../sentence/sentence.ts";
import { change, fail } from "./decide-change.ts";
import type { Decision, World } from "./decision.ts";

/** Registers the revision, starts the side and waits until it is ready. */
export function decideScaleUp(deployment: Deployment, world: World, inStageMs: number): Decision {
  const { observation, now, settings } = world;
  const { to, plan } = deployment;
  // A side with traffic is never updated: whoever gave it weight did so behind this deployment's back.
  if (observation.traffic.weights[to] > 0) {
    const why = say("decision.gotWeightUntouched", { to, weight: observation.traffic.weights[to] });
    return change(withPlan(failStage(deployment, why, null, now), { restored: true, evidenceRead: true }), why);
  }
  const { requested } = plan ?? {};
  if (deployment.stage === "PRE_SCALE_UP") {
    if (inStageMs > LIMITS_MS.register) return fail(deployment, world, say("decision.notRegisteredInTime"));
    if (requested) return { kind: "step", step: { type: "registerRevision", slot: to, request: requested } };
    return fail(deployment, world, say("decision.nothingToRun"));
  }
  const { revision } = deployment;
  if (!revision) return fail(deployment, world, say("decision.revisionUnknown"));
  if (deployment.stage === "SCALE_UP") {
    if (inStageMs > LIMITS_MS.scaleUp) return fail(deployment, world, say("decision.notStartedInTime", { to }));
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
  if (!notReady) return change(advance(deployment, now), say("decision.healthyStable", { to }));
  const limit = stageLimit(deployment, observation);
  if (limit && now > limit.until)
    return fail(
      deployment,
      world,
      say("decision.notReadyWithin", { to, time: minutesSaid((limit.until - limit.since) / 60_000), why: notReady }),
    );
  return { kind: "wait", reason: notReady };
}
