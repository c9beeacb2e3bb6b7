import type { Identity } from "../domain/access/role.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { OperationRuntime } from "./context.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** How much one identity may ask for at once, and how much of it a second comes back. */
const LIMITS = {
  actions: { burst: 40, perSecond: 2 },
  /** A board with all its panels asks a dozen questions; a pipeline that waits asks some a second. */
  questions: { burst: 600, perSecond: 120 },
} as const;
type Kind = keyof typeof LIMITS;
const MOST_IDENTITIES = 5_000;

type Buckets = Map<string, { tokens: number; at: number }>;
const buckets = new WeakMap<object, Record<Kind, Buckets>>();

/** A refusal when this identity asks for more than it may; null when it may. `cost` says how many plain ones it counts for. */
export function findRateRefusal(
  runtime: Pick<OperationRuntime, "now">,
  identity: Identity,
  kind: Kind = "actions",
  cost = 1,
): Refusal<never> | null {
  const now = runtime.now();
  const { burst, perSecond } = LIMITS[kind];
  const ofRuntime = buckets.get(runtime) ?? { actions: new Map(), questions: new Map() };
  buckets.set(runtime, ofRuntime);
  const byIdentity = ofRuntime[kind];
  const key = `${identity.via}:${identity.id}`;
  const bucket = byIdentity.get(key) ?? { tokens: burst, at: now };
  byIdentity.delete(key);
  const tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
  const isAllowed = tokens >= cost;
  byIdentity.set(key, { tokens: isAllowed ? tokens - cost : Math.max(0, tokens - 1), at: now });
  for (const oldest of byIdentity.keys()) {
    if (byIdentity.size <= MOST_IDENTITIES) break;
    byIdentity.delete(oldest);
  }
  if (isAllowed) return null;
  return refuse("RATE_LIMITED", say("refusal.tooMany", { kind, name: identity.name }), say("refusal.waitSecond"));
}
