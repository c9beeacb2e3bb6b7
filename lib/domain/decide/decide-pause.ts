import { type Deployment, isAwaitingSwitch, pauseStage } from "../deployment/deployment.ts";
import type { Shift } from "../deployment/deployment-plan.ts";
import { detailOf, stageRecord } from "../deployment/deployment-stage.ts";
import { advance, requestAbort, withPlan } from "../deployment/deployment-transitions.ts";
import { limitsOf } from "../deployment/stage-limit.ts";
import { findNotUp, findScaleUpFailure } from "../rules/scale-up-rules.ts";
import { say } from "../sentence/sentence.ts";
import { decideApproval, decideLapse } from "./decide-approval.ts";
import { change, fail } from "./decide-change.ts";
import type { Decision, World } from "./decision.ts";

/** Before the production shift: a release waits for a person, and what needs approval for several; the rest was asked for by one. */
export function decidePause(deployment: Deployment, world: World, inStageMs: number): Decision {
  const isReleased = deployment.kind !== "RELEASE" && !isAwaitingSwitch(deployment);
  if (isReleased) {
    const shift: Shift = {
      to: deployment.to,
      expected: world.observation.traffic.weights,
      sentAt: null,
      readBackMs: null,
    };
    return change(withPlan(advance(deployment, world.now), { shift }), say("decision.goesOn"));
  }
  const { awaitSwitch } = limitsOf(deployment);
  if (!deployment.approval && inStageMs > awaitSwitch) {
    const why = say("decision.nobodySwitched", { minutes: awaitSwitch / 60_000 });
    return change(requestAbort(deployment, why), why);
  }
  const { weights } = world.observation.traffic;
  if (weights[deployment.to] > 0) {
    const why = say("decision.gotWeight", { to: deployment.to, weight: weights[deployment.to] });
    return change(withPlan(requestAbort(deployment, why), { restored: true, evidenceRead: true }), why);
  }
  // Before the look for failures: another revision on the side is asked about anew, where people have to approve it.
  const lapse = decideLapse(deployment, world);
  if (lapse) return lapse;
  const { observation, settings, now } = world;
  const { revision } = deployment;
  const failure = revision && findScaleUpFailure(observation, deployment, revision, now);
  if (failure && findNotUp(settings, observation, deployment, revision)) return fail(deployment, world, failure);
  const record = stageRecord(deployment, pauseStage(deployment));
  return decideApproval(deployment, world) ?? { kind: "wait", reason: detailOf(record) ?? say("decision.waitsSwitch") };
}
