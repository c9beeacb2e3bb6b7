import type { Result } from "../domain/blocker.ts";
import type { Deployment, JournalEntry } from "../domain/deployment.ts";
import type { Context } from "../operations/context.ts";
import { refuse, withStore } from "../operations/refusal.ts";
import { ask } from "./ask.ts";

/** One deployment with its journal, oldest entry first. */
export function getDeployment(
  ctx: Context,
  id: string,
): Promise<Result<{ deployment: Deployment; journal: JournalEntry[] }>> {
  return ask(ctx, async () => {
    const { store } = ctx.runtime;
    const [deployment, journal] = await withStore(() => Promise.all([store.findDeployment(id), store.listJournal(id)]));
    if (!deployment) return refuse("NOT_FOUND", `There is no deployment ${id.slice(0, 80)}`);
    return { ok: true, value: { deployment, journal } };
  });
}
