import { type Deployment, isInFlight, type JournalEntry } from "../deployment/deployment.ts";
import { reasonOf } from "../deployment/deployment-stage.ts";
import { otherColor } from "../observation/slot.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { lineMembers } from "../sentence/told.ts";
import type { AuditRow } from "./audit.ts";
import { sideWords, standSaid } from "./audit-words.ts";

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

function trafficMoved(deployment: Deployment, { at, message, said, awsRequestId }: Omit<JournalEntry, "sequence">) {
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
    ...(said ? { said } : {}),
    ...(awsRequestId ? { awsRequestIds: [awsRequestId] } : {}),
  };
}

function sideRetired(deployment: Deployment, { at, message, said, awsRequestId }: Omit<JournalEntry, "sequence">) {
  return {
    ...base(deployment),
    askedAt: at,
    action: "side.retired",
    message,
    ...(said ? { said } : {}),
    ...(awsRequestId ? { awsRequestIds: [awsRequestId] } : {}),
  };
}

function ended(deployment: Deployment, requestIds: readonly string[]): DeploymentOutcome {
  const { status, aws } = deployment;
  const isSuccessful = status === "SUCCESSFUL";
  const hasFailed = status === "ROLLBACK_FAILED" || deployment.stages.some((stage) => stage.status === "FAILED");
  const why = reasonOf(deployment);
  const end = endSaid(deployment);
  return {
    ...base(deployment),
    askedAt: deployment.startedAt,
    action: ENDS[status] ?? "deployment.ended",
    before: sideWords(deployment.from, deployment.fromRevision),
    after: aws?.left === "split" || aws?.left === "unknown" ? aws.left : liveAfter(deployment),
    outcome: isSuccessful || status === "ROLLBACK_SUCCESSFUL" || !hasFailed ? "done" : "failed",
    ...lineMembers(why ? say("told.why", { what: end, why }) : end),
    reason: deployment.reason,
    ...(requestIds.length > 0 ? { awsRequestIds: requestIds } : {}),
  };
}

function liveAfter({ status, aws, from, to, fromRevision, revision }: Deployment): string {
  const isNew = status === "SUCCESSFUL" || aws?.left === to;
  return isNew ? sideWords(to, revision) : sideWords(from, fromRevision);
}

function endSaid(deployment: Deployment): Sentence {
  const { kind, proof } = deployment;
  const values = { kind, stands: standSaid(deployment) };
  if (proof === null) return say("auditRow.ended", values);
  if (proof.proven) return say("auditRow.endedVerified", values);
  const note = proof.noteSaid ?? proof.note;
  return note ? say("auditRow.endedWithNote", { ...values, note }) : say("auditRow.endedUnverified", values);
}
