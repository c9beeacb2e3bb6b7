import { and, desc, eq, gte, lt, lte, or } from "drizzle-orm";
import { type Database, storableText } from "./database.ts";
import { decodeCursor, toPage } from "./page-cursor.ts";
import { audit } from "./schema.ts";
import type { AuditRow, Page } from "./store.ts";

export async function appendAudit(db: Database, row: AuditRow): Promise<void> {
  const text = (value: string | null) => (value === null ? null : storableText(value));
  await db.insert(audit).values({
    ...row,
    actorId: storableText(row.actorId),
    actorName: storableText(row.actorName),
    address: text(row.address),
    application: text(row.application),
    deploymentId: text(row.deploymentId),
    code: text(row.code),
    message: storableText(row.message),
    reason: text(row.reason),
  });
}

/** Newest first; `from` and `to` are both inside. `actor` is an id or a name as shown. */
export async function listAudit(
  db: Database,
  filter: { application?: string; actor?: string; from?: number; to?: number },
  page: { limit: number; cursor?: string },
): Promise<Page<AuditRow>> {
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor);
  const { application, actor, from, to } = filter;
  const rows = await db
    .select()
    .from(audit)
    .where(
      and(
        application === undefined ? undefined : eq(audit.application, storableText(application)),
        actor === undefined
          ? undefined
          : or(eq(audit.actorId, storableText(actor)), eq(audit.actorName, storableText(actor))),
        from === undefined ? undefined : gte(audit.at, from),
        to === undefined ? undefined : lte(audit.at, to),
        after ? or(lt(audit.at, after.at), and(eq(audit.at, after.at), lt(audit.id, after.id))) : undefined,
      ),
    )
    .orderBy(desc(audit.at), desc(audit.id))
    .limit(page.limit + 1);
  return toPage(rows, page.limit, (row) => ({ at: row.at, id: row.id }));
}
