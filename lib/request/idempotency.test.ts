import { afterAll, beforeAll, expect, test } from "vitest";
import type { Identity } from "../domain/access/role.ts";
import { DeploymentInFlight, type Store } from "../store/store.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { deploymentRow } from "../testing/test-rows.ts";
import type { Context } from "./context.ts";
import { findRequested, lateIdFor, withIdempotency } from "./idempotency.ts";
import type { Operated } from "./operated.ts";

const DAY = 24 * 60 * 60 * 1000;
const identity: Identity = { id: "kim@example.com", name: "Kim", role: "operator", via: "session" };
let store: Store;
let time = Date.now();

beforeAll(async () => {
  store = await createMemoryStore();
});
afterAll(() => store.close());

// Safe because nothing but the store and the clock is asked for a key.
const ctx = () =>
  ({ runtime: { store, now: () => time }, identity, address: null }) as unknown as Context & {
    identity: Identity;
  };
const input = (key: string) => ({ application: "library", idempotencyKey: key });
/** A request that inserts a finished deployment, as one that was carried out long ago. */
const insert = async (newId: string): Promise<Operated> => {
  const value = deploymentRow({
    id: newId,
    application: "library",
    status: "SUCCESSFUL",
    startedAt: time,
    finishedAt: time,
  });
  await store.insertDeployment(value);
  return { ok: true, value };
};
const ask = async (key: string, run = insert) => {
  const done = await withIdempotency(ctx(), "rollback", input(key), run);
  if (!done.ok) throw new Error(done.message);
  return done.value.id;
};

test("a key that comes back within a day is answered with the same deployment, after it with another", async () => {
  const first = await ask("reused");
  time += DAY - 1;
  expect(await ask("reused")).toBe(first);
  time += 1;
  const second = await ask("reused");
  expect(second).not.toBe(first);
  time += DAY;
  expect(new Set([first, second, await ask("reused")]).size).toBe(3);
});

test("a repeat finds what a process made that died before it could answer", async () => {
  const made: string[] = [];
  // Inserted, and then nothing more: neither answered nor released.
  const at = time;
  expect(await store.claimIdempotencyKey("session:kim@example.com:rollback:library", "died", "other", at)).toBeNull();
  time += 1;
  await expect(ask("died")).rejects.toThrow(/used for another request/);
  await ask("answered", async (newId) => {
    made.push(newId);
    return insert(newId);
  });
  expect(await ask("answered")).toBe(made[0]);
});

test("a slow first request and a repeat that lost patience come to the same deployment", async () => {
  const made = Promise.withResolvers<void>();
  const claimed = Promise.withResolvers<void>();
  const slow = ask("slow", async (newId) => {
    claimed.resolve();
    await made.promise;
    return insert(newId);
  });
  await claimed.promise;
  const repeat = ask("slow");
  time += 3_000;
  const id = await repeat;
  made.resolve();
  expect(await slow).toBe(id);
});

test("a refused request leaves its key free, and the next one gets an id of its own", async () => {
  const ids: string[] = [];
  const refused = async (newId: string): Promise<Operated> => {
    ids.push(newId);
    return { ok: false, code: "LISTENER_DRIFT", message: "no" };
  };
  await withIdempotency(ctx(), "rollback", input("refused"), refused);
  time += 1;
  ids.push(await ask("refused"));
  expect(new Set(ids).size).toBe(2);
});

test("what a key came to while the database was away answers it for a day, and no longer", async () => {
  const late = deploymentRow({
    id: lateIdFor(ctx(), "rollback", input("late")),
    application: "library",
    status: "SUCCESSFUL",
    startedAt: time,
    finishedAt: time,
  });
  expect(lateIdFor(ctx(), "rollback", input("late"))).toBe(late.id);
  await store.insertDeployment(late);
  const never = () => Promise.reject(new DeploymentInFlight(late));
  time += DAY - 1;
  expect(await ask("late", never)).toBe(late.id);
  time += DAY;
  expect(await ask("late")).not.toBe(late.id);
});

test("what was sent and never answered is found by its key, by nobody else and on no other application", async () => {
  expect(await findRequested(ctx(), "library", "never-sent")).toBeNull();
  const id = await ask("unanswered");
  expect((await findRequested(ctx(), "library", "unanswered"))?.id).toBe(id);
  expect(await findRequested(ctx(), "shop", "unanswered")).toBeNull();
  const other = { ...ctx(), identity: { ...identity, id: "lee@example.com" } };
  expect(await findRequested(other, "library", "unanswered")).toBeNull();
});

test("looking for a key claims nothing: the request that comes later is the first", async () => {
  expect(await findRequested(ctx(), "library", "late-comer")).toBeNull();
  const id = await ask("late-comer");
  expect((await findRequested(ctx(), "library", "late-comer"))?.id).toBe(id);
});

test("a request that was refused is not found, and one still in hand is not told as done", async () => {
  const refused: typeof insert = async () => ({ ok: false, code: "FROZEN", message: "Deployments are frozen" });
  await withIdempotency(ctx(), "rollback", input("was-refused"), refused);
  expect(await findRequested(ctx(), "library", "was-refused")).toBeNull();
  const scope = "session:kim@example.com:rollback:library";
  await store.claimIdempotencyKey(scope, "in-hand", "hash", time);
  expect(await findRequested(ctx(), "library", "in-hand")).toBeNull();
});
