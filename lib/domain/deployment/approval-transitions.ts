import type { ApprovalRule } from "../application/approval-policy.ts";
import { say } from "../sentence/sentence.ts";
import { englishOf, saidOf, type Told } from "../sentence/told.ts";
import {
  type Approval,
  type ApprovalRequest,
  type ApprovalSubject,
  approvalCountSaid,
  canonicalSubject,
  giverOf,
  standingApprovals,
} from "./approval.ts";
import { withStage } from "./change-stage.ts";
import type { Deployment } from "./deployment.ts";
import { pauseStage } from "./deployment.ts";
import { requestAbort } from "./deployment-transitions.ts";
import { countPeople } from "./person.ts";
import { subjectChanges } from "./subject-changes.ts";

/*
 * Every way the asking for approval changes. Like all transitions, each takes the newest record and answers the next.
 */

/** The asking that a deployment under this rule begins with; nobody is asked before it waits. */
export function newApprovalRequest(rule: ApprovalRule): ApprovalRequest {
  return { ...rule, state: "waiting", given: 0, expiresAt: null, subject: null };
}

/** People are asked from now on, about this, until the time limit. */
export function askForApproval(deployment: Deployment, subject: ApprovalSubject, since: number): Deployment {
  const { approval } = deployment;
  if (!approval) return deployment;
  const expiresAt = approval.expiresAt ?? since + approval.timeLimitMinutes * 60_000;
  return told({ ...deployment, approval: { ...approval, subject, expiresAt } });
}

/** So long before AWS goes on by itself its own deployment is rolled back where it was not approved; a quarter of a shorter wait. */
const BEFORE_GATE_ENDS_MS = 60_000;

/**
 * Epoch ms by which it has to be approved where AWS would go on without: before its gate ends, when that is sooner than the time
 * limit. Null where the time limit stands as it is.
 */
export function approvalDue({ approval, aws, stage, stages }: Deployment): number | null {
  const gate = aws?.gate;
  if (gate?.onExpiry !== "CONTINUE" || gate.expiresAt === null) return null;
  if (approval?.state !== "waiting" || approval.expiresAt === null || approval.onTimeLimit === "CONTINUE") return null;
  const since = stages.find((record) => record.stage === stage)?.startedAt ?? gate.expiresAt;
  const due = gate.expiresAt - Math.min(BEFORE_GATE_ENDS_MS, Math.max(0, gate.expiresAt - since) / 4);
  return due < approval.expiresAt ? due : null;
}

/** The asking ends at this time. */
export function withApprovalEnd(deployment: Deployment, expiresAt: number): Deployment {
  const { approval } = deployment;
  return approval ? { ...deployment, approval: { ...approval, expiresAt } } : deployment;
}

/** What was approved has changed: every approval so far counts no more, and people are asked anew about what is now. */
export function lapseApprovals(deployment: Deployment, subject: ApprovalSubject, now: number): Deployment {
  const { approval } = deployment;
  if (!approval || (approval.subject && canonicalSubject(approval.subject) === canonicalSubject(subject)))
    return deployment;
  const why = approval.subject ? subjectChanges(approval.subject, subject) : say("decision.approval.anew");
  const standing = new Set(standingApprovals(deployment));
  const approvals = deployment.approvals.map((each) =>
    standing.has(each) ? { ...each, lapsed: { at: now, why: englishOf(why), said: saidOf(why) } } : each,
  );
  // What is to go live is what was seen there: an approval of now must not be on record for another revision.
  const revision = subject.revisions[deployment.to] ?? deployment.revision;
  return told({
    ...deployment,
    revision,
    approvals,
    approval: { ...approval, state: "waiting", given: 0, subject },
  });
}

/** One more approval; the last one needed makes it go on. What it was given on must be what is asked now. */
export function withApproval(deployment: Deployment, given: Approval, subject: ApprovalSubject): Deployment {
  const current = lapseApprovals(deployment, subject, given.at);
  const { approval } = current;
  if (!approval) return { ...current, approvals: [...current.approvals, given] };
  const next = { ...current, approvals: [...current.approvals, given] };
  // Different people: one person's second approval is no second one.
  const people = countPeople(standingApprovals(next).map(giverOf));
  const state = people >= approval.approvers ? "approved" : "waiting";
  return told({ ...next, approval: { ...approval, subject, given: people, state } });
}

/** One no is enough: it ends with the old side live. */
export function withRejection(deployment: Deployment, given: Approval, why: Told): Deployment {
  const ended = requestAbort(deployment, why);
  const approvals = [...deployment.approvals, given];
  return { ...ended, approvals, ...(ended.approval ? { approval: { ...ended.approval, state: "rejected" } } : {}) };
}

/** The time limit ended, and what it holds for that case happens. */
export function timeLimitEnded(deployment: Deployment, why: Told): Deployment {
  const { approval } = deployment;
  if (!approval) return deployment;
  if (approval.onTimeLimit === "CONTINUE") return { ...deployment, approval: { ...approval, state: "continued" } };
  return { ...requestAbort(deployment, why), approval: { ...approval, state: "expired" } };
}

/** The stage says how far it is. */
function told(deployment: Deployment): Deployment {
  const { approval } = deployment;
  if (!approval) return deployment;
  const detail =
    approval.state === "approved"
      ? say("decision.approval.approved")
      : say("decision.approval.waits", { count: approvalCountSaid(approval) });
  return withStage(deployment, pauseStage(deployment), { detail });
}
