import { reasonMembers, withStage } from "../deployment/change-stage.ts";
import { type Deployment, isInFlight, type Proof } from "../deployment/deployment.ts";
import { reasonOf, stageRecord } from "../deployment/deployment-stage.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { findLastMove } from "./rollback-rules.ts";
import type { RuleFacts } from "./rule-facts.ts";

/** A switch that went on without its proof: later requests can still give it. */
export interface Unverified {
  deployment: Deployment;
  shift: NonNullable<NonNullable<Deployment["plan"]>["shift"]> & { sentAt: number };
  proof: Proof;
}

const LEAST_MS = 10_000;
const MOST_MS = 5 * 60_000;

/**
 * The newest move of traffic, when it is not verified and still holds. Null as well while the verification is being taken, and where no
 * request line is configured, because then a switch rests on the read-back alone.
 */
export function findUnverified(
  facts: Pick<RuleFacts, "application" | "deployment" | "history" | "observation">,
): Unverified | null {
  const { application, deployment, history, observation } = facts;
  if (!application.requestLine) return null;
  const moved = deployment ?? findLastMove(history);
  const shift = moved?.plan?.shift;
  if (!moved?.proof || moved.proof.proven || !shift || shift.sentAt === null) return null;
  if (isInFlight(moved) && stageRecord(moved, "POST_PRODUCTION_TRAFFIC_SHIFT").status !== "SUCCEEDED") return null;
  if (observation.traffic.drift || observation.traffic.live !== shift.to) return null;
  return { deployment: moved, shift: { ...shift, sentAt: shift.sentAt }, proof: moved.proof };
}

/** Time to the next look: the longer nothing came, the less often. */
export function lateLookEveryMs(elapsedMs: number): number {
  return Math.min(MOST_MS, Math.max(LEAST_MS, elapsedMs / 20));
}

/** The record once requests have verified it after all; what it said of the missing verification goes. */
export function provenLate(deployment: Deployment, proof: Proof): Deployment {
  const missing = deployment.proof?.note;
  const proven = { ...deployment, proof, ...reasonMembers(withoutNote(deployment, missing)) };
  const stage = stageRecord(deployment, "POST_PRODUCTION_TRAFFIC_SHIFT");
  if (missing === undefined || stage.detail !== missing) return proven;
  return withStage(proven, stage.stage, { detail: say("proof.later") });
}

/** Why it is in its status, without what it says of the missing verification. */
function withoutNote(deployment: Deployment, missing: string | undefined): Told | null {
  const { statusReason, statusSaid } = deployment;
  if (missing === undefined || statusReason?.startsWith(missing) !== true) return reasonOf(deployment);
  const { second } = statusSaid?.code === "told.next" ? statusSaid.params : {};
  if (typeof second === "object") return second;
  return statusReason.slice(missing.length).replace(/^\. /, "") || null;
}
