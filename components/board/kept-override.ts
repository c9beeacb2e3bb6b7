/** What an approver was about to override when a sign-in came between. */
interface KeptOverride {
  verb: "switch" | "rollback";
  to: "blue" | "green";
  reason: string;
}

/** Where it is kept: this tab only, and gone with it. */
type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Whoever takes longer to sign in again begins anew: the application is another by then. */
const KEPT_MS = 10 * 60_000;

const keyOf = (application: string) => `switchyard.override.${application}`;

/** Keeps the verb and the reason, but not the typed name: that is typed again with the fresh page in sight. */
export function keepOverride(
  application: string,
  kept: KeptOverride,
  now = Date.now(),
  storage: () => TabStorage = tabStorage,
): void {
  try {
    storage().setItem(keyOf(application), JSON.stringify({ ...kept, at: now }));
  } catch {
    // A browser that keeps nothing: the person says it again.
  }
}

/** Takes what was kept for this verb, once; null when there is nothing, or it is too old. */
export function takeKeptOverride(
  application: string,
  verb: KeptOverride["verb"],
  now = Date.now(),
  storage: () => TabStorage = tabStorage,
): KeptOverride | null {
  try {
    const tab = storage();
    const text = tab.getItem(keyOf(application));
    const kept: unknown = text === null ? null : JSON.parse(text);
    if (!isKept(kept) || kept.verb !== verb) return null;
    tab.removeItem(keyOf(application));
    const { to, reason, at } = kept;
    return now - at >= 0 && now - at <= KEPT_MS ? { verb, to, reason } : null;
  } catch {
    return null;
  }
}

const tabStorage = () => sessionStorage;

function isKept(value: unknown): value is KeptOverride & { at: number } {
  if (typeof value !== "object" || value === null) return false;
  const { verb, to, reason, at } = value as Record<string, unknown>;
  return (
    (verb === "switch" || verb === "rollback") &&
    (to === "blue" || to === "green") &&
    typeof reason === "string" &&
    typeof at === "number"
  );
}
