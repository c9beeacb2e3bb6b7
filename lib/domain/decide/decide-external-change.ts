import { withStage } from "../deployment/change-stage.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { stopped, withPlan } from "../deployment/deployment-transitions.ts";
import { newestStep } from "../deployment/shift-steps.ts";
import { isSame, weightsWords } from "../observation/traffic.ts";
import { say } from "../sentence/sentence.ts";
import { change } from "./decide-change.ts";
import { type Decision, EXTERNAL_CHANGE_AFTER_MS, type World } from "./decision.ts";

/** Weights that are no longer as written, when read twice over some seconds: somebody else acts, so this deployment ends. */
export function findExternalChange(deployment: Deployment, world: World): Decision | null {
  const { traffic } = world.observation;
  const { plan } = deployment;
  const written = newestStep(deployment)?.step;
  if (!plan || !written || written.shiftedAt === null) return null;
  const isAsWritten = isSame(traffic.weights, written.weights);
  const isNewer = traffic.readAt > written.shiftedAt + (written.readBackMs ?? 0);
  if (isAsWritten || !isNewer)
    return plan.strayedAt !== null && isAsWritten
      ? change(withPlan(deployment, { strayedAt: null }), say("decision.weightsAsWritten"))
      : null;
  if (plan.strayedAt === null)
    return change(
      withPlan(deployment, { strayedAt: traffic.readAt }),
      say("decision.weightsRead", { weights: weightsWords(traffic.weights) }),
    );
  if (traffic.readAt - plan.strayedAt < EXTERNAL_CHANGE_AFTER_MS)
    return { kind: "wait", reason: say("decision.readsAgain") };
  const why = say("decision.weightsChanged", {
    before: weightsWords(written.weights),
    after: weightsWords(traffic.weights),
  });
  const failed = withStage(deployment, deployment.stage, { status: "FAILED", finishedAt: world.now, detail: why });
  return change(stopped(failed, world.now, why), why);
}
