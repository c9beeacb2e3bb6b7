import { can, type Identity, seenApplications } from "../domain/access/role.ts";
import type { Approval } from "../domain/deployment/approval.ts";
import { hasSaid, standingApprovals } from "../domain/deployment/approval.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { approvalAskedAt, approverOf } from "../domain/rules/approval-rules.ts";
import { findApproveBlockers } from "../domain/rules/approve-blockers.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Blocker, Result } from "../domain/verb/blocker.ts";
import { blocker } from "../domain/verb/say-blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";

/** One deployment that waits for people, as the list shows it. */
type WaitingApproval = Pick<
  Deployment,
  "id" | "application" | "kind" | "from" | "to" | "fromRevision" | "revision" | "actor" | "reason"
> & {
  /** Since when people are asked. */
  since: number;
  expiresAt: number | null;
  onTimeLimit: "ROLLBACK" | "CONTINUE";
  approvers: number;
  given: number;
  /** Whose approvals count now, as people know them. */
  approvedBy: string[];
  /** The newest lapse; null when none. */
  lapsed: Approval["lapsed"] | null;
  /** Why it does not wait for the asker; null when it does. */
  blocker: Blocker | null;
};

/** Everything that waits for approval and that the asker may see. */
export interface WaitingApprovals {
  items: WaitingApproval[];
  /** How many of them wait for the asker's own word. */
  yours: number;
}

/** What waits for approval over all applications, newest first; read in one go, whatever the number. */
export function listApprovals(ctx: Context): Promise<Result<WaitingApprovals>> {
  return ask(ctx, null, async () => {
    const { store, now } = ctx.runtime;
    const { identity } = ctx;
    const waiting = await withStore(() => store.listAwaitingApproval(seenApplications(identity)));
    const items = waiting.map((deployment) => itemOf(deployment, identity, now()));
    return { ok: true, value: { items, yours: items.filter((item) => item.blocker === null).length } };
  });
}

/** Why a deployment does not wait for this person's word; null when it does. */
export function findDecisionBlocker(deployment: Deployment, identity: Identity | null, now: number): Blocker | null {
  const { application } = deployment;
  if (!identity || !can(identity, "approve", application)) {
    const refusal = findPermissionRefusal({ identity }, "approve", application);
    if (!refusal) return null;
    const { ok: _refused, ...standing } = refusal;
    return standing;
  }
  if (hasSaid(standingApprovals(deployment), identity))
    return blocker("APPROVAL_NOT_NEEDED", say("refusal.youApproved"));
  return findApproveBlockers(deployment, approverOf(identity, application), now)[0] ?? null;
}

function itemOf(deployment: Deployment, identity: Identity | null, now: number): WaitingApproval {
  const { id, application, kind, from, to, fromRevision, revision, actor, reason, approval, approvals } = deployment;
  return {
    ...{ id, application, kind, from, to, fromRevision, revision, actor, reason },
    since: approvalAskedAt(deployment) ?? deployment.startedAt,
    expiresAt: approval?.expiresAt ?? null,
    onTimeLimit: approval?.onTimeLimit ?? "ROLLBACK",
    approvers: approval?.approvers ?? 0,
    given: approval?.given ?? 0,
    approvedBy: standingApprovals(deployment).map((each) => each.name ?? each.actor),
    lapsed: approvals.findLast((each) => each.lapsed)?.lapsed ?? null,
    blocker: findDecisionBlocker(deployment, identity, now),
  };
}
