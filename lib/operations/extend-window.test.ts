import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { windowEnd } from "../domain/deployment/window.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import type { Context } from "../request/context.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { extendWindow } from "./extend-window.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* The window after the bake: the deployment is finished, the old side still kept. */

const MINUTE = 60_000;
const WINDOW_MINUTES = 60;

let world: TestWorld;
let finished: Deployment;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { requestLine: null, windowMinutes: WINDOW_MINUTES },
  });
  const { hash } = await until(async () => {
    const answer = await getReceipt(world.as("operator"), "library", "green");
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const switched = await onFreshLook(() =>
    switchTraffic(world.as("operator"), { application: "library", to: "green", receipt: hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  finished = await untilDeployment(world, switched.value.id, (d) => !isInFlight(d), 60_000);
});
afterAll(() => world.close());

/** The same asker at another time. */
function at(ctx: Context, now: number): Context {
  return { ...ctx, runtime: { ...ctx.runtime, now: () => now } };
}
const extended = (ctx: Context, minutes: number) => extendWindow(ctx, { deploymentId: finished.id, minutes });
const endNow = async () => windowEnd((await world.runtime.store.findDeployment(finished.id)) ?? finished) ?? 0;

test("after the bake, each call moves the window's end by its minutes, and no further than a day from now", async () => {
  const end = (finished.finishedAt ?? 0) + WINDOW_MINUTES * MINUTE;
  expect(finished.status).toBe("SUCCESSFUL");
  expect(await endNow()).toBe(end);
  expect(await extended(world.as("viewer"), 30)).toMatchObject({ ok: false, code: "FORBIDDEN" });
  const once = await extended(world.as("operator"), 30);
  expect(once).toMatchObject({ ok: true, value: { id: finished.id, status: "SUCCESSFUL" } });
  expect(await endNow()).toBe(end + 30 * MINUTE);
  expect(await extended(world.as("operator"), 5)).toMatchObject({ ok: true });
  expect(await endNow()).toBe(end + 35 * MINUTE);
  const journal = await world.runtime.store.listJournal(finished.id);
  expect(journal.map(({ message }) => message)).toContain("The window was extended by 30 min by operator");
  const [row] = (await world.runtime.store.listAudit({ action: "deployment.extend" }, { limit: 1 })).items;
  expect(row).toMatchObject({ deploymentId: finished.id, outcome: "done", actorId: "operator@sandbox.local" });

  const now = world.runtime.now();
  expect(await extended(at(world.as("operator"), now), 1440)).toMatchObject({ ok: true });
  expect(await endNow()).toBe(now + 24 * 60 * MINUTE);
});

test("once the window has closed there is no end to move, and it stays closed", async () => {
  const end = await endNow();
  const late = at(world.as("operator"), end);
  expect(await extended(late, 30)).toMatchObject({ ok: false, code: "NOT_BAKING" });
  expect(await endNow()).toBe(end);
  expect(await extended(at(world.as("operator"), end - 1), 1)).toMatchObject({ ok: true });
});
