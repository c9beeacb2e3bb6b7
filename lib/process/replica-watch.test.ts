import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createReplicaWatch } from "./replica-watch.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A record that all replicas of a test share. */
function sharedRecord() {
  const seen = new Map<string, number>();
  let isAway = false;
  return {
    setAway(away: boolean) {
      isAway = away;
    },
    async seeReplica(holder: string, now: number, ttlMs: number) {
      if (isAway) throw new Error("The database is away");
      seen.set(holder, now);
      for (const [name, at] of seen) if (at < now - ttlMs) seen.delete(name);
      return seen.size;
    },
    async forgetReplica(holder: string) {
      seen.delete(holder);
    },
  };
}

function startReplica(store: ReturnType<typeof sharedRecord>, holder: string) {
  const told: number[] = [];
  const errors: unknown[] = [];
  const watch = createReplicaWatch({
    store,
    holder,
    now: Date.now,
    shared: (replicas) => told.push(replicas),
    onError: (error) => errors.push(error),
  });
  watch.start();
  return { told, errors, watch, last: () => told.at(-1) };
}

test("each knows of the others within a turn, and has the share of one that ended at its next", async () => {
  const record = sharedRecord();
  const a = startReplica(record, "a");
  const b = startReplica(record, "b");
  await vi.advanceTimersByTimeAsync(5000);
  expect([a.last(), b.last()]).toEqual([2, 2]);
  await b.watch.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(a.last()).toBe(1);
  await a.watch.stop();
});

test("while the record is away nobody takes the others' share", async () => {
  const record = sharedRecord();
  const a = startReplica(record, "a");
  startReplica(record, "b");
  await vi.advanceTimersByTimeAsync(5000);
  record.setAway(true);
  const told = a.told.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(a.told).toHaveLength(told);
  expect(a.last()).toBe(2);
  expect(a.errors.length).toBeGreaterThan(0);
});
