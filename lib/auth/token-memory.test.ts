import { expect, test } from "vitest";
import type { ApiToken } from "../domain/access/api-token.ts";
import { createTokenMemory } from "./token-memory.ts";

const token = { id: "t-1" } as ApiToken;

function memory() {
  const world = { now: 0, isAway: false, token: token as ApiToken | null };
  const lookUp = async () => {
    if (world.isAway) throw new Error("The connection was refused");
    return world.token;
  };
  return { world, ...createTokenMemory(lookUp, () => world.now) };
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
