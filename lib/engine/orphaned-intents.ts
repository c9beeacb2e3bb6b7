import type { Deployment } from "../domain/deployment/deployment.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import type { Store } from "../store/store.ts";
import type { DeploymentRecord, JournalLine } from "./deployment-record.ts";

/** Said of a write that may or may not have happened: nobody is left who knows. */
const ORPHANED = lineMembers(say("step.cutOff"));

/**
 * Gives every intent that has no outcome one, so that the journal never leaves a write open. For whoever takes a deployment
 * up while nobody acts on it.
 */
export async function closeOrphanedIntents(
  tools: { store: Pick<Store, "listJournal">; record: DeploymentRecord; now: () => number },
  { id, application }: Pick<Deployment, "id" | "application">,
): Promise<void> {
  const journal = await tools.store.listJournal(id);
  const open = journal.filter(
    (intent) =>
      intent.phase === "intent" &&
      !journal.some(
        (entry) =>
          entry.sequence > intent.sequence &&
          entry.step === intent.step &&
          (entry.phase === "done" || entry.phase === "failed"),
      ),
  );
  const steps = [...new Set(open.map((intent) => intent.step))];
  if (steps.length === 0) return;
  const entries: JournalLine[] = steps.map((step) => ({ at: tools.now(), step, phase: "failed", ...ORPHANED }));
  await tools.record.update(id, application, (newest) => ({ deployment: newest, entries }));
}
