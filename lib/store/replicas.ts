import { count, eq, lt, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { replicas } from "./schema.ts";

/** Tells that this replica is there, forgets those not seen for `ttlMs`, and answers how many there are, this one included. */
export async function seeReplica(db: Database, holder: string, now: number, ttlMs: number): Promise<number> {
  const seenAt = sql`greatest(${replicas.seenAt}, excluded.seen_at)`;
  await db
    .insert(replicas)
    .values({ holder, seenAt: now })
    .onConflictDoUpdate({ target: replicas.holder, set: { seenAt } });
  await db.delete(replicas).where(lt(replicas.seenAt, now - ttlMs));
  const [row] = await db.select({ known: count() }).from(replicas);
  return Math.max(1, row?.known ?? 1);
}

/** It ends, so that the others have its share at once. */
export async function forgetReplica(db: Database, holder: string): Promise<void> {
  await db.delete(replicas).where(eq(replicas.holder, holder));
}
