import { and, desc, eq, isNull, lt, or } from "drizzle-orm";
import type { ApiToken } from "../domain/access/api-token.ts";
import { type Database, storableText } from "./database.ts";
import { apiTokens } from "./schema.ts";

/** The last use is kept to the minute, so that a busy pipeline does not write with every request. */
const USE_GRAIN_MS = 60_000;
const MOST = 1_000;

export async function insertApiToken(db: Database, token: ApiToken, hash: string): Promise<void> {
  await db.insert(apiTokens).values({ ...token, name: storableText(token.name), hash });
}

/** By its id or by the hash of its secret: a lookup in an index tells nothing about hashes that nearly match. */
export async function findApiToken(db: Database, by: { hash: string } | { id: string }): Promise<ApiToken | null> {
  const wanted = "hash" in by ? eq(apiTokens.hash, by.hash) : eq(apiTokens.id, by.id);
  const rows = await db.select().from(apiTokens).where(wanted);
  return rows[0] ? toApiToken(rows[0]) : null;
}

/** Newest first. */
export async function listApiTokens(db: Database): Promise<ApiToken[]> {
  const rows = await db.select().from(apiTokens).orderBy(desc(apiTokens.createdAt), desc(apiTokens.id)).limit(MOST);
  return rows.map(toApiToken);
}

/** Who revoked it first stays. */
export async function revokeApiToken(db: Database, id: string, by: string, now: number): Promise<ApiToken | null> {
  await db
    .update(apiTokens)
    .set({ revokedAt: now, revokedBy: storableText(by) })
    .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt)));
  return findApiToken(db, { id });
}

export async function noteApiTokenUse(db: Database, id: string, now: number): Promise<void> {
  const isDue = or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, now - USE_GRAIN_MS));
  await db
    .update(apiTokens)
    .set({ lastUsedAt: now })
    .where(and(eq(apiTokens.id, id), isDue));
}

function toApiToken({ hash: _hash, madeBy, ...token }: typeof apiTokens.$inferSelect): ApiToken {
  return { ...token, ...(madeBy ? { madeBy } : {}) };
}
