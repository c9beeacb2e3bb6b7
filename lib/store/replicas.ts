import { eq, lt, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { replicas } from "./schema.ts";

/** A process that runs on this record. */
export interface ReplicaRow {
  holder: string;
  /** How often AWS throttled it since it started, by what it asked. */
  throttles: Readonly<Record<string, number>>;
}

/** Tells that this replica is there, forgets those not seen for `ttlMs`, and answers all that are, this one included. */
export async function seeReplica(db: Database, own: ReplicaRow, now: number, ttlMs: number): Promise<ReplicaRow[]> {
  const { holder, throttles } = own;
  const seenAt = sql`greatest(${replicas.seenAt}, excluded.seen_at)`;
  await db
    .insert(replicas)
    .values({ holder, throttles, seenAt: now })
    .onConflictDoUpdate({ target: replicas.holder, set: { seenAt, throttles } });
  await db.delete(replicas).where(lt(replicas.seenAt, now - ttlMs));
  const rows = await db.select({ holder: replicas.holder, throttles: replicas.throttles }).from(replicas);
  return rows.some((row) => row.holder === holder) ? rows : [own, ...rows];
}

/** It ends, so that the others have its share at once. */
export async function forgetReplica(db: Database, holder: string): Promise<void> {
  await db.delete(replicas).where(eq(replicas.holder, holder));
}
