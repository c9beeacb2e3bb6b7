/** Counts failures by key and says when there were too many; kept in memory, so each process counts its own. */
export interface AttemptLimit {
  /** Whether another attempt may be made. */
  isOpen(key: string): boolean;
  fail(key: string): void;
  succeed(key: string): void;
}

/** Keys that a stranger invents must not fill the memory. */
const MAX_KEYS = 1000;

/** At most `most` failures of one key within `windowMs`. */
export function createAttemptLimit(most: number, windowMs: number, now: () => number): AttemptLimit {
  const failures = new Map<string, number[]>();
  const recent = (key: string) => (failures.get(key) ?? []).filter((at) => now() - at < windowMs);
  return {
    isOpen: (key) => recent(key).length < most,
    fail(key) {
      const times = [...recent(key), now()];
      failures.delete(key);
      failures.set(key, times);
      const oldest = failures.keys().next().value;
      if (failures.size > MAX_KEYS && oldest !== undefined) failures.delete(oldest);
    },
    succeed(key) {
      failures.delete(key);
    },
  };
}
