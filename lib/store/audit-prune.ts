import { asc, gt, sql } from "drizzle-orm";
import { BEFORE_FIRST, findBreak, findCheckpoint } from "./audit-chain.ts";
import { type AuditCheckpoint, signCheckpoint } from "./audit-checkpoint.ts";
import type { Database } from "./database.ts";
import { audit } from "./schema.ts";
import { AuditBroken } from "./store.ts";

/** Few enough that whoever appends meanwhile waits for no more than a moment. */
const BATCH_ROWS = 2_000;

/** Forgets rows older than `before` from the oldest on, in batches; stops at the first one that is younger. @throws AuditBroken */
export async function pruneAudit(db: Database, before: number, key: string, now: number): Promise<number> {
  let gone = 0;
  for (;;) {
    const held = await findCheckpoint(db);
    const rows = await db
      .select()
      .from(audit)
      .where(gt(audit.sequence, held?.sequence ?? 0))
      .orderBy(asc(audit.sequence))
      .limit(BATCH_ROWS);
    let last: { sequence: number; hash: string } = held ?? { sequence: 0, hash: BEFORE_FIRST };
    let count = 0;
    for (const row of rows) {
      if (row.at >= before) break;
      const found = findBreak(last, row);
      if (found) throw new AuditBroken(`Row ${found.sequence} of the audit (${found.id}): ${found.message}`);
      last = row;
      count += 1;
    }
    if (count === 0) return gone;
    const { sequence, hash } = last;
    gone += await pruneUpTo(db, { sequence, hash, rows: (held?.rows ?? 0) + count, prunedAt: now }, key);
    if (count < BATCH_ROWS) return gone;
  }
}

/** Zero when another replica was there first. */
async function pruneUpTo(db: Database, checkpoint: AuditCheckpoint, key: string): Promise<number> {
  const { sequence, hash, rows, prunedAt } = checkpoint;
  const signature = signCheckpoint(checkpoint, key);
  const [answer] = await db
    .select({ gone: sql<string>`prune_audit(${sequence}, ${hash}, ${rows}, ${prunedAt}, ${signature})` })
    .from(sql`(select 1) as once`);
  return Number(answer?.gone ?? 0);
}
