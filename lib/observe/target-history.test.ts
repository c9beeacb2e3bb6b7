import { afterAll, beforeAll, expect, test } from "vitest";
import { rememberTargets, type TargetMemory } from "../domain/observation/target-memory.ts";
import type { Store } from "../store/store.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { createTargetKeeper } from "./target-history.ts";

let store: Store;
beforeAll(async () => {
  store = await createMemoryStore();
});
afterAll(() => store.close());

const look = (memory: TargetMemory, state: "healthy" | "unhealthy", at: number) =>
  rememberTargets(memory, "arn:blue", [{ id: "10.0.0.1", port: 8081, state }], at)[0];

test("a process that starts within the minute knows that a target flapped before", async () => {
  const memory: TargetMemory = new Map();
  const keeper = (of: TargetMemory, now: number) =>
    createTargetKeeper({ memory: of, store, now: () => now, onError: () => {} });
  look(memory, "healthy", 1_000);
  look(memory, "unhealthy", 2_000);
  look(memory, "healthy", 3_000);
  const before = keeper(memory, 3_500);
  before.start();
  await before.stop();

  const next: TargetMemory = new Map();
  await keeper(next, 10_000).recall();
  expect(look(next, "healthy", 11_000)).toMatchObject({
    since: 3_000,
    previous: { state: "unhealthy" },
    consecutive: 1,
  });
  const muchLater: TargetMemory = new Map();
  await keeper(muchLater, 100_000).recall();
  expect(muchLater.size).toBe(0);
});

test("a store that fails is told of and holds nothing up", async () => {
  const errors: unknown[] = [];
  const keeper = createTargetKeeper({
    memory: new Map(),
    store: {
      saveMemory: () => Promise.reject(new Error("Failed query, with its parameters", { cause: "away" })),
      loadMemory: () => Promise.reject(new Error("away")),
    },
    now: () => 1,
    onError: (error) => errors.push(error),
  });
  await expect(keeper.recall()).rejects.toThrow("away");
  await keeper.stop();
  expect(errors).toEqual(["away"]);
});
