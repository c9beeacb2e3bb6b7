import { inTime } from "../async/within.ts";
import { maySee } from "../domain/access/role.ts";
import { type Deployment, isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import { diffTaskDefinitions, type TaskDefinitionChange } from "../domain/observation/task-definition.ts";
import type { Receipt } from "../domain/snapshot/receipt.ts";
import type { Blocker, Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { noDeployment } from "../request/permission.ts";
import { notInTime, refusalOf, withStore } from "../request/refusal.ts";
import { getReceipt } from "./get-receipt.ts";
import { findDecisionBlocker } from "./list-approvals.ts";

/** What an approver reads before deciding. */
export interface ApprovalView {
  deployment: Deployment;
  /** What the switch would rest on now; null once there is nothing to decide, or where AWS does not answer. */
  receipt: Receipt | null;
  /** What the new revision changes of the one that is live; null where it cannot be told. */
  changes: TaskDefinitionChange[] | null;
  /** Why one of them is missing, in words; null when none is. */
  problem: string | null;
  /** Why the asker cannot decide; null when they can. */
  blocker: Blocker | null;
}

/** A deployment as those see it who approve it: also once it is decided, so that a link says what became of it. */
export function getApproval(ctx: Context, id: string): Promise<Result<ApprovalView>> {
  return ask(ctx, null, async () => {
    const { runtime, identity } = ctx;
    const deployment = await withStore(() => runtime.store.findDeployment(id));
    if (!deployment || !maySee(identity, deployment.application)) return noDeployment(id);
    const [receipt, changes] = await Promise.all([
      isAwaitingSwitch(deployment) ? getReceipt(ctx, deployment.application, deployment.to) : null,
      readChanges(ctx, deployment),
    ]);
    const problems = [receipt, changes].flatMap((each) => (each && !each.ok ? [each.message] : []));
    return {
      ok: true,
      value: {
        deployment,
        receipt: receipt?.ok ? receipt.value : null,
        changes: changes.ok ? changes.value : null,
        problem: problems[0] ?? null,
        blocker: findDecisionBlocker(deployment, identity, runtime.now()),
      },
    };
  });
}

/** The rest of the page waits no longer for the diff, in ms. */
const PATIENCE_MS = 8_000;

/** Between what is live and what is to be; AWS may forget a task definition, which keeps nobody from deciding. */
async function readChanges(ctx: Context, deployment: Deployment): Promise<Result<TaskDefinitionChange[] | null>> {
  const { fromRevision, revision } = deployment;
  if (!revision) return { ok: true, value: null };
  const application = ctx.runtime.observer.findApplication(deployment.application);
  if (!application) return { ok: true, value: null };
  const { definitions } = ctx.runtime.awsFor(application);
  try {
    const read = await inTime(
      PATIENCE_MS,
      Promise.all([
        fromRevision ? definitions.get(fromRevision.taskDefinition, "question") : null,
        definitions.get(revision.taskDefinition, "question"),
      ]),
    );
    return read ? { ok: true, value: diffTaskDefinitions(...read.value) } : notInTime(PATIENCE_MS);
  } catch (error) {
    return refusalOf(error);
  }
}
