const FIRST_MS = 1_000;
const LONGEST_MS = 60 * 60_000;
/** Told later than this, nobody can act on it. */
const GIVE_UP_MS = 24 * 60 * 60_000;
const MOST_TRIES = 60;

/**
 * When to try again after try number `attempts`: doubling from one second to an hour, half of it by chance, so that many
 * that failed together do not come back together. Null once it is given up.
 */
export function nextTryAt(
  delivery: { attempts: number; createdAt: number },
  now: number,
  random: number,
  retryAfterMs = 0,
): number | null {
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(delivery.attempts - 1, 30));
  const jittered = wait * (0.5 + random / 2);
  const at = Math.round(now + Math.max(jittered, Math.min(retryAfterMs, LONGEST_MS)));
  return delivery.attempts >= MOST_TRIES || at - delivery.createdAt > GIVE_UP_MS ? null : at;
}

/** Milliseconds that a Retry-After header asks for, given in seconds or as a date; 0 for none or nonsense. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
