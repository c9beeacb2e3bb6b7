import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Delivery, Notification } from "../domain/notification/notification.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { findPostgres, startPostgres } from "../testing/test-postgres.ts";
import { createStore } from "./create-store.ts";
import type { Store } from "./store.ts";

const postgres = findPostgres();

describe.each([
  { name: "in memory", isHere: true, start: async () => ({ open: () => createMemoryStore(), stop() {} }) },
  {
    name: "on a PostgreSQL server",
    isHere: postgres !== null,
    async start() {
      const server = await startPostgres(postgres ?? "");
      return { open: () => createStore({ databaseUrl: server.url }), stop: () => server.stop() };
    },
  },
])("the outbox $name", ({ isHere, start }) => {
  const it = isHere ? test : test.skip;
  let store: Store;
  let world: Awaited<ReturnType<typeof start>>;
  let serial = 0;
  /** Every test has a time of its own far from the others', and finishes what it claims. */
  const newTime = () => ++serial * 1_000_000;
  beforeAll(async () => {
    if (!isHere) return;
    world = await start();
    store = await world.open();
  });
  afterAll(async () => {
    if (!isHere) return;
    await store.close();
    await world.stop();
  });

  const end = (delivery: Delivery, now: number) =>
    store.finishDelivery(delivery, { state: "delivered", nextAt: now, error: null }, now);

  it("takes each notification once for each endpoint, however often it is told", async () => {
    const now = newTime();
    const event = notification(`n-${now}`);
    await store.enqueueNotification(event, ["webhook:a", "webhook:b"], now);
    await store.enqueueNotification({ ...event, title: "told again" }, ["webhook:b", "webhook:c"], now + 1);
    await store.enqueueNotification(event, [], now);
    const claimed = await store.claimDeliveries(now + 1, 1000, 10);
    expect(claimed.map(({ endpoint, notification }) => [endpoint, notification.title])).toEqual([
      ["webhook:a", "title"],
      ["webhook:b", "title"],
      ["webhook:c", "told again"],
    ]);
    expect(claimed[0]).toMatchObject({ notification: event, state: "pending", attempts: 1, lastError: null });
    for (const delivery of claimed) await end(delivery, now + 1);
  });

  it("gives a row to one of many replicas, and to another once the lease has run out", async () => {
    const now = newTime();
    await store.enqueueNotification(notification(`n-${now}`), ["webhook:lease"], now);
    const claims = await Promise.all(Array.from({ length: 6 }, () => store.claimDeliveries(now, 1000, 10)));
    const [first] = claims.flat();
    expect(claims.flat()).toHaveLength(1);
    expect(await store.claimDeliveries(now + 999, 1000, 10)).toEqual([]);
    const [second] = await store.claimDeliveries(now + 1000, 1000, 10);
    expect(second?.attempts).toBe(2);
    if (!first || !second) throw new Error("not claimed");
    await store.finishDelivery(first, { state: "failed", nextAt: now, error: "late" }, now + 1001);
    expect((await store.listDeliveries({ application: `n-${now}` }, { limit: 1 })).items[0]?.state).toBe("pending");
    await end(second, now + 1002);
    const row = (await store.listDeliveries({ application: `n-${now}` }, { limit: 1 })).items[0];
    expect(row).toMatchObject({ state: "delivered", finishedAt: now + 1002, lastError: null });
  });

  it("keeps an endpoint's order behind one that fails, but not for ever, and holds no other endpoint up", async () => {
    const now = newTime();
    const names = ["first", "second", "third"].map((name) => `${name}-${now}`);
    for (const name of names) await store.enqueueNotification(notification(name), ["webhook:order"], now);
    await store.enqueueNotification(notification(`other-${now}`), ["webhook:other"], now);
    for (let attempt = 1; attempt <= 5; attempt++) {
      const claimed = await store.claimDeliveries(now + attempt, 1000, 10);
      const ids = claimed.map((delivery) => delivery.notification.id);
      expect(ids).toEqual(attempt === 1 ? [names[0], `other-${now}`] : [names[0]]);
      for (const delivery of claimed)
        if (delivery.endpoint === "webhook:other") await end(delivery, now);
        else
          await store.finishDelivery(
            delivery,
            { state: "pending", nextAt: now + (attempt < 5 ? attempt + 1 : 500), error: "500\u0000" },
            now,
          );
    }
    const [overtaking] = await store.claimDeliveries(now + 10, 1000, 10);
    expect(overtaking?.notification.id).toBe(names[1]);
    if (!overtaking) throw new Error("not claimed");
    // The endpoint answers again: what waits for it is brought on, oldest first.
    await end(overtaking, now + 11);
    const rest = await store.claimDeliveries(now + 11, 1000, 10);
    expect(rest.map((delivery) => delivery.notification.id)).toEqual([names[0], names[2]]);
    expect(rest[0]?.lastError).toBe("500\uFFFD");
    for (const delivery of rest) await end(delivery, now + 12);
  });

  it("lists deliveries newest first, by application and state, and forgets old ones", async () => {
    const now = newTime();
    const application = `list-${now}`;
    for (let i = 0; i < 5; i++)
      await store.enqueueNotification({ ...notification(`${application}-${i}`), application }, ["webhook:list"], now);
    const first = await store.listDeliveries({ application }, { limit: 3 });
    const second = await store.listDeliveries({ application }, { limit: 3, cursor: first.nextCursor ?? "" });
    const seen = [...first.items, ...second.items].map((delivery) => delivery.notification.id.at(-1));
    expect(seen).toEqual(["4", "3", "2", "1", "0"]);
    expect(second.nextCursor).toBeNull();
    const [claimed] = await store.claimDeliveries(now, 1000, 1);
    if (!claimed) throw new Error("not claimed");
    await store.finishDelivery(claimed, { state: "failed", nextAt: now, error: "gone" }, now);
    expect((await store.listDeliveries({ application, state: "failed" }, { limit: 9 })).items).toHaveLength(1);
    await store.pruneOutbox(now + 1);
    expect((await store.listDeliveries({ application }, { limit: 9 })).items).toHaveLength(4);
    for (let left = 4; left > 0; left--)
      for (const row of await store.claimDeliveries(now, 1000, 9)) await end(row, now);
  });

  it("says since when a condition holds, anew after it was not seen for long", async () => {
    const now = newTime();
    const note = (at: number, condition = "drift") => store.noteCondition(`c-${now}`, condition, at, 100);
    expect(await note(now)).toBe(now);
    expect(await note(now + 100)).toBe(now);
    expect(await note(now + 50)).toBe(now);
    expect(await note(now + 200)).toBe(now);
    expect(await note(now + 200, "another")).toBe(now + 200);
    expect(await note(now + 301)).toBe(now + 301);
  });
});

function notification(id: string): Notification {
  return {
    id,
    application: id,
    deploymentId: null,
    kind: "traffic.drifted",
    title: "title",
    text: "text\u0000",
    deepLinkPath: "/library",
    at: 1,
  };
}
