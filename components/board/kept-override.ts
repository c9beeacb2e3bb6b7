import { ROLLOUT_STRATEGIES, type Rollout } from "@/lib/domain/observation/rollout.ts";

/** What an approver was about to override when a sign-in came between. */
export interface KeptOverride {
  verb: "switch" | "rollback";
  to: "blue" | "green";
  reason: string;
  /** How traffic was to move; as the receipt says when left out. */
  rollout?: Rollout | undefined;
}

/** Where it is kept: this tab only, and gone with it. */
type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Whoever takes longer to sign in again begins anew: the application is another by then. */
const KEPT_MS = 10 * 60_000;

const keyOf = (application: string) => `switchyard.override.${application}`;

/** Keeps what was chosen and the reason, but not the typed name: that is typed again with the fresh page in sight. */
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
    const { at, ...asked } = kept;
    return now - at >= 0 && now - at <= KEPT_MS ? asked : null;
  } catch {
    return null;
  }
}

const tabStorage = () => sessionStorage;

function isKept(value: unknown): value is KeptOverride & { at: number } {
  if (typeof value !== "object" || value === null) return false;
  const { verb, to, reason, rollout, at } = value as Record<string, unknown>;
  return (
    (verb === "switch" || verb === "rollback") &&
    (to === "blue" || to === "green") &&
    typeof reason === "string" &&
    (rollout === undefined || isRollout(rollout)) &&
    typeof at === "number"
  );
}

/** Its ranges are the server's to check. */
function isRollout(value: unknown): value is Rollout {
  if (typeof value !== "object" || value === null) return false;
  const { strategy, ...numbers } = value as Record<string, unknown>;
  const names = { ALL_AT_ONCE: [], CANARY: ["percent", "bakeMinutes"], LINEAR: ["stepPercent", "stepBakeMinutes"] };
  const known = ROLLOUT_STRATEGIES.find((each) => each === strategy);
  return known !== undefined && names[known].every((name) => typeof numbers[name] === "number");
}
