import type { AuditRow } from "../domain/audit/audit.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { withStore } from "../request/refusal.ts";
import { type AuditFilter, auditQueryOf } from "./audit-filter.ts";

/** Few enough to be held for every export that runs, many enough that the database is not asked for each row. */
const PAGE_ROWS = 1_000;

/**
 * All rows of the filter, newest first, a page at a time as they are taken: however many there are, two pages are held. The
 * first is read at once, so that what is refused is refused before anything was sent; a later failure is thrown to the taker.
 */
export function exportAudit(
  ctx: Context,
  filter: AuditFilter & { cursor?: string | null },
): Promise<Result<AsyncGenerator<AuditRow[]>>> {
  return ask(ctx, null, async () => {
    const query = auditQueryOf(filter, ctx.identity);
    if (!query.ok) return query;
    const read = (cursor: string | null | undefined) =>
      withStore(() =>
        ctx.runtime.store.listAudit(query.value, {
          limit: PAGE_ROWS,
          ...(cursor ? { cursor: cursor.slice(0, 500) } : {}),
        }),
      );
    const first = await read(filter.cursor);
    async function* pages(): AsyncGenerator<AuditRow[]> {
      let page = first;
      for (;;) {
        // The database reads the next page while this one is written.
        const next = page.nextCursor === null ? null : read(page.nextCursor);
        next?.catch(() => undefined);
        if (page.items.length > 0) yield page.items;
        if (next === null) return;
        page = await next;
      }
    }
    return { ok: true, value: pages() };
  });
}
