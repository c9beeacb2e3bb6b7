import { afterAll, beforeAll, expect, test } from "vitest";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { createWindowKeeper } from "../engine/scale-down-scheduler.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { requestLine: null, afterWindow: "scale-down" },
  });
});
afterAll(() => world.close());

test("a verified switch's old side is scaled down once, and the same one click brings it back from cold", async () => {
  const { runtime } = world;
  const keeper = createWindowKeeper({
    ...runtime,
    newId: () => crypto.randomUUID(),
    onError: (error) => {
      throw error;
    },
  });
  const read = await getReceipt(world.as("viewer"), "library", "green");
  if (!read.ok) throw new Error(read.message);
  const asked = await switchTraffic(world.as("operator"), {
    application: "library",
    to: "green",
    receipt: read.value.hash,
  });
  if (!asked.ok) throw new Error(asked.message);
  const done = await untilDeployment(world, asked.value.id, (d) => !isInFlight(d));

  await keeper.runOnce();
  expect((await runtime.store.listJournal(done.id)).some(({ step }) => step === "retire")).toBe(false);
  const waits = (await runtime.hub.snapshot("library"))?.window?.scaleDown?.waitsFor ?? [];
  expect(waits.map(({ code }) => code)).toEqual(["NOT_PROVEN"]);

  const proof = { ruleReadBackMs: 1, proven: true };
  await runtime.engine.change(done, "prove", "Proven", (newest) => ({ ...newest, proof }));
  await keeper.runOnce();
  await until(async () => (await runtime.observer.refreshNow("library")).slots.blue.counts.desired === 0);
  await keeper.runOnce();
  const intents = (await runtime.store.listJournal(done.id)).filter(
    ({ step, phase }) => step === "retire" && phase === "intent",
  );
  expect(intents).toHaveLength(1);
  const [row] = (await runtime.store.listAudit({ action: "deployment.retire" }, { limit: 1 })).items;
  expect(row).toMatchObject({ actorName: "Switchyard", deploymentId: done.id, outcome: "done" });

  await until(async () => (await runtime.observer.refreshNow("library")).slots.blue.counts.healthy === 0);
  expect((await runtime.hub.snapshot("library"))?.window).toMatchObject({ instant: false, until: null });
  const back = await onFreshLook(() => rollBack(world.as("operator"), { application: "library" }));
  if (!back.ok) throw new Error(back.message);
  const ended = await untilDeployment(world, back.value.id, (d) => !isInFlight(d), 45_000);
  expect(ended).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL" });
  expect((await runtime.observer.refreshNow("library")).traffic.weights).toEqual({ blue: 100, green: 0 });
});
