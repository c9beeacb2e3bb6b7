import { createHash } from "node:crypto";
import { asc, gt } from "drizzle-orm";
import { isCheckpointSigned } from "./audit-checkpoint.ts";
import type { Database } from "./database.ts";
import { audit, auditCheckpoint, auditHead } from "./schema.ts";
import type { AuditBreak, AuditVerdict } from "./store.ts";

/** What the first row follows. */
export const BEFORE_FIRST = "0".repeat(64);
const PAGE_ROWS = 2_000;
/** More are counted, not named. */
const NAMED_BREAKS = 20;
/** Walks anew when the audit was pruned meanwhile. */
const MOST_WALKS = 3;

/** A row as it is stored, with its place in the chain. */
export type ChainedRow = typeof audit.$inferSelect;

/**
 * Walks the whole chain in pages, from where it was pruned, and names every row that does not follow from the one before it.
 * Rows added meanwhile are left to the next look. `keys` check the signature of where it was pruned. `known` is an end that was kept
 * outside the database: a chain that was emptied, cut short or written anew from there holds in itself, but not against it.
 */
export async function verifyAudit(
  db: Database,
  keys: readonly string[],
  known: { sequence: number; hash: string } | null = null,
): Promise<AuditVerdict> {
  for (let walk = 1; ; walk += 1) {
    const checkpoint = await findCheckpoint(db);
    const verdict = await walkFrom(db, checkpoint, keys, known);
    if (verdict.isIntact || walk === MOST_WALKS) return verdict;
    if ((await findCheckpoint(db))?.sequence === checkpoint?.sequence) return verdict;
  }
}

/** Where the audit was pruned to; null when it never was. */
export async function findCheckpoint(db: Database): Promise<typeof auditCheckpoint.$inferSelect | null> {
  const [checkpoint] = await db.select().from(auditCheckpoint);
  return checkpoint ?? null;
}

async function walkFrom(
  db: Database,
  checkpoint: typeof auditCheckpoint.$inferSelect | null,
  keys: readonly string[],
  known: { sequence: number; hash: string } | null,
): Promise<AuditVerdict> {
  // Before the rows: whatever is appended during the walk lies beyond it.
  const [head] = await db.select().from(auditHead);
  const breaks: AuditBreak[] = [];
  let count = 0;
  const report = (found: AuditBreak) => {
    count += 1;
    if (breaks.length < NAMED_BREAKS) breaks.push(found);
  };
  if (checkpoint && !isCheckpointSigned(checkpoint, checkpoint.signature, keys))
    report({
      kind: "checkpoint",
      sequence: checkpoint.sequence,
      id: null,
      message: `the rows up to it are gone, and the checkpoint in their place is not signed with ${keys.length === 0 ? "a key that is known here" : "our key"}`,
    });
  let rows = 0;
  let last = { sequence: checkpoint?.sequence ?? 0, hash: checkpoint?.hash ?? BEFORE_FIRST };
  const end = head?.sequence ?? Number.MAX_SAFE_INTEGER;
  while (last.sequence < end) {
    const page = await db
      .select()
      .from(audit)
      .where(gt(audit.sequence, last.sequence))
      .orderBy(asc(audit.sequence))
      .limit(PAGE_ROWS);
    for (const row of page) {
      if (row.sequence > end) break;
      const found = findBreak(last, row);
      if (found) report(found);
      if (known && row.sequence === known.sequence && row.hash !== known.hash)
        report({
          kind: "changed",
          sequence: row.sequence,
          id: row.id,
          message: "it is not the row that was known here",
        });
      last = row;
      rows += 1;
    }
    if (page.length < PAGE_ROWS || (page.at(-1)?.sequence ?? 0) > end) break;
  }
  const atEnd = findBreakAtEnd(last, head);
  if (atEnd) report(atEnd);
  if (known && last.sequence < known.sequence)
    report({
      kind: "deleted",
      sequence: last.sequence,
      id: null,
      message: `${rowsBetween(last.sequence, known.sequence + 1)} missing after it, and row ${known.sequence} was known`,
    });
  return {
    isIntact: count === 0,
    rows,
    sequence: last.sequence,
    hash: last.hash,
    breaks,
    breakCount: count,
    pruned: checkpoint && { sequence: checkpoint.sequence, rows: checkpoint.rows, at: checkpoint.prunedAt },
  };
}

/** How this row does not follow from the one before it; null when it does. */
export function findBreak(before: { sequence: number; hash: string }, row: ChainedRow): AuditBreak | null {
  const place = { sequence: row.sequence, id: row.id };
  if (row.sequence !== before.sequence + 1)
    return { kind: "deleted", ...place, message: `${rowsBetween(before.sequence, row.sequence)} missing before it` };
  if (hashOf(before.hash, row) === row.hash) return null;
  return {
    kind: "changed",
    ...place,
    message: "it does not follow from the row before it: one of the two was edited, or they were moved",
  };
}

function findBreakAtEnd(
  last: { sequence: number; hash: string },
  head: { sequence: number; hash: string } | undefined,
): AuditBreak | null {
  const place = { sequence: last.sequence, id: null };
  if (!head) return { kind: "deleted", ...place, message: "the record of where the chain ends is missing" };
  if (last.sequence < head.sequence)
    return { kind: "deleted", ...place, message: `${rowsBetween(last.sequence, head.sequence + 1)} missing after it` };
  if (last.hash !== head.hash)
    return { kind: "changed", ...place, message: "the newest row is not the one the chain ended with" };
  return null;
}

function rowsBetween(before: number, after: number): string {
  const missing = after - before - 1;
  return missing === 1 ? `row ${before + 1} is` : `rows ${before + 1} to ${after - 1} are`;
}

/** The same as `audit_hash` in the database: every field with its length, so that no two rows read alike. */
export function hashOf(before: string, row: Omit<ChainedRow, "hash">): string {
  const fields: (string | null)[] = [
    String(row.sequence),
    row.id,
    String(row.at),
    row.actorId,
    row.actorName,
    row.role,
    row.via,
    row.address,
    row.action,
    row.application,
    row.deploymentId,
    row.outcome,
    row.code,
    row.message,
    row.reason,
    row.receipt,
    row.awsRequestId,
  ];
  // Rows of before these columns keep the hash they were given.
  if (row.askedAt !== null)
    fields.push(String(row.askedAt), row.credentialId, row.subject, row.before, row.after, row.awsRequestIds);
  if (row.sentences !== null) fields.push(row.sentences);
  const content = fields.map((field) => (field === null ? "-;" : `${Buffer.byteLength(field)}:${field};`)).join("");
  return createHash("sha256").update(before).update(content).digest("hex");
}
