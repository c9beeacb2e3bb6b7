import { and, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { Grant } from "../domain/access/grant.ts";
import { type Database, storableText } from "./database.ts";
import { grants } from "./schema.ts";

const MOST = 5_000;
/** Any number that nothing else locks. */
const ONE_AT_A_TIME = 7921604339;

export async function insertGrant(db: Database, grant: Grant): Promise<void> {
  const { who, reason, createdBy } = grant;
  await db.insert(grants).values({
    ...grant,
    who: storableText(who),
    reason: reason === null ? null : storableText(reason),
    createdBy: storableText(createdBy),
  });
}

export async function findGrant(db: Database, id: string): Promise<Grant | null> {
  const rows = await db.select().from(grants).where(eq(grants.id, id));
  return rows[0] ?? null;
}

/** Newest first; what stands has no limit, because whoever holds a role holds it however many others do. */
export async function listGrants(db: Database, which: "standing" | "all", inForceAt?: number): Promise<Grant[]> {
  const newest = [desc(grants.createdAt), desc(grants.id)];
  if (which === "all")
    return await db
      .select()
      .from(grants)
      .orderBy(...newest)
      .limit(MOST);
  const isNotOver = inForceAt === undefined ? undefined : or(isNull(grants.expiresAt), gt(grants.expiresAt, inForceAt));
  return await db
    .select()
    .from(grants)
    .where(and(isNull(grants.revokedAt), isNotOver))
    .orderBy(...newest);
}

/** Who revoked it first stays. `mayGo` sees all that stand at that moment, with nobody else changing any meanwhile. */
export async function revokeGrant(
  db: Database,
  id: string,
  by: string,
  now: number,
  mayGo: (standing: readonly Grant[]) => boolean,
): Promise<Grant | "must stay" | null> {
  return await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(ONE_AT_A_TIME))})`);
    const known = await findGrant(tx, id);
    if (!known || known.revokedAt !== null) return known;
    if (!mayGo(await listGrants(tx, "standing"))) return "must stay";
    await tx
      .update(grants)
      .set({ revokedAt: now, revokedBy: storableText(by) })
      .where(and(eq(grants.id, id), isNull(grants.revokedAt)));
    return await findGrant(tx, id);
  });
}
