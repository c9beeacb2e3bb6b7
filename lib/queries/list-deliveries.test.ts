import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Role } from "../domain/access/role.ts";
import type { Context } from "../request/context.ts";
import type { Store } from "../store/store.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { listDeliveries } from "./list-deliveries.ts";

let store: Store;
beforeAll(async () => {
  store = await createMemoryStore();
  for (const id of ["one", "two"])
    await store.enqueueNotification(
      {
        id,
        application: id,
        deploymentId: null,
        kind: "traffic.drifted",
        title: id,
        text: "text",
        deepLinkPath: `/${id}`,
        at: 1,
      },
      ["webhook:releases"],
      1,
    );
});
afterAll(() => store.close());

function as(role: Role | null): Context {
  // This query asks nothing of the runtime but its store and the time.
  const runtime = { store, now: Date.now } as Context["runtime"];
  return { runtime, identity: { id: "kim", name: "Kim", role, via: "session" }, address: null };
}

describe("listing deliveries", () => {
  test("shows a viewer all of them, newest first, and one application's", async () => {
    const all = await listDeliveries(as("viewer"), {});
    expect(all.ok && all.value.items.map((row) => [row.notification.id, row.endpoint, row.state])).toEqual([
      ["two", "webhook:releases", "pending"],
      ["one", "webhook:releases", "pending"],
    ]);
    const one = await listDeliveries(as("viewer"), { application: "one", state: "pending", limit: "1" });
    expect(one.ok && one.value.items).toHaveLength(1);
    const none = await listDeliveries(as("viewer"), { state: "failed" });
    expect(none.ok && none.value.items).toEqual([]);
  });

  test("refuses who has no role, and a state that is none", async () => {
    expect(await listDeliveries(as(null), {})).toMatchObject({ ok: false, code: "FORBIDDEN" });
    expect(await listDeliveries(as("viewer"), { state: "lost" })).toMatchObject({ ok: false, code: "INVALID_INPUT" });
  });
});
