/** Next may load a module twice in one process; the mark is the same for both. */
const AWAY = Symbol.for("switchyard.store-away");

/** Marks what a query failed with as the database's absence. */
export function markStoreAway(error: unknown): void {
  if (error instanceof Error) Object.defineProperty(error, AWAY, { value: true, configurable: true });
}

/** Whether something failed for want of the database, itself or by its cause; one that was not waited for any longer is that as well. */
export function isStoreAwayError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return AWAY in error || error.name === "StoreUnavailable" || isStoreAwayError(error.cause);
}
