import { describe, expect, test } from "vitest";
import type { Grant } from "../domain/access/grant.ts";
import type { SessionEnds } from "../domain/access/person-session.ts";
import { createAccessCache, TRUSTED_FOR_MS } from "./access-cache.ts";

const GRANT: Grant = {
  id: "g-1",
  kind: "address",
  who: "kim@example.com",
  role: "operator",
  application: "library",
  reason: null,
  createdBy: "Alex",
  createdAt: 0,
  expiresAt: 5_000,
  revokedAt: null,
  revokedBy: null,
};
const mark = (id: string, startedAt = 1_000) => ({ id, personId: "kim@example.com", startedAt });

function makeCache(ends: SessionEnds = { ended: ["s-1"], endedBefore: {} }) {
  const world = { now: 2_000, isDown: false, ends, grants: [GRANT] };
  const failing = async <T>(value: () => T) => {
    if (world.isDown) throw new Error("The connection was refused");
    return value();
  };
  const source = {
    listGrants: () => failing(() => world.grants),
    readSessionEnds: () => failing(() => world.ends),
    noteSessionUse: () => failing(() => undefined),
  };
  return { world, cache: createAccessCache({ source, now: () => world.now }) };
}

test("before the first read nobody is let in by a session", () => {
  const { cache } = makeCache();
  expect(cache.canJudge()).toBe(false);
  expect(cache.isEnded(mark("s-2"))).toBe(true);
  expect(cache.grants()).toEqual([]);
});

test("knows what was ended and what is granted until it is over", async () => {
  const { world, cache } = makeCache();
  await cache.refresh();
  expect(cache.isEnded(mark("s-1"))).toBe(true);
  expect(cache.isEnded(mark("s-2"))).toBe(false);
  expect(cache.grants()).toEqual([GRANT]);
  world.now = 5_000;
  expect(cache.grants()).toEqual([]);
});

test("a person's sessions are over that began before the end, later ones are not", async () => {
  const { cache } = makeCache({ ended: [], endedBefore: { "kim@example.com": 1_500 } });
  await cache.refresh();
  expect(cache.isEnded(mark("s-2", 1_499))).toBe(true);
  expect(cache.isEnded(mark("s-2", 1_500))).toBe(false);
  expect(cache.isEnded({ id: "s-3", personId: "constructor", startedAt: 0 })).toBe(false);
});

describe("while the database is down", () => {
  test("the last list counts for an hour: what was ended stays ended, what was open stays open", async () => {
    const { world, cache } = makeCache();
    await cache.refresh();
    world.isDown = true;
    await expect(cache.refresh()).rejects.toThrow();
    world.now = 2_000 + TRUSTED_FOR_MS;
    expect(cache.isEnded(mark("s-1"))).toBe(true);
    expect(cache.isEnded(mark("s-2"))).toBe(false);
  });

  test("after that no session is let in, until the database answers again", async () => {
    const { world, cache } = makeCache();
    await cache.refresh();
    world.now = 2_001 + TRUSTED_FOR_MS;
    expect(cache.isEnded(mark("s-2"))).toBe(true);
    expect(cache.canJudge()).toBe(false);
    await cache.refresh();
    expect(cache.isEnded(mark("s-2"))).toBe(false);
  });
});

test("an older read that answers late changes nothing", async () => {
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reads = 0;
  const cache = createAccessCache({
    now: () => 0,
    source: {
      listGrants: async () => {
        reads += 1;
        if (reads > 1) return [];
        await slow;
        return [GRANT];
      },
      readSessionEnds: async () => ({ ended: [], endedBefore: {} }),
      noteSessionUse: async () => undefined,
    },
  });
  const first = cache.refresh();
  await cache.refresh();
  release();
  await first;
  expect(cache.grants()).toEqual([]);
});
