import { and, desc, eq, gte, inArray, lt, lte, or } from "drizzle-orm";
import { type Database, storableText } from "./database.ts";
import { decodeCursor, toPage } from "./page-cursor.ts";
import { audit } from "./schema.ts";
import type { AuditQuery, AuditRow, Page } from "./store.ts";

/** Adds a row to the end of the chain. One insert is one transaction: in it the database takes a lock, then links the row to the last. */
export async function appendAudit(db: Database, row: AuditRow): Promise<void> {
  const text = (value: string | null | undefined) =>
    value === null || value === undefined ? null : storableText(value);
  const { sequence: _sequence, hash: _hash, ...content } = row;
  await db.insert(audit).values({
    ...content,
    actorId: storableText(row.actorId),
    actorName: storableText(row.actorName),
    address: text(row.address),
    application: text(row.application),
    deploymentId: text(row.deploymentId),
    code: text(row.code),
    message: storableText(row.message),
    reason: text(row.reason),
    receipt: text(row.receipt),
    awsRequestId: text(row.awsRequestId),
  });
}

/** Newest first. */
export async function listAudit(
  db: Database,
  filter: AuditQuery,
  page: { limit: number; cursor?: string },
): Promise<Page<AuditRow>> {
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor);
  const { application, applications, actor, action, outcome, from, to } = filter;
  const rows = await db
    .select()
    .from(audit)
    .where(
      and(
        application === undefined ? undefined : eq(audit.application, storableText(application)),
        applications === undefined ? undefined : inArray(audit.application, [...applications]),
        actor === undefined
          ? undefined
          : or(eq(audit.actorId, storableText(actor)), eq(audit.actorName, storableText(actor))),
        action === undefined ? undefined : eq(audit.action, storableText(action)),
        outcome === undefined ? undefined : eq(audit.outcome, outcome),
        from === undefined ? undefined : gte(audit.at, from),
        to === undefined ? undefined : lte(audit.at, to),
        after ? or(lt(audit.at, after.at), and(eq(audit.at, after.at), lt(audit.id, after.id))) : undefined,
      ),
    )
    .orderBy(desc(audit.at), desc(audit.id))
    .limit(page.limit + 1);
  const { items, nextCursor } = toPage(rows, page.limit, (row) => ({ at: row.at, id: row.id }));
  return { items: items.map(toAuditRow), nextCursor };
}

function toAuditRow({ receipt, awsRequestId, ...row }: typeof audit.$inferSelect): AuditRow {
  return { ...row, ...(receipt === null ? {} : { receipt }), ...(awsRequestId === null ? {} : { awsRequestId }) };
}
