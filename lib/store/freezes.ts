import { and, desc, eq, gt, isNull, or } from "drizzle-orm";
import type { Freeze } from "../domain/rules/freeze.ts";
import { type Database, storableText } from "./database.ts";
import { freezes } from "./schema.ts";

const MOST = 200;

export async function insertFreeze(db: Database, freeze: Freeze): Promise<void> {
  await db
    .insert(freezes)
    .values({ ...freeze, reason: storableText(freeze.reason), startedBy: storableText(freeze.startedBy) });
}

export async function findFreeze(db: Database, id: string): Promise<Freeze | null> {
  const rows = await db.select().from(freezes).where(eq(freezes.id, id));
  return rows[0] ?? null;
}

/** Newest first; with a time only those that have not ended by then. */
export async function listFreezes(db: Database, inForceAt: number | null): Promise<Freeze[]> {
  const isOpen =
    inForceAt === null
      ? undefined
      : and(isNull(freezes.liftedAt), or(isNull(freezes.until), gt(freezes.until, inForceAt)));
  return db.select().from(freezes).where(isOpen).orderBy(desc(freezes.startedAt), desc(freezes.id)).limit(MOST);
}

/** Who lifted it first stays. */
export async function liftFreeze(db: Database, id: string, by: string, now: number): Promise<Freeze | null> {
  await db
    .update(freezes)
    .set({ liftedAt: now, liftedBy: storableText(by) })
    .where(and(eq(freezes.id, id), isNull(freezes.liftedAt)));
  return findFreeze(db, id);
}
