import type { Deployment } from "../deployment/deployment.ts";
import { advance, proofSeen } from "../deployment/deployment-transitions.ts";
import { unverified } from "../deployment/proof.ts";
import { LIMITS_MS } from "../deployment/stage-limit.ts";
import type { Sentence } from "../sentence/sentence.ts";
import { say } from "../sentence/sentence.ts";
import { change } from "./decide-change.ts";
import { type Decision, PROVE_EVERY_MS, type World } from "./decision.ts";

/** The verification, then the bake. */
export function decideAfterShift(deployment: Deployment, world: World, inStageMs: number): Decision {
  const { now, settings } = world;
  const { bakeUntil, to } = deployment;
  if (deployment.stage === "BAKE_TIME") {
    if (bakeUntil === null)
      return change({ ...deployment, bakeUntil: now + settings.bakeMinutes * 60_000 }, say("decision.bakes"));
    if (now >= bakeUntil) return change(advance(deployment, now), say("decision.bakeOver"));
    return { kind: "wait", reason: say("decision.watches", { to }) };
  }
  return decideProof(deployment, world, inStageMs) ?? { kind: "wait", reason: say("decision.proves", { side: to }) };
}

/** The next look for verification, or its end; null when it is too early for the next. */
export function decideProof(deployment: Deployment, world: World, elapsedMs: number): Decision | null {
  const { now, settings } = world;
  const { plan } = deployment;
  const sentAt = plan?.shift?.sentAt ?? null;
  const proof = deployment.proof ?? { ruleReadBackMs: plan?.shift?.readBackMs ?? 0, proven: false };
  const give = (note: Sentence) =>
    change(proofSeen(deployment, { proof: unverified(proof, note), isSettled: true }, settings.bakeMinutes, now), note);
  if (settings.requestLine === null || sentAt === null) return give(say("proof.noRequestLine"));
  if (elapsedMs > LIMITS_MS.prove) return give(say("proof.noAnswer"));
  if (plan?.provedAt != null && now - plan.provedAt < PROVE_EVERY_MS) return null;
  return { kind: "step", step: { type: "prove", to: plan?.shift?.to ?? deployment.to, sentAt } };
}
