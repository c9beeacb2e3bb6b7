import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { DeploymentRecord } from "./deployment-record.ts";
import type { DeploymentRuns } from "./deployment-runs.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { LateProofs } from "./late-proofs.ts";
import type { Retirements } from "./retirements.ts";
import type { ScalingHolds } from "./scaling-holds.ts";
import type { WhatHappened } from "./what-happened.ts";

/** The parts of the engine that a sweep gives work to. `keep` takes what is not waited for. */
interface SweepTools {
  record: DeploymentRecord;
  runs: Pick<DeploymentRuns, "adopt">;
  retirements: Pick<Retirements, "closeOrphaned">;
  lateProofs: Pick<LateProofs, "look">;
  whatHappened: Pick<WhatHappened, "keep">;
  scalingHolds: Pick<ScalingHolds, "sweep"> | null;
  releaseIfIdle(application: string): Promise<void>;
  keep(work: Promise<unknown>): void;
}

/**
 * Takes up what nobody is doing: deployments that are in flight, verifications that came late, leases whose holder is gone, and
 * scaling that is still suspended. Rejects when the database does not list them. Safe to call again and again.
 */
export function createSweep({ store, observer, now }: EngineDeps, tools: SweepTools): () => Promise<void> {
  const { record, runs, retirements, lateProofs, whatHappened, scalingHolds, releaseIfIdle, keep } = tools;

  /** For a switch that went on without its verification. */
  async function lookForProof(application: Application, look: Observation): Promise<void> {
    if (await lateProofs.look(application, look)) await releaseIfIdle(application.name);
  }

  async function takeUpLeft(application: string): Promise<void> {
    if (!observer.findApplication(application) || !(await record.hold(application))) return;
    await retirements.closeOrphaned(application);
    await releaseIfIdle(application);
  }

  return async () => {
    for (const deployment of await store.listDeploymentsInFlight()) runs.adopt(deployment);
    for (const application of observer.applications()) {
      const look = observer.observation(application.name);
      if (!look) continue;
      keep(whatHappened.keep(application, look));
      keep(lookForProof(application, look));
    }
    for (const application of await store.listLeftLeases(now())) keep(takeUpLeft(application));
    if (scalingHolds) keep(scalingHolds.sweep());
  };
}
