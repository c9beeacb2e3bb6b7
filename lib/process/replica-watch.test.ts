import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ReplicaRow } from "../store/replicas.ts";
import { createReplicaWatch } from "./replica-watch.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A record that all replicas of a test share. */
function sharedRecord() {
  const seen = new Map<string, { row: ReplicaRow; at: number }>();
  let isAway = false;
  return {
    setAway(away: boolean) {
      isAway = away;
    },
    async seeReplica(row: ReplicaRow, now: number, ttlMs: number) {
      if (isAway) throw new Error("The database is away");
      seen.set(row.holder, { row, at: now });
      for (const [name, { at }] of seen) if (at < now - ttlMs) seen.delete(name);
      return [...seen.values()].map((one) => one.row);
    },
    async forgetReplica(holder: string) {
      seen.delete(holder);
    },
  };
}

function startReplica(store: ReturnType<typeof sharedRecord>, holder: string) {
  const told: number[] = [];
  const errors: unknown[] = [];
  const slowed: string[] = [];
  const own: Record<string, number> = {};
  const watch = createReplicaWatch({
    store,
    holder,
    now: Date.now,
    limits: {
      shareAmong: (replicas) => told.push(replicas),
      throttles: () => ({ ...own }),
      throttledElsewhere: (what) => slowed.push(what),
    },
    onError: (error) => errors.push(error),
  });
  watch.start();
  const throttle = (what: string) => {
    own[what] = (own[what] ?? 0) + 1;
  };
  return { told, errors, slowed, throttle, watch, last: () => told.at(-1) };
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

test("what one was throttled in slows the others down, once for each look, and not itself again", async () => {
  const record = sharedRecord();
  const [a, b, c] = ["a", "b", "c"].map((name) => startReplica(record, name)) as [Replica, Replica, Replica];
  await vi.advanceTimersByTimeAsync(5000);
  for (let i = 0; i < 3; i += 1) a.throttle("eu-west-1 elb-read");
  b.throttle("eu-west-1 elb-read");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(c.slowed.length).toBeGreaterThan(0);
  expect(new Set([...a.slowed, ...b.slowed, ...c.slowed])).toEqual(new Set(["eu-west-1 elb-read"]));
  // Of two that were throttled each hears of the other.
  expect([a.slowed.length, b.slowed.length]).toEqual([1, 1]);
  const counted = c.slowed.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(c.slowed).toHaveLength(counted);
});

test("what one was throttled in before it was known says nothing about now", async () => {
  const record = sharedRecord();
  const a = startReplica(record, "a");
  a.throttle("eu-west-1 sts");
  await vi.advanceTimersByTimeAsync(5000);
  const late = startReplica(record, "late");
  await vi.advanceTimersByTimeAsync(30_000);
  expect(late.slowed).toEqual([]);
});

type Replica = ReturnType<typeof startReplica>;
