import { maySee } from "../domain/access/role.ts";
import type { Deployment, JournalEntry } from "../domain/deployment/deployment.ts";
import { withWaiting } from "../domain/deployment/stage-limit.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { noDeployment } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";

/** One deployment with its journal, oldest entry first. */
export function getDeployment(
  ctx: Context,
  id: string,
): Promise<Result<{ deployment: Deployment; journal: JournalEntry[] }>> {
  return ask(ctx, null, async () => {
    const { store, observer } = ctx.runtime;
    const [deployment, journal] = await withStore(() => Promise.all([store.findDeployment(id), store.listJournal(id)]));
    if (!deployment || !maySee(ctx.identity, deployment.application)) return noDeployment(id);
    const look = observer.observation(deployment.application);
    return { ok: true, value: { deployment: look ? withWaiting(deployment, look) : deployment, journal } };
  });
}
