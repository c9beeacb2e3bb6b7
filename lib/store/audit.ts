import { and, desc, eq, gte, inArray, lte, ne, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { AuditRow } from "../domain/audit/audit.ts";
import { readSentences, sentencesText } from "./audit-sentences.ts";
import { type Database, storableText } from "./database.ts";
import { decodeCursor, toPage } from "./page-cursor.ts";
import { audit } from "./schema.ts";
import type { AuditQuery, Page } from "./store.ts";

/** Adds a row to the end of the chain. One insert is one transaction: in it the database takes a lock, then links the row to the last. */
export async function appendAudit(db: Database, row: AuditRow): Promise<void> {
  await db.insert(audit).values(columnsOf(row));
}

/** The row as it is stored, without its place in the chain. */
export function columnsOf({
  sequence: _sequence,
  hash: _hash,
  said,
  beforeSaid,
  afterSaid,
  ...row
}: AuditRow): typeof audit.$inferInsert {
  const text = (value: string | null | undefined) =>
    value === null || value === undefined ? null : storableText(value);
  return {
    ...row,
    askedAt: row.askedAt ?? row.at,
    actorId: storableText(row.actorId),
    actorName: storableText(row.actorName),
    address: text(row.address),
    credentialId: text(row.credentialId),
    application: text(row.application),
    deploymentId: text(row.deploymentId),
    subject: text(row.subject),
    before: text(row.before),
    after: text(row.after),
    code: text(row.code),
    message: storableText(row.message),
    reason: text(row.reason),
    receipt: text(row.receipt),
    awsRequestId: text(row.awsRequestId),
    awsRequestIds: row.awsRequestIds?.length ? storableText(row.awsRequestIds.join(" ")) : null,
    sentences: sentencesText({ said, beforeSaid, afterSaid }),
  };
}

/** Adds it unless one with its id is there; two who try at once add one, and the other is refused by the key. */
export async function appendAuditOnce(db: Database, row: AuditRow): Promise<void> {
  const found = await db.select({ id: audit.id }).from(audit).where(eq(audit.id, row.id));
  if (found.length === 0) await appendAudit(db, row);
}

/** Newest first. */
export async function listAudit(
  db: Database,
  filter: AuditQuery,
  page: { limit: number; cursor?: string },
): Promise<Page<AuditRow>> {
  const rows = await auditQuery(db, filter, page);
  const { items, nextCursor } = toPage(rows, page.limit, (row) => ({ at: row.at, id: row.id }));
  return { items: items.map(toAuditRow), nextCursor };
}

/** The rows of a page and one more. A person is looked for by id and by name, each along an index of its own. */
export function auditQuery(db: Database, filter: AuditQuery, page: { limit: number; cursor?: string }) {
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor);
  const { application, applications, deploymentId, action, outcome, from, to } = filter;
  const newest = (...who: SQL[]) =>
    db
      .select()
      .from(audit)
      .where(
        and(
          ...who,
          application === undefined ? undefined : eq(audit.application, storableText(application)),
          applications === undefined ? undefined : inArray(audit.application, [...applications]),
          deploymentId === undefined ? undefined : eq(audit.deploymentId, storableText(deploymentId)),
          action === undefined ? undefined : eq(audit.action, storableText(action)),
          outcome === undefined ? undefined : eq(audit.outcome, outcome),
          from === undefined ? undefined : gte(audit.at, from),
          to === undefined ? undefined : lte(audit.at, to),
          // One comparison of both: the index then begins at the row, where an "or" would read all rows before it again.
          after ? sql`(${audit.at}, ${audit.id}) < (${after.at}, ${after.id})` : undefined,
        ),
      )
      .orderBy(desc(audit.at), desc(audit.id))
      .limit(page.limit + 1);
  if (filter.actor === undefined) return newest();
  const actor = storableText(filter.actor);
  // With an "or" the planner walks the whole audit, newest first, for a person who is not in it.
  return unionAll(newest(eq(audit.actorId, actor)), newest(eq(audit.actorName, actor), ne(audit.actorId, actor)))
    .orderBy(desc(audit.at), desc(audit.id))
    .limit(page.limit + 1);
}

function toAuditRow(stored: typeof audit.$inferSelect): AuditRow {
  const { askedAt, credentialId, subject, before, after, receipt, awsRequestId, awsRequestIds, sentences, ...row } =
    stored;
  return {
    ...row,
    ...(askedAt === null ? {} : { askedAt }),
    ...(credentialId === null ? {} : { credentialId }),
    ...(subject === null ? {} : { subject }),
    ...(before === null ? {} : { before }),
    ...(after === null ? {} : { after }),
    ...(receipt === null ? {} : { receipt }),
    ...(awsRequestId === null ? {} : { awsRequestId }),
    ...(awsRequestIds === null ? {} : { awsRequestIds: awsRequestIds.split(" ") }),
    ...readSentences(sentences),
  };
}
