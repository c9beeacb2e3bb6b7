import type { Result } from "../domain/blocker.ts";
import type { Deployment, JournalEntry } from "../domain/deployment.ts";
import { maySee } from "../domain/role.ts";
import { withWaiting } from "../domain/stage-limit.ts";
import type { Context } from "../operations/context.ts";
import { noDeployment } from "../operations/permission.ts";
import { withStore } from "../operations/refusal.ts";
import { ask } from "./ask.ts";

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
