import type { Incident, IncidentHead } from "../domain/incident/incident.ts";
import { say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findApplication } from "../request/load-facts.ts";
import { refuse, withStore } from "../request/refusal.ts";

const MOST = 50;

/** What was kept of an application, newest first, long after AWS has forgotten it. */
export function listIncidents(ctx: Context, name: string): Promise<Result<IncidentHead[]>> {
  return ask(ctx, name, async () => {
    const found = findApplication(ctx.runtime, name);
    if (!found.ok && found.code === "NOT_FOUND") return found;
    return { ok: true, value: await withStore(() => ctx.runtime.store.listIncidents(name, MOST)) };
  });
}

/** One of them, whole. */
export function getIncident(ctx: Context, name: string, id: string): Promise<Result<Incident>> {
  return ask(ctx, name, async () => {
    const found = findApplication(ctx.runtime, name);
    if (!found.ok && found.code === "NOT_FOUND") return found;
    const incident = await withStore(() => ctx.runtime.store.findIncident(name, id));
    return incident
      ? { ok: true, value: incident }
      : refuse("NOT_FOUND", say("refusal.noIncident", { id: cutText(id, 80) }));
  });
}
