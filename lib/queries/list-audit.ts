import type { AuditRow } from "../domain/audit.ts";
import type { Result } from "../domain/blocker.ts";
import type { Context } from "../operations/context.ts";
import { withStore } from "../operations/refusal.ts";
import type { Page } from "../store/store.ts";
import { ask } from "./ask.ts";
import { type AuditFilter, auditQueryOf } from "./audit-filter.ts";
import { type PageRequest, pageOf } from "./page-request.ts";

/** Who asked for what, newest first. */
export function listAudit(ctx: Context, filter: AuditFilter & PageRequest): Promise<Result<Page<AuditRow>>> {
  return ask(ctx, null, async () => {
    const page = pageOf(filter);
    if (!page.ok) return page;
    const query = auditQueryOf(filter, ctx.identity);
    if (!query.ok) return query;
    return { ok: true, value: await withStore(() => ctx.runtime.store.listAudit(query.value, page.value)) };
  });
}
