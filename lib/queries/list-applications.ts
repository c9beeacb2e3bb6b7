import { maySee } from "../domain/access/role.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import { type ApplicationSummary, summaryOf } from "../domain/snapshot/summary.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";

/** Every application that was found in AWS, by name, as it is known now: one that was not read yet says so. Asks AWS nothing. */
export function listApplications(ctx: Context): Promise<Result<ApplicationSnapshot[]>> {
  return ask(ctx, null, async () => {
    const { hub, observer } = ctx.runtime;
    const all = observer.applications().map((application) => application.name);
    const names = all.filter((name) => maySee(ctx.identity, name));
    const snapshots = await Promise.all(names.map((name) => hub.listedSnapshot(name)));
    const value = snapshots.filter((snapshot) => snapshot !== null);
    return { ok: true, value: value.sort((a, b) => a.name.localeCompare(b.name)) };
  });
}

/** The same in short: what a list shows of each. */
export async function listSummaries(ctx: Context): Promise<Result<ApplicationSummary[]>> {
  const all = await listApplications(ctx);
  return all.ok ? { ok: true, value: all.value.map(summaryOf) } : all;
}
