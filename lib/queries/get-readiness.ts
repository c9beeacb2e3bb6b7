import { maySee } from "../domain/access/role.ts";
import type { ReadinessReport } from "../domain/readiness/readiness.ts";
import { readinessReport } from "../domain/readiness/readiness-report.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import type { Context, OperationRuntime } from "../request/context.ts";
import { noApplication } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";

/** Applications are looked at one after another, each with dozens of calls. */
const PATIENCE_MS = 30_000;

/** How ready one application is; `isFresh` asks AWS again, as often as once in a few seconds for all who ask. */
export function getReadiness(ctx: Context, name: string, isFresh = false): Promise<Result<ReadinessReport>> {
  return ask(
    ctx,
    name,
    async () => {
      const report = await reportOn(ctx.runtime, name, isFresh ? 0 : undefined);
      return report ? { ok: true, value: report } : noApplication(name);
    },
    { cost: ASKS_AWS, patienceMs: PATIENCE_MS },
  );
}

/** How ready every application is that the asker may see; the proposed one where none is configured. */
export function listReadiness(ctx: Context): Promise<Result<ReadinessReport[]>> {
  return ask(
    ctx,
    null,
    async () => {
      const names = ctx.runtime.readiness
        .subjects()
        .map(({ application }) => application)
        .filter((name) => maySee(ctx.identity, name));
      const reports = await Promise.all(names.map((name) => reportOn(ctx.runtime, name)));
      return { ok: true, value: reports.filter((report) => report !== null) };
    },
    { cost: ASKS_AWS, patienceMs: PATIENCE_MS },
  );
}

/** Who put what off is the newest, however old the look at AWS is. */
async function reportOn(runtime: OperationRuntime, name: string, ageMs?: number): Promise<ReadinessReport | null> {
  const [look, putOffs] = await Promise.all([
    runtime.readiness.look(name, ageMs),
    withStore(() => runtime.store.listPutOffs(name)),
  ]);
  return look && readinessReport(look.subject, look.facts, putOffs, runtime.now(), look.history);
}
