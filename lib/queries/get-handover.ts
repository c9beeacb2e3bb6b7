import {
  type Handover,
  type HandoverScope,
  handoverMarkdown,
  handoverText,
  writeHandover,
} from "../domain/audit/handover.ts";
import { say } from "../domain/sentence/sentence.ts";
import { type Told, toldIn } from "../domain/sentence/told.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { noApplication } from "../request/permission.ts";
import { refuse, withStore } from "../request/refusal.ts";
import type { AuditQuery } from "../store/store.ts";
import { getDeployment } from "./get-deployment.ts";

/** A handover as it is copied. */
export interface WrittenHandover extends Handover {
  text: string;
  markdown: string;
}

/** More than anybody reads in two minutes. */
const MOST_ROWS = 500;
const DEFAULT_HOURS = 12;
const MOST_HOURS = 168;
const HOUR_MS = 60 * 60_000;

/** What an application's next keeper needs of the last hours, from the audit alone. */
export function getApplicationHandover(
  ctx: Context,
  name: string,
  hours: string | null = null,
): Promise<Result<WrittenHandover>> {
  return ask(ctx, name, async () => {
    const wanted = hours === null || hours === "" ? DEFAULT_HOURS : Number(hours);
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_HOURS)
      return refuse(
        "INVALID_INPUT",
        say("refusal.memberIs", { member: "hours", value: JSON.stringify(hours) }),
        say("refusal.giveNumber", { member: "hours", most: MOST_HOURS }),
      );
    if (!ctx.runtime.observer.findApplication(name)) return noApplication(name);
    const to = ctx.runtime.now();
    const from = to - wanted * HOUR_MS;
    return written(ctx, { kind: "application", application: name, from, to }, { application: name, from, to });
  });
}

/** The same of one deployment, from its first row on. */
export function getDeploymentHandover(ctx: Context, id: string): Promise<Result<WrittenHandover>> {
  return ask(ctx, null, async () => {
    const found = await getDeployment(ctx, id);
    if (!found.ok) return found;
    const { application } = found.value.deployment;
    return written(ctx, { kind: "deployment", deploymentId: id, application }, { deploymentId: id, application });
  });
}

async function written(ctx: Context, scope: HandoverScope, query: AuditQuery): Promise<Result<WrittenHandover>> {
  const { items, nextCursor } = await withStore(() => ctx.runtime.store.listAudit(query, { limit: MOST_ROWS }));
  const words = (told: Told) => toldIn(told, ctx.language ?? "en");
  const handover = writeHandover(scope, items.toReversed(), ctx.runtime.now(), nextCursor !== null, words);
  return { ok: true, value: { ...handover, text: handoverText(handover), markdown: handoverMarkdown(handover) } };
}
