import type { Clock } from "../clock.ts";
import type { LogStore } from "./log-store.ts";

/** What AWS counts for each event besides its message. */
const BYTES_PER_EVENT = 26;
const BUCKET_MS = 1000;
/** What has not been asked for by then is asked for by nobody. */
const KEPT_MS = 600_000;

/** Bytes and events that groups took in within [fromMs, toMs), by group name. */
export type IncomingLogs = (fromMs: number, toMs: number) => { logGroup: string; bytes: number; events: number }[];

/** Counts what is written into the store, by the second in which it came. */
export function countIncoming(clock: Clock, store: LogStore): IncomingLogs {
  const buckets = new Map<number, Map<string, { bytes: number; events: number }>>();
  store.subscribe(({ name }, events) => {
    const at = Math.floor(clock.now() / BUCKET_MS) * BUCKET_MS;
    const bucket = buckets.get(at) ?? new Map<string, { bytes: number; events: number }>();
    buckets.set(at, bucket);
    const known = bucket.get(name) ?? { bytes: 0, events: 0 };
    const bytes = events.reduce((sum, event) => sum + event.bytes + BYTES_PER_EVENT, known.bytes);
    bucket.set(name, { bytes, events: known.events + events.length });
    for (const old of buckets.keys())
      if (old < at - KEPT_MS) buckets.delete(old);
      else break;
  });
  return (fromMs, toMs) => {
    const sums = new Map<string, { bytes: number; events: number }>();
    for (const [at, bucket] of buckets)
      if (at >= fromMs && at < toMs)
        for (const [name, { bytes, events }] of bucket) {
          const known = sums.get(name) ?? { bytes: 0, events: 0 };
          sums.set(name, { bytes: known.bytes + bytes, events: known.events + events });
        }
    return [...sums].map(([logGroup, counted]) => ({ logGroup, ...counted }));
  };
}
