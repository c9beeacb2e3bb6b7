import { change } from "./decide-change.ts";
import { type Decision, LIMITS_MS, PROVE_EVERY_MS, STRAY_AFTER_MS, type World } from "./decision.ts";
import type { Deployment } from "./deployment.ts";
import { withStage } from "./deployment-stage.ts";
import { advance, proofSeen, stopped, withPlan } from "./deployment-transitions.ts";
import { unproven } from "./proof.ts";
import { weightsFor } from "./receipt.ts";
import { isSame, weightsWords } from "./traffic.ts";

/** The proof, then the bake. */
export function decideAfterShift(deployment: Deployment, world: World, inStageMs: number): Decision {
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
export function findStray(deployment: Deployment, world: World): Decision | null {
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
    return change(
      withPlan(deployment, { strayedAt: traffic.readAt }),
      `The weights read ${weightsWords(traffic.weights)}`,
    );
  if (traffic.readAt - plan.strayedAt < STRAY_AFTER_MS) return { kind: "wait", reason: "Reads the weights again" };
  const why = `Weights changed from ${weightsWords(weightsFor(deployment.to))} to ${weightsWords(traffic.weights)}, not by Switchyard`;
  const failed = withStage(deployment, deployment.stage, { status: "FAILED", finishedAt: world.now, detail: why });
  return change(stopped(failed, world.now, why), why);
}
