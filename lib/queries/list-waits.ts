import { can, type Identity, maySee } from "../domain/access/role.ts";
import type { ControllerName } from "../domain/application/controller-name.ts";
import type { Approval } from "../domain/deployment/approval.ts";
import { standingApprovals } from "../domain/deployment/approval.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { compareWaits, findWait, type Wait, windowWait } from "../domain/rules/waits.ts";
import type { Blocker, Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";
import { findDecisionBlocker } from "./list-approvals.ts";

/** One thing that waits for a person, with the deployment it is about. */
type WaitingItem = Wait &
  Pick<Deployment, "id" | "application" | "from" | "to" | "revision" | "actor" | "reason"> & {
    deploymentKind: Deployment["kind"];
    controller: ControllerName | null;
    /** Whether somebody else started it in AWS. */
    isForeign: boolean;
    /** AWS's hook that waits; null where none does. */
    gate: string | null;
    /** Null where nobody has to approve. */
    approval: { approvers: number; given: number; approvedBy: string[]; lapsed: Approval["lapsed"] | null } | null;
    /** Why it does not wait for the asker; null when it does. */
    blocker: Blocker | null;
  };

/** Everything that waits for a person and that the asker may see. */
export interface Waits {
  items: WaitingItem[];
  /** How many of them wait for the asker. */
  yours: number;
}

/**
 * Every gate, approval and window over all applications, what happens by itself first on top. One question of the database,
 * whatever the number.
 */
export function listWaits(ctx: Context): Promise<Result<Waits>> {
  return ask(ctx, null, async () => {
    const items = [...(await readAsked(ctx)), ...(await readKept(ctx))].sort(compareWaits);
    return { ok: true, value: { items, yours: countYours(items) } };
  });
}

/** Only how many of them wait for the asker. */
export function countWaits(ctx: Context): Promise<Result<{ yours: number }>> {
  return ask(ctx, null, async () => ({ ok: true, value: { yours: countYours(await readAsked(ctx)) } }));
}

function countYours(items: readonly WaitingItem[]): number {
  return items.filter((item) => item.asks && item.blocker === null).length;
}

async function readAsked({ runtime, identity }: Context): Promise<WaitingItem[]> {
  const inFlight = await withStore(() => runtime.store.listDeploymentsInFlight());
  const controllers = new Map(runtime.observer.applications().map(({ name, controller }) => [name, controller]));
  return inFlight.flatMap((deployment) => {
    if (!maySee(identity, deployment.application)) return [];
    const controller = controllers.get(deployment.application) ?? null;
    const wait = findWait(deployment, controller);
    if (!wait) return [];
    return [itemOf(deployment, wait, controller, findBlocker(deployment, wait, identity, runtime.now()))];
  });
}

/** Windows that Switchyard keeps open after a deployment: nobody is asked, and they close by themselves. */
async function readKept({ runtime, identity }: Context): Promise<WaitingItem[]> {
  const all = runtime.observer.applications().filter(({ name }) => maySee(identity, name));
  const snapshots = await Promise.all(all.map(({ name }) => runtime.hub.lastSnapshot(name).catch(() => null)));
  return snapshots.flatMap((snapshot) => {
    const open = snapshot?.openWindow;
    const last = snapshot?.lastDeployment;
    if (!snapshot || !open || open.phase !== "kept" || last?.id !== open.deploymentId) return [];
    const wait = windowWait(open, last.finishedAt ?? last.startedAt, snapshot.window?.scaleDown !== undefined);
    return [itemOf(last, wait, snapshot.controller, null)];
  });
}

/** Why it does not wait for this person: what their role lacks, or for an approval, whose word counts. */
function findBlocker(deployment: Deployment, wait: Wait, identity: Identity | null, now: number): Blocker | null {
  if (wait.kind === "approval") return findDecisionBlocker(deployment, identity, now);
  const verb = wait.kind === "window" ? "retire" : "switch";
  if (identity && can(identity, verb, deployment.application)) return null;
  const refusal = findPermissionRefusal({ identity }, verb, deployment.application);
  return refusal && { code: refusal.code, message: refusal.message, ...(refusal.fix ? { fix: refusal.fix } : {}) };
}

function itemOf(
  deployment: Deployment,
  wait: Wait,
  controller: ControllerName | null,
  blocker: Blocker | null,
): WaitingItem {
  const { id, application, kind, from, to, revision, actor, reason, approval, approvals, aws } = deployment;
  return {
    ...wait,
    ...{ id, application, from, to, revision, actor, reason, deploymentKind: kind, controller, blocker },
    isForeign: aws?.isForeign === true,
    gate: aws?.gate?.id ?? null,
    approval: approval
      ? {
          approvers: approval.approvers,
          given: approval.given,
          approvedBy: standingApprovals(deployment).map((each) => each.name ?? each.actor),
          lapsed: approvals.findLast((each) => each.lapsed)?.lapsed ?? null,
        }
      : null,
  };
}
