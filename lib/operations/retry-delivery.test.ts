import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Identity, Role } from "../domain/access/role.ts";
import type { Delivery } from "../domain/notification/notification.ts";
import type { Context } from "../request/context.ts";
import type { Store } from "../store/store.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { retryDelivery } from "./retry-delivery.ts";

const NOW = 1_800_000_000_000;
let store: Store;
let delivery: Delivery;
let serial = 0;
/** Moves on with every look, so that what is written later is newer. */
let ticks = 10;
beforeAll(async () => {
  store = await createMemoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  const id = `event-${++serial}`;
  const notification = {
    id,
    application: "library",
    deploymentId: null,
    kind: "traffic.drifted",
    title: id,
    text: "text",
    deepLinkPath: "/library",
    at: NOW,
  } as const;
  await store.enqueueNotification(notification, [`webhook:${id}`], NOW);
  delivery = await claim();
});

/** The newest delivery, taken for a try as the worker does. */
async function claim(): Promise<Delivery> {
  const [claimed] = await store.claimDeliveries(NOW, 1000, 50);
  if (!claimed) throw new Error("nothing is due");
  return claimed;
}

const end = (state: Delivery["state"]) =>
  store.finishDelivery(
    delivery,
    { state, nextAt: NOW + 3_600_000, error: state === "delivered" ? null : "HTTP 500" },
    NOW,
  );

function as(role: Role | null, over: Partial<Identity> = {}, endpoints = [delivery.endpoint]): Context {
  const runtime = {
    store,
    now: () => NOW + ++ticks,
    notifier: { endpoints: () => endpoints.map((id) => ({ id, host: "example.com", application: null, events: [] })) },
  };
  // This operation asks nothing else of the runtime.
  return {
    runtime: runtime as unknown as Context["runtime"],
    identity: { id: "kim", name: "Kim", role, via: "session", ...over },
    address: null,
  };
}

const input = () => ({ application: "library", deliveryId: delivery.id });
const lastAudit = async () => (await store.listAudit({}, { limit: 1 })).items[0];

describe("retrying a delivery", () => {
  test.each(["pending", "failed"] as const)("makes a %s one due at once and writes it down", async (state) => {
    await end(state);
    const result = await retryDelivery(as("admin"), input());
    expect(result).toMatchObject({ ok: true, value: { state: "pending", nextAt: NOW + ticks - 1, finishedAt: null } });
    const [due] = await store.claimDeliveries(NOW + 1000, 1000, 50);
    expect(due).toMatchObject({ id: delivery.id, attempts: 2 });
    expect(await lastAudit()).toMatchObject({
      action: "delivery.retried",
      application: "library",
      outcome: "done",
      message: expect.stringContaining(delivery.endpoint),
    });
  });

  test("is safe to call twice", async () => {
    await end("failed");
    expect(await retryDelivery(as("admin"), input())).toMatchObject({ ok: true });
    expect(await retryDelivery(as("admin"), input())).toMatchObject({ ok: true, value: { attempts: 1 } });
    expect(await store.claimDeliveries(NOW + 1000, 1000, 50)).toHaveLength(1);
  });

  test.each(["viewer", "operator", "approver"] as const)("refuses a %s, and writes that down", async (role) => {
    await end("failed");
    expect(await retryDelivery(as(role), input())).toMatchObject({ ok: false, code: "FORBIDDEN" });
    expect(await store.findDelivery(delivery.id)).toMatchObject({ state: "failed" });
    expect(await lastAudit()).toMatchObject({ action: "delivery.retried", outcome: "refused", code: "FORBIDDEN" });
  });

  test("lets an admin of that application alone, and no other's see that there is one", async () => {
    await end("failed");
    const other = as(null, { applicationRoles: { catalog: "admin" } });
    expect(await retryDelivery(other, input())).toMatchObject({ ok: false, code: "NOT_FOUND" });
    const disguised = { ...input(), application: "catalog" };
    expect(await retryDelivery(other, disguised)).toMatchObject({ ok: false, code: "NOT_FOUND" });
    const own = as(null, { applicationRoles: { library: "admin" } });
    expect(await retryDelivery(own, input())).toMatchObject({ ok: true });
  });

  test("refuses what has arrived, what is under way, what has no endpoint any more and what there is not", async () => {
    expect(await retryDelivery(as("admin"), input())).toMatchObject({ ok: false, code: "BEING_DELIVERED" });
    expect(await retryDelivery(as("admin", {}, []), input())).toMatchObject({ ok: false, code: "ENDPOINT_GONE" });
    await end("delivered");
    expect(await retryDelivery(as("admin"), input())).toMatchObject({ ok: false, code: "ALREADY_DELIVERED" });
    const missing = { ...input(), deliveryId: 999_999 };
    expect(await retryDelivery(as("admin"), missing)).toMatchObject({ ok: false, code: "NOT_FOUND" });
    const nonsense = { ...input(), deliveryId: "1; drop table outbox" };
    expect(await retryDelivery(as("admin"), nonsense)).toMatchObject({ ok: false, code: "INVALID_INPUT" });
  });
});
