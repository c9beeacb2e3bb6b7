import { and, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
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

/** All in force at a time, without a limit: of one application (those of all among them), or of every one. Newest first. */
export async function listFreezesInForce(db: Database, at: number, application?: string): Promise<Freeze[]> {
  const isOurs =
    application === undefined ? undefined : or(isNull(freezes.application), eq(freezes.application, application));
  return db
    .select()
    .from(freezes)
    .where(and(isNull(freezes.liftedAt), or(isNull(freezes.until), gt(freezes.until, at)), isOurs))
    .orderBy(desc(freezes.startedAt), desc(freezes.id));
}

/** Those that were begun or lifted last, newest first. */
export async function listLatestFreezes(db: Database): Promise<Freeze[]> {
  const changedAt = sql`greatest(${freezes.startedAt}, coalesce(${freezes.liftedAt}, 0))`;
  const latest = db.select().from(freezes).orderBy(desc(changedAt), desc(freezes.id)).limit(MOST).as("latest");
  return db.select().from(latest).orderBy(desc(latest.startedAt), desc(latest.id));
}

/** Who lifted it first stays. */
export async function liftFreeze(db: Database, id: string, by: string, now: number): Promise<Freeze | null> {
  await db
    .update(freezes)
    .set({ liftedAt: now, liftedBy: storableText(by) })
    .where(and(eq(freezes.id, id), isNull(freezes.liftedAt)));
  return findFreeze(db, id);
}
