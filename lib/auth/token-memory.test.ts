import { expect, test } from "vitest";
import type { ApiToken } from "../domain/access/api-token.ts";
import { createTokenMemory, FRESH_MS } from "./token-memory.ts";

const token = { id: "t-1" } as ApiToken;

function memory() {
  const world = { now: 0, isAway: false, token: token as ApiToken | null, looks: 0, uses: [] as number[] };
  const source = {
    async lookUp() {
      world.looks += 1;
      if (world.isAway) throw new Error("The connection was refused");
      return world.token;
    },
    async noteUse(_id: string, at: number) {
      world.uses.push(at);
    },
  };
  return { world, source, ...createTokenMemory(source, () => world.now) };
}

test("a token that was seen lately is known while the database is away, for an hour", async () => {
  const { world, find } = memory();
  expect(await find("hash")).toBe(token);
  world.isAway = true;
  world.now = 60 * 60_000;
  expect(await find("hash")).toBe(token);
  await expect(find("another")).rejects.toThrow("refused");
  world.now += 1;
  await expect(find("hash")).rejects.toThrow("refused");
});

test("what the database says, it says: a token that is gone is forgotten", async () => {
  const { world, find } = memory();
  await find("hash");
  world.token = null;
  expect(await find("hash")).toBeNull();
  world.isAway = true;
  await expect(find("hash")).rejects.toThrow("refused");
});

test("reads that come one after the other share a look, a change never does", async () => {
  const { world, find } = memory();
  for (let i = 0; i < 100; i += 1) expect(await find("hash", FRESH_MS)).toBe(token);
  expect(world.looks).toBe(1);
  await find("hash");
  expect(world.looks).toBe(2);
  world.now = FRESH_MS;
  await find("hash", FRESH_MS);
  expect(world.looks).toBe(3);
});

test("a token that nobody has is looked up each time", async () => {
  const { world, find } = memory();
  world.token = null;
  await find("hash", FRESH_MS);
  world.token = token;
  expect(await find("hash", FRESH_MS)).toBe(token);
});

test("a token that was revoked here is refused at once, also where it was being looked up meanwhile", async () => {
  const { world, source, find, forget } = memory();
  await find("hash", FRESH_MS);
  forget("t-1");
  world.token = null;
  expect(await find("hash", FRESH_MS)).toBeNull();

  let answer = (_: ApiToken | null) => {};
  source.lookUp = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const before = find("hash", FRESH_MS);
  forget("t-1");
  answer(token);
  await before;
  source.lookUp = async () => null;
  expect(await find("hash", FRESH_MS)).toBeNull();
});

test("a use is written down at once, and then no more than twice a minute", async () => {
  const { world, noteUse } = memory();
  for (world.now = 0; world.now < 60_000; world.now += 100) await noteUse("t-1");
  expect(world.uses).toEqual([0, 30_000]);
});
