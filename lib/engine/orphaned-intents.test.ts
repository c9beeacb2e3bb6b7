import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../store/store.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { deploymentRow } from "../testing/test-rows.ts";
import { createDeploymentRecord, type DeploymentRecord, type JournalLine } from "./deployment-record.ts";
import { closeOrphanedIntents } from "./orphaned-intents.ts";

const NOW = 1_000_000;
const deployment = deploymentRow({ id: "d-1", application: "library" });
const line = (step: string, phase: JournalLine["phase"]): JournalLine => ({ at: NOW, step, phase, message: "said" });
let store: Store;
let record: DeploymentRecord;

beforeEach(async () => {
  store = await createMemoryStore();
  await store.insertDeployment(deployment);
  record = createDeploymentRecord({ store, holder: "me", now: () => NOW, onChange: () => undefined });
});
afterEach(() => store.close());

async function closeAfter(...entries: JournalLine[]): Promise<string[]> {
  await record.update(deployment.id, "library", (newest) => ({ deployment: newest, entries }));
  await closeOrphanedIntents({ store, record, now: () => NOW }, deployment);
  const journal = await store.listJournal(deployment.id);
  return journal.slice(entries.length).map(({ step, phase }) => `${step} ${phase}`);
}

test("a write whose process was killed gets an outcome once somebody takes it up", async () => {
  const said = await closeAfter(line("startSide", "intent"), line("startSide", "done"), line("shift", "intent"));
  expect(said).toEqual(["shift failed"]);
});

test("a write that was begun again and cut off again gets its outcome, once", async () => {
  const entries = [line("shift", "intent"), line("shift", "failed"), line("shift", "intent"), line("abort", "note")];
  expect(await closeAfter(...entries)).toEqual(["shift failed"]);
  await closeOrphanedIntents({ store, record, now: () => NOW }, deployment);
  expect(await store.listJournal(deployment.id)).toHaveLength(entries.length + 1);
});

test("a journal whose writes all have an outcome is left as it is", async () => {
  expect(await closeAfter(line("shift", "intent"), line("shift", "done"), line("retire", "note"))).toEqual([]);
});
