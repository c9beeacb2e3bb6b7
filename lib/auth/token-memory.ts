import type { ApiToken } from "../domain/access/api-token.ts";

/** As long as sessions are trusted without the database. */
const TRUSTED_FOR_MS = 60 * 60_000;
const MOST = 1_000;

/** Looks tokens up by the hash of their secret, and remembers the last answers for the time in which the database gives none. */
export interface TokenMemory {
  /** Rejects when the database does not answer and the token was not seen within the hour. */
  find(hash: string): Promise<ApiToken | null>;
}

/** One a process. Nobody can revoke a token while the database is away, so what it said last still holds; its end is judged anyway. */
export function createTokenMemory(lookUp: (hash: string) => Promise<ApiToken | null>, now: () => number): TokenMemory {
  const seen = new Map<string, { token: ApiToken; at: number }>();
  return {
    async find(hash) {
      try {
        const token = await lookUp(hash);
        seen.delete(hash);
        if (token) seen.set(hash, { token, at: now() });
        for (const oldest of seen.keys()) {
          if (seen.size <= MOST) break;
          seen.delete(oldest);
        }
        return token;
      } catch (error) {
        const known = seen.get(hash);
        if (!known || now() - known.at > TRUSTED_FOR_MS) throw error;
        return known.token;
      }
    },
  };
}
