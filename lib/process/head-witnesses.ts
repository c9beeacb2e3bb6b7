import type { LockedObjects } from "../aws/locked-objects.ts";
import type { AuditConfig } from "../config/audit-config.ts";
import { signatureOf } from "../notify/signature.ts";
import type { HeadWitness } from "./audit-head.ts";

const ANSWER_WITHIN_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;

/** Who keeps the audit's end besides the database, as switchyard.yaml says. */
export function headWitnesses(
  { headWebhook, headBucket }: Pick<AuditConfig, "headWebhook" | "headBucket">,
  deps: { lockedObjects: LockedObjects; holder: string; now: () => number; fetch?: typeof fetch },
): HeadWitness[] {
  return [
    ...(headWebhook ? [webhookWitness(headWebhook, deps)] : []),
    ...(headBucket ? [bucketWitness(headBucket, deps)] : []),
  ];
}

function webhookWitness(
  { url, secret }: NonNullable<AuditConfig["headWebhook"]>,
  { now, fetch: post = fetch }: { now: () => number; fetch?: typeof fetch },
): HeadWitness {
  return {
    name: "the webhook",
    async tell(told) {
      const body = JSON.stringify(told);
      const response = await post(url, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "user-agent": "Switchyard",
          "x-switchyard-event": told.event,
          "x-switchyard-signature": signatureOf(secret, body, now()),
        },
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`It answered ${response.status}`);
    },
  };
}

/** An object for each hour and replica; within the hour a newer one is another version, which the lock leaves beside it. */
function bucketWitness(
  { name, prefix, lockDays, mode }: NonNullable<AuditConfig["headBucket"]>,
  { lockedObjects, holder, now }: { lockedObjects: LockedObjects; holder: string; now: () => number },
): HeadWitness {
  return {
    name: `the bucket ${name}`,
    async tell(told) {
      const hour = told.at.slice(0, 13).replaceAll("-", "/").replace("T", "/");
      await lockedObjects.put({
        bucket: name,
        key: `${prefix}${hour}-${holder.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 60)}.json`,
        body: `${JSON.stringify(told)}\n`,
        mode,
        lockedUntil: now() + lockDays * DAY_MS,
      });
    },
  };
}
