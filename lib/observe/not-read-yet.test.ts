import { expect, test, vi } from "vitest";
import { createControllers } from "../controllers/registry.ts";
import type { RecordStore } from "../store/application-record.ts";
import { createFleetWorld } from "../testing/fleet-world.ts";
import { createObserver } from "./observer.ts";
import { createSnapshotHub } from "./snapshot-hub.ts";

test("an application that was not read yet is told at once, by its name and as unread, and AWS is not asked for it", async () => {
  vi.useFakeTimers();
  try {
    const { aws, configs, calls } = createFleetWorld({ count: 60, ofOneListener: 20, standbyTasks: 2 });
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const observer = createObserver({ aws, configs, controllers: createControllers(aws), onError });
    const store = {
      kind: "pglite",
      findDeploymentInFlight: async () => null,
      listDeployments: async () => ({ items: [], nextCursor: null }),
      listUnapprovedReleases: async () => [],
      findLedger: async () => null,
      listFreezes: async () => [],
    } as unknown as RecordStore & { kind: "pglite" };
    const hub = createSnapshotHub({ observer, store, now: Date.now, onError: () => undefined });
    observer.start();
    while (observer.applications().length < 60) await vi.advanceTimersByTimeAsync(20);
    const asked = () => [...calls.values()].reduce((sum, times) => sum + times.length, 0);
    const before = asked();
    const names = observer.applications().map(({ name }) => name);
    const unread = names.filter((name) => observer.observation(name) === null);
    expect(unread.length).toBeGreaterThan(0);
    const list = await Promise.all(unread.map((name) => hub.lastSnapshot(name)));
    expect(asked()).toBe(before);
    expect(list.map((snapshot) => snapshot?.name)).toEqual(unread);
    const last = list.at(-1);
    expect(last).toMatchObject({ isUnread: true, observedAt: 0, traffic: { live: "unknown" } });
    expect(last?.sources).toMatchObject([{ state: "stale" }, { state: "stale" }]);
    const stopped = observer.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
    expect(errors).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test("a list of many waits for no record that was read within the last minute, and one application for its own", async () => {
  vi.useFakeTimers();
  try {
    const { aws, configs } = createFleetWorld({ count: 1, ofOneListener: 1, standbyTasks: 1 });
    const observer = createObserver({ aws, configs, controllers: createControllers(aws), onError: () => undefined });
    const held: (() => void)[] = [];
    let isHeld = false;
    const store = {
      kind: "postgres",
      findDeploymentInFlight: () =>
        isHeld ? new Promise<null>((done) => held.push(() => done(null))) : Promise.resolve(null),
      listDeployments: async () => ({ items: [], nextCursor: null }),
      listUnapprovedReleases: async () => [],
      findLedger: async () => null,
      listFreezes: async () => [],
    } as unknown as RecordStore & { kind: "postgres" };
    const hub = createSnapshotHub({ observer, store, now: Date.now, onError: () => undefined });
    observer.start();
    while (observer.applications().length === 0) await vi.advanceTimersByTimeAsync(20);
    const name = observer.applications()[0]?.name ?? "";
    await hub.lastSnapshot(name);
    isHeld = true;
    await vi.advanceTimersByTimeAsync(30_000);
    const whole = hub.lastSnapshot(name).then(() => "whole");
    const listed = hub.listedSnapshot(name).then(() => "listed");
    expect(await Promise.race([whole, listed])).toBe("listed");
    expect(held).toHaveLength(1);
    for (const answer of held) answer();
    await whole;
    await vi.advanceTimersByTimeAsync(61_000);
    const late = hub.listedSnapshot(name);
    expect(held).toHaveLength(2);
    held[1]?.();
    expect((await late)?.name).toBe(name);
    const stopped = observer.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
  } finally {
    vi.useRealTimers();
  }
});

test("records of many are read again behind their list, one after the other", async () => {
  vi.useFakeTimers();
  try {
    const { aws, configs } = createFleetWorld({ count: 20, ofOneListener: 20, standbyTasks: 1 });
    const observer = createObserver({ aws, configs, controllers: createControllers(aws), onError: () => undefined });
    let underWay = 0;
    let most = 0;
    let reads = 0;
    const store = {
      kind: "pglite",
      async findDeploymentInFlight() {
        reads += 1;
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve, 10));
        underWay -= 1;
        return null;
      },
      listDeployments: async () => ({ items: [], nextCursor: null }),
      listUnapprovedReleases: async () => [],
      findLedger: async () => null,
      listFreezes: async () => [],
    } as unknown as RecordStore & { kind: "pglite" };
    const hub = createSnapshotHub({ observer, store, now: Date.now, onError: () => undefined });
    observer.start();
    while (observer.applications().length < 20) await vi.advanceTimersByTimeAsync(20);
    const names = observer.applications().map(({ name }) => name);
    const list = () => Promise.all(names.map((name) => hub.listedSnapshot(name)));
    const first = list();
    await vi.advanceTimersByTimeAsync(20);
    await first;
    await vi.advanceTimersByTimeAsync(30_000);
    [most, reads] = [0, 0];
    await list();
    await list();
    expect(reads).toBe(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect({ most, reads }).toEqual({ most: 1, reads: 20 });
    const stopped = observer.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
  } finally {
    vi.useRealTimers();
  }
});
