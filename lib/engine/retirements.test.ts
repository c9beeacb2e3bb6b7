import { expect, test } from "vitest";
import { createKeyedMutex } from "../async/mutex.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { finishedRow } from "../testing/test-rows.ts";
import { createDeploymentRecord } from "./deployment-record.ts";
import { createRetirements } from "./retirements.ts";

test("a stop whose process was killed gets its outcome as soon as that one's lease has run out, once", async () => {
  const store = await createMemoryStore();
  let now = 1_000_000;
  const recordOf = (holder: string) =>
    createDeploymentRecord({ store, holder, now: () => now, onChange: () => undefined, leaseMs: 10_000 });
  await store.insertDeployment(finishedRow("d-1", now));
  const entries = [{ at: now, step: "retire", phase: "intent", message: "Scale blue to 0 tasks" } as const];
  await recordOf("killed").update("d-1", "library", (deployment) => ({ deployment, entries }));

  const ports = { store, now: () => now } as Parameters<typeof createRetirements>[0];
  const retirements = createRetirements(ports, recordOf("next"), createKeyedMutex());
  const phases = async () => (await store.listJournal("d-1")).map(({ phase }) => phase);
  now += 5_000;
  expect(await store.listLeftLeases(now)).toEqual([]);
  await retirements.closeOrphaned("library");
  expect(await phases()).toEqual(["intent"]);
  now += 10_000;
  expect(await store.listLeftLeases(now)).toEqual(["library"]);
  await retirements.closeOrphaned("library");
  await retirements.closeOrphaned("library");
  expect(await phases()).toEqual(["intent", "failed"]);
  await store.close();
});
