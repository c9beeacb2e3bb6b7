import type { AuditRow } from "../domain/audit/audit.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { type PageRequest, pageOf } from "../request/page-request.ts";
import { withStore } from "../request/refusal.ts";
import type { Page } from "../store/store.ts";
import { type AuditFilter, auditQueryOf } from "./audit-filter.ts";

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
