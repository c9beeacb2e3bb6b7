import type { Result } from "../domain/blocker.ts";
import type { Context } from "../operations/context.ts";
import { refuse, withStore } from "../operations/refusal.ts";
import type { AuditRow, Page } from "../store/store.ts";
import { ask } from "./ask.ts";
import { type PageRequest, pageOf } from "./page-request.ts";

export type { AuditRow };

/** Which rows; times as epoch ms or as ISO 8601 text. */
export interface AuditFilter extends PageRequest {
  application?: string | null;
  actor?: string | null;
  from?: number | string | null;
  to?: number | string | null;
}

/** Who asked for what, newest first. */
export function listAudit(ctx: Context, filter: AuditFilter): Promise<Result<Page<AuditRow>>> {
  return ask(ctx, async () => {
    const page = pageOf(filter);
    if (!page.ok) return page;
    const from = timeOf(filter.from);
    const to = timeOf(filter.to);
    if (Number.isNaN(from) || Number.isNaN(to)) {
      const field = Number.isNaN(from) ? "from" : "to";
      return refuse(
        "INVALID_INPUT",
        `${field} is ${JSON.stringify(filter[field])}`,
        `${field}: give epoch milliseconds or an ISO 8601 time`,
      );
    }
    const wanted = {
      ...(filter.application ? { application: filter.application } : {}),
      ...(filter.actor ? { actor: filter.actor } : {}),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
    return { ok: true, value: await withStore(() => ctx.runtime.store.listAudit(wanted, page.value)) };
  });
}

function timeOf(value: number | string | null | undefined): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "number") return value;
  return /^\d{1,15}$/.test(value) ? Number(value) : Date.parse(value);
}
