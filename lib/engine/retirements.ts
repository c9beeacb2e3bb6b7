import type { Deployment } from "../domain/deployment.ts";
import type { SlotColor } from "../domain/slot.ts";
import { closeCutOffSteps } from "./cut-off-steps.ts";
import type { DeploymentRecord } from "./deployment-record.ts";
import type { EngineDeps } from "./engine-ports.ts";
import { retire } from "./retire.ts";
import type { Turns } from "./turns.ts";

/** Old sides that are being stopped here, and those whose stopping was cut off. */
export interface Retirements {
  /** By application: until when a side was being stopped. */
  endedAt: ReadonlyMap<string, number>;
  isUnderWay(application: string): boolean;
  /** Answers the work that is going on once the intent is in the journal. @throws NotHeld */
  begin(deployment: Deployment, slot: SlotColor): Promise<{ done: Promise<void> }>;
  /** Gives a stop of the newest finished deployment that was cut off its outcome, once; true when it had a look for one. */
  closeCutOff(application: string): Promise<boolean>;
}

/** One for each engine. */
export function createRetirements(deps: EngineDeps, record: DeploymentRecord, turns: Turns): Retirements {
  const { store, now } = deps;
  const endedAt = new Map<string, number>();
  /** By deployment: the application. */
  const underWay = new Map<string, string>();
  const lookedThrough = new Set<string>();
  return {
    endedAt,
    isUnderWay: (application) => [...underWay.values()].includes(application),
    async begin(deployment, slot) {
      const { id, application } = deployment;
      underWay.set(id, application);
      try {
        const work = await retire({ deps, record }, deployment, slot);
        const done = turns.take(application, work).finally(() => {
          endedAt.set(application, now());
          underWay.delete(id);
        });
        return { done };
      } catch (error) {
        underWay.delete(id);
        throw error;
      }
    },
    async closeCutOff(application) {
      if (lookedThrough.has(application)) return false;
      const finished = await store.findLastFinished(application);
      const hasAny = finished !== null && !underWay.has(finished.id);
      // While the lease of the process that died runs on, it is for the next look.
      if (hasAny && !(await closeCutOffSteps({ store, record, now }, finished))) return false;
      lookedThrough.add(application);
      return hasAny;
    },
  };
}
