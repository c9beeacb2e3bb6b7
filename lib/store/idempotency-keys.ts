import { and, eq, inArray, isNull, lte } from "drizzle-orm";
import type { Database } from "./database.ts";
import { idempotencyKeys } from "./schema.ts";
import type { KeyClaim } from "./store.ts";

/** How long a key is remembered. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

/** Null for the first to bring the key; what was stored for everyone after. Forgets old keys on the way. */
export async function claimIdempotencyKey(
  db: Database,
  scope: string,
  key: string,
  requestHash: string,
  now: number,
): Promise<null | KeyClaim> {
  await db.delete(idempotencyKeys).where(lte(idempotencyKeys.createdAt, now - KEPT_MS));
  const inserted = await db
    .insert(idempotencyKeys)
    .values({ scope, key, requestHash, createdAt: now })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (inserted.length > 0) return null;
  const rows = await db.select().from(idempotencyKeys).where(isKey(scope, key));
  const found = rows[0];
  // Released between the two statements: it is free again.
  if (!found) return claimIdempotencyKey(db, scope, key, requestHash, now);
  return { requestHash: found.requestHash, deploymentId: found.deploymentId, claimedAt: found.createdAt };
}

/** What was stored for the key under any of these scopes; null for a key that nobody brought. */
export async function findIdempotencyKey(
  db: Database,
  scopes: readonly string[],
  key: string,
): Promise<(KeyClaim & { scope: string }) | null> {
  const rows = await db
    .select()
    .from(idempotencyKeys)
    .where(and(inArray(idempotencyKeys.scope, [...scopes]), eq(idempotencyKeys.key, key)));
  const [found] = rows;
  if (!found) return null;
  const { scope, requestHash, deploymentId, createdAt } = found;
  return { scope, requestHash, deploymentId, claimedAt: createdAt };
}

export async function completeIdempotencyKey(
  db: Database,
  scope: string,
  key: string,
  deploymentId: string,
): Promise<void> {
  await db.update(idempotencyKeys).set({ deploymentId }).where(isKey(scope, key));
}

/** One that was answered is kept. */
export async function releaseIdempotencyKey(db: Database, scope: string, key: string): Promise<void> {
  await db.delete(idempotencyKeys).where(and(isKey(scope, key), isNull(idempotencyKeys.deploymentId)));
}

function isKey(scope: string, key: string) {
  return and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.key, key));
}
