import { and, eq, lte, ne, or, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { leases } from "./schema.ts";
import { type Fence, FenceLost } from "./store.ts";

/**
 * Takes or renews in one statement, so that two replicas cannot both get one. Answers those that are held now; a lease of
 * another that has not run out is left out.
 */
export async function acquireLeases(
  db: Database,
  applications: readonly string[],
  holder: string,
  now: number,
  ttlMs: number,
): Promise<Fence[]> {
  if (applications.length === 0) return [];
  const expiresAt = now + ttlMs;
  // In one order for everybody: two statements that lock the same rows must not wait for each other.
  const values = [...new Set(applications)].sort().map((application) => ({ application, holder, token: 1, expiresAt }));
  const rows = await db
    .insert(leases)
    .values(values)
    .onConflictDoUpdate({
      target: leases.application,
      set: {
        holder,
        token: sql`case when ${leases.holder} = ${holder} then ${leases.token} else ${leases.token} + 1 end`,
        expiresAt,
      },
      setWhere: or(eq(leases.holder, holder), lte(leases.expiresAt, now)),
    })
    .returning({ application: leases.application, token: leases.token });
  return rows.map(({ application, token }) => ({ application, holder, token }));
}

/** Lets go at once; nothing happens when somebody else has it by now. The next holder gets a higher token. */
export async function releaseLease(db: Database, fence: Fence): Promise<void> {
  await db.update(leases).set({ holder: "", expiresAt: 0 }).where(isHeldWith(fence));
}

/** Holds the lease's row to the end of the transaction, so that nobody takes it in between. @throws FenceLost */
export async function checkFence(tx: Database, fence: Fence): Promise<void> {
  const rows = await tx.select({ token: leases.token }).from(leases).where(isHeldWith(fence)).for("update");
  if (rows.length === 0)
    throw new FenceLost(`${fence.holder} no longer holds the lease of ${fence.application} with token ${fence.token}`);
}

/** Ends every lease. Only for a record that one process has for itself: whoever held them is gone. Tokens go on rising. */
export async function endLeases(db: Database): Promise<void> {
  await db.update(leases).set({ expiresAt: 0 });
}

/** Those that ran out without being given up. */
export async function listLeftLeases(db: Database, now: number): Promise<string[]> {
  const rows = await db
    .select({ application: leases.application })
    .from(leases)
    .where(and(ne(leases.holder, ""), lte(leases.expiresAt, now)));
  return rows.map(({ application }) => application);
}

function isHeldWith(fence: Fence) {
  return and(eq(leases.application, fence.application), eq(leases.holder, fence.holder), eq(leases.token, fence.token));
}
