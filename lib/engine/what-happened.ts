import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { createBlackBox } from "./black-box.ts";
import type { EngineDeps } from "./engine-deps.ts";

/** Keeps what a look shows of stopped tasks, failures and rollbacks, long after ECS has forgotten it. */
export interface WhatHappened {
  /** The newest deployment of its application is this one now. */
  changed(deployment: Deployment): void;
  /** Keeps what is new in this look; a look that was kept already adds nothing. */
  keep(application: Application, look: Observation): Promise<void>;
}

export function createWhatHappened({ store, lines, incidents }: EngineDeps): WhatHappened {
  const blackBox = createBlackBox({ store, lines });
  /** By application, its newest deployment as it was last changed here, or as the record had it. */
  const newestOf = new Map<string, Deployment | null>();
  /** As they were last changed here, until it was looked for what of them is worth keeping: two may end between two looks. */
  const changedSince = new Map<string, Deployment>();

  async function lookForIncidents(application: Application, look: Observation): Promise<void> {
    const { name } = application;
    // What ended before this process began is asked for once; whatever changes later, it is told of.
    if (!newestOf.has(name)) {
      const last = await store.findLastFinished(name);
      if (!newestOf.has(name)) newestOf.set(name, last);
    }
    const changed = [...changedSince.values()].filter((each) => each.application === name);
    for (const { id } of changed) changedSince.delete(id);
    await incidents?.look(application, look, newestOf.get(name) ?? null, changed);
  }

  return {
    changed(deployment) {
      newestOf.set(deployment.application, deployment);
      if (incidents) changedSince.set(deployment.id, deployment);
    },
    async keep(application, look) {
      const kept = [blackBox.record(application, look), ...(incidents ? [lookForIncidents(application, look)] : [])];
      const failed = (await Promise.allSettled(kept)).find((each) => each.status === "rejected");
      if (failed) throw failed.reason;
    },
  };
}
