import type { AwsDeployment } from "../observation/aws-deployment.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { withStage } from "./change-stage.ts";
import type { Deployment, EndedGate, FollowedGate } from "./deployment.ts";
import { stageRecord } from "./deployment-stage.ts";
import { isAnswered, isLaterGate } from "./same-gate.ts";

/** A gate that is seen to be gone this long before its end may have ended by itself: clocks differ. */
const CLOCKS_DIFFER_MS = 5_000;

/** "Nobody answered in time: AWS went on"; "Answered outside Switchyard by deployer/kim: AWS went on". */
export function endedSaid({ how, action, by }: Pick<EndedGate, "how" | "action" | "by">): Sentence {
  const did = action ?? "unknown";
  return by?.state === "known"
    ? say("decision.gateEndedBy", { action: did, who: by.who })
    : say("decision.gateEnded", { how, action: did });
}

/**
 * The record without the gate that AWS no longer shows as open, and with how it ended where nobody answered it from here. Its
 * stage says so.
 */
export function withoutGate(deployment: Deployment, seen: AwsDeployment, now: number): Deployment {
  const { aws } = deployment;
  if (!aws) return deployment;
  const cleared = { ...deployment, aws: { ...aws, gate: null, answer: null } };
  const { gate } = aws;
  if (!gate || isOurs(deployment, gate)) return cleared;
  const how = howItEnded(gate, seen, now);
  // An answer whose own answer was lost: AWS did as it was told.
  if (aws.answer?.gate === gate.id && how.action === aws.answer.action && how.how === "elsewhere") return cleared;
  const ended: EndedGate = { ...gate, ...how, at: now, waitedMs: waitedAt(deployment, gate, now) };
  const told = { ...cleared, aws: { ...cleared.aws, ended: [...(aws.ended ?? []), ended] } };
  const record = stageRecord(told, gate.stage);
  if (record.status === "FAILED") return told;
  return withStage(told, gate.stage, { detail: endedSaid(ended) });
}

/** How long the gate has waited, in ms. */
export function waitedAt(deployment: Deployment, { stage }: Pick<FollowedGate, "stage">, now: number): number {
  return Math.max(0, now - (stageRecord(deployment, stage).startedAt ?? now));
}

/** Answered from here, or ended because somebody asked from here to end all of it. */
function isOurs({ aws, status }: Deployment, gate: FollowedGate): boolean {
  return status !== "IN_PROGRESS" || (aws !== undefined && isAnswered(aws, gate));
}

function howItEnded(
  gate: FollowedGate,
  { gates, status }: AwsDeployment,
  now: number,
): Pick<EndedGate, "how" | "action"> {
  const state = gates.find((each) => each.id === gate.id && !isLaterGate(each, gate))?.state;
  if (state === "TIMED_OUT") return { how: "expired", action: gate.onExpiry };
  if (state === "SUCCEEDED") return { how: "elsewhere", action: "CONTINUE" };
  if (state === "FAILED") return { how: "elsewhere", action: "ROLLBACK" };
  // Stopped with all that waited in it: whether it is rolled back is not told yet, or it is not.
  const isStopped = status === "STOP_REQUESTED" || status === "STOPPED";
  const turns = status !== "IN_PROGRESS" && status !== "SUCCESSFUL";
  const isDue = gate.expiresAt !== null && now >= gate.expiresAt - CLOCKS_DIFFER_MS;
  if (isDue && turns === (gate.onExpiry === "ROLLBACK")) return { how: "expired", action: gate.onExpiry };
  return { how: "elsewhere", action: isStopped ? null : turns ? "ROLLBACK" : "CONTINUE" };
}
