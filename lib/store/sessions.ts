import { and, desc, eq, gt, inArray, isNull, lt } from "drizzle-orm";
import { ABSOLUTE_SECONDS, type PersonSession, type SessionEnds } from "../domain/access/person-session.ts";
import { type Database, storableText } from "./database.ts";
import { sessionEnds, sessions } from "./schema.ts";

/** A session's use is kept to the minute. */
const USE_GRAIN_MS = 60_000;
const MOST = 2_000;

/** Once: a second time changes nothing. */
export async function insertSession(db: Database, session: PersonSession): Promise<void> {
  const row = { ...session, personId: storableText(session.personId), name: storableText(session.name) };
  await db.insert(sessions).values(row).onConflictDoNothing();
  // Nobody asks for older ones: the audit says who signed in when.
  await db.delete(sessions).where(lt(sessions.startedAt, session.startedAt - 2 * ABSOLUTE_SECONDS * 1000));
}

/** Those that began within `ABSOLUTE_SECONDS`, newest first, ended ones too. */
export async function listSessions(db: Database, now: number): Promise<PersonSession[]> {
  return await db
    .select()
    .from(sessions)
    .where(gt(sessions.startedAt, now - ABSOLUTE_SECONDS * 1000))
    .orderBy(desc(sessions.startedAt), desc(sessions.id))
    .limit(MOST);
}

export async function noteSessionUse(db: Database, ids: readonly string[], now: number): Promise<void> {
  if (ids.length === 0) return;
  await db
    .update(sessions)
    .set({ lastSeenAt: now })
    .where(and(inArray(sessions.id, [...ids]), lt(sessions.lastSeenAt, now - USE_GRAIN_MS)));
}

/** Ends one session; one that is not in the record is added as ended, so that its cookie is worth nothing. */
export async function endSession(db: Database, session: PersonSession, by: string, now: number): Promise<void> {
  const endedBy = storableText(by);
  const row = { ...session, personId: storableText(session.personId), name: storableText(session.name) };
  await db.insert(sessions).values(row).onConflictDoNothing();
  await db
    .update(sessions)
    .set({ endedAt: now, endedBy })
    .where(and(eq(sessions.id, session.id), isNull(sessions.endedAt)));
}

/** Ends every session of a person that began before now, known or not; answers how many were known. */
export async function endSessionsOf(db: Database, person: string, by: string, now: number): Promise<number> {
  const personId = storableText(person);
  const endedBy = storableText(by);
  return await db.transaction(async (tx) => {
    await tx
      .insert(sessionEnds)
      .values({ personId, endedBefore: now, endedBy })
      .onConflictDoUpdate({ target: sessionEnds.personId, set: { endedBefore: now, endedBy } });
    const ended = await tx
      .update(sessions)
      .set({ endedAt: now, endedBy })
      .where(and(eq(sessions.personId, personId), isNull(sessions.endedAt)))
      .returning({ id: sessions.id });
    return ended.length;
  });
}

export async function readSessionEnds(db: Database, now: number): Promise<SessionEnds> {
  const since = now - ABSOLUTE_SECONDS * 1000;
  const ended = await db.select({ id: sessions.id }).from(sessions).where(gt(sessions.endedAt, since));
  const before = await db.select().from(sessionEnds).where(gt(sessionEnds.endedBefore, since));
  return {
    ended: ended.map(({ id }) => id),
    endedBefore: Object.fromEntries(before.map(({ personId, endedBefore }) => [personId, endedBefore])),
  };
}
