/** Next may load a module twice in one process; the mark is the same for both. */
const AWAY = Symbol.for("switchyard.store-away");

/** Marks what a query failed with as the database's absence. */
export function markStoreAway(error: unknown): void {
  if (error instanceof Error) Object.defineProperty(error, AWAY, { value: true, configurable: true });
}

/** Whether something failed for want of the database, itself or by its cause. */
export function isStoreAwayError(error: unknown): boolean {
  return error instanceof Error && (AWAY in error || isStoreAwayError(error.cause));
}
