import type { Deployment } from "../deployment/deployment.ts";
import { advance, proofSeen } from "../deployment/deployment-transitions.ts";
import { unverified } from "../deployment/proof.ts";
import { LIMITS_MS } from "../deployment/stage-limit.ts";
import type { Sentence } from "../sentence/sentence.ts";
import { say } from "../sentence/sentence.ts";
import { change } from "./decide-change.ts";
import { type Decision, FRESH_MS, PROVE_EVERY_MS, type World } from "./decision.ts";

/** For so long after its bake a deployment waits for a reading of the weights. */
const READ_WITHIN_MS = 2 * 60_000;

/** The verification, then the bake. */
export function decideAfterShift(deployment: Deployment, world: World, inStageMs: number): Decision {
  const { now, settings } = world;
  const { bakeUntil, to } = deployment;
  if (deployment.stage === "BAKE_TIME") {
    if (bakeUntil === null)
      return change({ ...deployment, bakeUntil: now + settings.bakeMinutes * 60_000 }, say("decision.bakes"));
    if (now >= bakeUntil) return decideBakeEnd(deployment, world, bakeUntil);
    return { kind: "wait", reason: say("decision.watches", { to }) };
  }
  return decideProof(deployment, world, inStageMs) ?? { kind: "wait", reason: say("decision.proves", { side: to }) };
}

/** It ends on what the listener holds then: what somebody wrote since the last look is somebody else's end. Weights that cannot be read hold it up for minutes alone. */
function decideBakeEnd(deployment: Deployment, { now, observation }: World, bakeUntil: number): Decision {
  const isFresh = now - observation.traffic.readAt <= FRESH_MS;
  if (!isFresh && now - bakeUntil < READ_WITHIN_MS)
    return { kind: "look", notBefore: now - FRESH_MS, reason: say("decision.freshLook") };
  const unread = isFresh ? undefined : say("decision.bakeOverUnread", { name: observation.traffic.name });
  return change(advance(deployment, now, unread), say("decision.bakeOver"));
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
