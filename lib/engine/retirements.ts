import type { KeyedMutex } from "../async/mutex.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import type { DeploymentRecord } from "./deployment-record.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { closeOrphanedIntents } from "./orphaned-intents.ts";
import { retire } from "./retire.ts";

/** Old sides that are being stopped here, and those whose stopping was cut off. */
export interface Retirements {
  /** By application: until when a side was being stopped. */
  endedAt: ReadonlyMap<string, number>;
  isUnderWay(application: string): boolean;
  /** Answers the work that is going on once the intent is in the journal. @throws NotHeld, RecordChanged */
  begin(deployment: Deployment, slot: SlotColor, seen: readonly string[]): Promise<{ done: Promise<void> }>;
  /** Gives the newest finished deployment's, where an earlier holder was cut off, an outcome; for whoever holds the application now. */
  closeOrphaned(application: string): Promise<void>;
}

/** One for each engine. */
export function createRetirements(deps: EngineDeps, record: DeploymentRecord, mutex: KeyedMutex): Retirements {
  const { store, now } = deps;
  const endedAt = new Map<string, number>();
  /** By deployment: the application. */
  const underWay = new Map<string, string>();
  return {
    endedAt,
    isUnderWay: (application) => [...underWay.values()].includes(application),
    async begin(deployment, slot, seen) {
      const { id, application } = deployment;
      underWay.set(id, application);
      try {
        const work = await retire({ deps, record }, deployment, slot, seen);
        const done = mutex.take(application, work).finally(() => {
          endedAt.set(application, now());
          underWay.delete(id);
        });
        return { done };
      } catch (error) {
        underWay.delete(id);
        throw error;
      }
    },
    async closeOrphaned(application) {
      const finished = await store.findLastFinished(application);
      if (finished && !underWay.has(finished.id)) await closeOrphanedIntents({ store, record, now }, finished);
    },
  };
}
