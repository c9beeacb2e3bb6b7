import type { ApiToken } from "../domain/access/api-token.ts";

/** As long as sessions are trusted without the database. */
const TRUSTED_FOR_MS = 60 * 60_000;
/** A read asks no more of what its token is worth than this often: a tenth of what grants and ended sessions may take. */
export const FRESH_MS = 500;
/** The last use is shown by the minute, so it is written down no more often than this. */
const USE_EVERY_MS = 30_000;
const MOST = 1_000;

/**
 * Looks tokens up by the hash of their secret, and remembers the last answers: for the time in which the database gives none, and
 * so that a hundred questions a second do not look a hundred times.
 */
export interface TokenMemory {
  /**
   * The token, as it was at most `ageMs` ago (0 when left out: as it is now). Rejects when the database does not answer and the
   * token was not seen within the hour.
   */
  find(hash: string, ageMs?: number): Promise<ApiToken | null>;
  /** What was changed in this process holds at once: the token is looked up anew, whatever was asked before. */
  forget(id: string): void;
  /** Notes that the token is in use; written down now and then. */
  noteUse(id: string): Promise<void>;
}

/** What it reads and writes. */
export interface TokenSource {
  lookUp(hash: string): Promise<ApiToken | null>;
  noteUse(id: string, now: number): Promise<void>;
}

/** One a process. Nobody can revoke a token while the database is away, so what it said last still holds; its end is judged anyway. */
export function createTokenMemory(source: TokenSource, now: () => number): TokenMemory {
  const seen = new Map<string, { token: ApiToken; at: number; isFresh: boolean }>();
  const usedAt = new Map<string, number>();
  let changes = 0;

  async function lookUp(hash: string): Promise<ApiToken | null> {
    const [at, changesBefore] = [now(), changes];
    const token = await source.lookUp(hash);
    seen.delete(hash);
    // What was read while a token was changed may be from before.
    if (token) seen.set(hash, { token, at, isFresh: changes === changesBefore });
    dropOldest(seen);
    return token;
  }

  return {
    async find(hash, ageMs = 0) {
      const known = seen.get(hash);
      if (known?.isFresh && now() - known.at < ageMs) return known.token;
      try {
        return await lookUp(hash);
      } catch (error) {
        if (!known || now() - known.at > TRUSTED_FOR_MS) throw error;
        return known.token;
      }
    },
    forget(id) {
      changes += 1;
      for (const known of seen.values()) if (known.token.id === id) known.isFresh = false;
    },
    async noteUse(id) {
      const at = now();
      if (at - (usedAt.get(id) ?? Number.NEGATIVE_INFINITY) < USE_EVERY_MS) return;
      usedAt.delete(id);
      usedAt.set(id, at);
      dropOldest(usedAt);
      await source.noteUse(id, at);
    },
  };
}

function dropOldest(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= MOST) return;
    map.delete(oldest);
  }
}
