import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import type { Context, OperationRuntime } from "./context.ts";
import { type AuditFact, keepAudit } from "./write-audit.ts";

/** Rows that one address, and all together, may cause at once by being denied, and how many a minute come back. */
const LIMITS = { each: 5, all: 60 };
const MINUTE_MS = 60_000;
const MOST_ADDRESSES = 1_000;

interface Bucket {
  left: number;
  at: number;
}

const bucketsOf = new WeakMap<object, { buckets: Map<string, Bucket>; leftOut: number }>();

/**
 * Audits an attempt that was denied before anybody's own limit counts it: no identity, a foreign origin, too many requests.
 * Few rows each minute, so that nobody can fill the audit; the next row says how many were left out.
 */
export async function auditDenial(
  ctx: Context,
  denial: Pick<AuditFact, "action" | "code" | "message"> & Partial<AuditFact>,
): Promise<void> {
  const known = bucketsOf.get(ctx.runtime.store) ?? { buckets: new Map<string, Bucket>(), leftOut: 0 };
  bucketsOf.set(ctx.runtime.store, known);
  const who = ctx.identity ? `${ctx.identity.via}:${ctx.identity.id}` : (ctx.address ?? "");
  // Its own limit first: who is over it takes nothing from the others.
  if (!take(known.buckets, who, LIMITS.each, ctx.runtime) || !take(known.buckets, "*", LIMITS.all, ctx.runtime)) {
    known.leftOut += 1;
    return;
  }
  const { leftOut } = known;
  known.leftOut = 0;
  await keepAudit(ctx, {
    askedAt: ctx.runtime.now(),
    application: null,
    deploymentId: null,
    outcome: "refused",
    reason: null,
    ...denial,
    ...(leftOut > 0
      ? lineMembers(say("auditRow.leftOut", { what: denial.said ?? denial.message, count: leftOut }))
      : {}),
  });
}

function take(
  buckets: Map<string, Bucket>,
  key: string,
  most: number,
  { now }: Pick<OperationRuntime, "now">,
): boolean {
  const at = now();
  const bucket = buckets.get(key) ?? { left: most, at };
  const left = Math.min(most, bucket.left + (Math.max(0, at - bucket.at) / MINUTE_MS) * most);
  // Addresses that a stranger invents must not fill the memory; the one of all together stays.
  buckets.delete(key);
  buckets.set(key, { left: left >= 1 ? left - 1 : left, at });
  for (const oldest of buckets.keys()) {
    if (buckets.size <= MOST_ADDRESSES) break;
    if (oldest !== "*") buckets.delete(oldest);
  }
  return left >= 1;
}
