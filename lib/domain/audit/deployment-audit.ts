import { type Deployment, isInFlight, type JournalEntry } from "../deployment/deployment.ts";
import { otherColor } from "../observation/slot.ts";
import type { AuditRow } from "./audit.ts";
import { sideWords, standWords } from "./audit-words.ts";

/** What the audit says of what came of a deployment; the engine did it, so it is the actor. */
export type DeploymentOutcome = Omit<AuditRow, "id" | "at" | "sequence" | "hash">;

const ENDS: Readonly<Partial<Record<Deployment["status"], string>>> = {
  SUCCESSFUL: "deployment.succeeded",
  STOPPED: "deployment.stopped",
  ROLLBACK_SUCCESSFUL: "deployment.rolled-back",
  ROLLBACK_FAILED: "deployment.rollback-failed",
};

/**
 * The audit rows that one change of a deployment's record gives: traffic that was moved, a side that was stopped, its end. The
 * end names the AWS requests of all its writes, `requestIds`.
 */
export function outcomesOf(
  before: Deployment,
  after: Deployment,
  entries: readonly Omit<JournalEntry, "sequence">[],
  requestIds: readonly string[],
): DeploymentOutcome[] {
  const rows = entries.flatMap((entry) => {
    if (entry.phase !== "done") return [];
    if (entry.step === "shift") return [trafficMoved(after, entry)];
    return entry.step === "retire" ? [sideRetired(after, entry)] : [];
  });
  return isInFlight(before) && !isInFlight(after) ? [...rows, ended(after, requestIds)] : rows;
}

function base(deployment: Deployment): DeploymentOutcome {
  return {
    actorId: "engine",
    actorName: "Switchyard",
    role: null,
    via: "engine",
    address: null,
    action: "",
    application: deployment.application,
    deploymentId: deployment.id,
    outcome: "done",
    code: null,
    message: "",
    reason: null,
  };
}

function trafficMoved(deployment: Deployment, { at, message, awsRequestId }: Omit<JournalEntry, "sequence">) {
  const to = deployment.plan?.shift?.to ?? deployment.to;
  const from = otherColor(to);
  const revisionOf = (color: typeof to) => (color === deployment.to ? deployment.revision : deployment.fromRevision);
  const isBack = to === deployment.from;
  const isPart = deployment.stage === "PRODUCTION_TRAFFIC_SHIFT" && !isBack;
  return {
    ...base(deployment),
    askedAt: deployment.plan?.shift?.sentAt ?? at,
    action: isBack ? "traffic.rolled-back" : isPart ? "traffic.shifted" : "traffic.switched",
    before: sideWords(from, revisionOf(from)),
    after: sideWords(to, revisionOf(to)),
    message,
    ...(awsRequestId ? { awsRequestIds: [awsRequestId] } : {}),
  };
}

function sideRetired(deployment: Deployment, { at, message, awsRequestId }: Omit<JournalEntry, "sequence">) {
  return {
    ...base(deployment),
    askedAt: at,
    action: "side.retired",
    message,
    ...(awsRequestId ? { awsRequestIds: [awsRequestId] } : {}),
  };
}

function ended(deployment: Deployment, requestIds: readonly string[]): DeploymentOutcome {
  const { status, from, to, fromRevision, revision, proof, statusReason } = deployment;
  const isSuccessful = status === "SUCCESSFUL";
  const hasFailed = status === "ROLLBACK_FAILED" || deployment.stages.some((stage) => stage.status === "FAILED");
  const proven = proof === null ? "" : proof.proven ? ", proven" : `, ${proof.note ?? "not proven"}`;
  return {
    ...base(deployment),
    askedAt: deployment.startedAt,
    action: ENDS[status] ?? "deployment.ended",
    before: sideWords(from, fromRevision),
    after: isSuccessful ? sideWords(to, revision) : sideWords(from, fromRevision),
    outcome: isSuccessful || status === "ROLLBACK_SUCCESSFUL" || !hasFailed ? "done" : "failed",
    message: `${deployment.kind} ${standWords(deployment)}${proven}${statusReason ? `: ${statusReason}` : ""}`,
    reason: deployment.reason,
    ...(requestIds.length > 0 ? { awsRequestIds: requestIds } : {}),
  };
}
