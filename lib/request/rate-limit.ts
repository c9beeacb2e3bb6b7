import type { Identity } from "../domain/access/role.ts";
import type { OperationRuntime } from "./context.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** Actions one identity may ask for at once, and how many a second come back. */
const BURST = 40;
const PER_SECOND = 2;
const MOST_IDENTITIES = 5_000;

const buckets = new WeakMap<object, Map<string, { tokens: number; at: number }>>();

/** A refusal when this identity asks for too many actions; null when it may. */
export function findRateRefusal(runtime: OperationRuntime, identity: Identity): Refusal<never> | null {
  const now = runtime.now();
  const byIdentity = buckets.get(runtime) ?? new Map<string, { tokens: number; at: number }>();
  buckets.set(runtime, byIdentity);
  const key = `${identity.via}:${identity.id}`;
  const bucket = byIdentity.get(key) ?? { tokens: BURST, at: now };
  byIdentity.delete(key);
  const tokens = Math.min(BURST, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * PER_SECOND);
  byIdentity.set(key, { tokens: Math.max(0, tokens - 1), at: now });
  for (const oldest of byIdentity.keys()) {
    if (byIdentity.size <= MOST_IDENTITIES) break;
    byIdentity.delete(oldest);
  }
  if (tokens >= 1) return null;
  return refuse(
    "RATE_LIMITED",
    `More than ${BURST} actions at once by ${identity.name}`,
    "Wait a second and try again",
  );
}
