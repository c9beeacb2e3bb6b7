import type { Deployment } from "../domain/deployment/deployment.ts";
import type { WriteAheadLog } from "../store/write-ahead-log.ts";
import type { DeploymentRecord } from "./deployment-record.ts";
import type { DeploymentRuns } from "./deployment-runs.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { LateRollbacks } from "./late-rollbacks.ts";

const SWEEP_EVERY_MS = 10_000;

/** The parts of the engine that a round gives work to. `keep` takes what is not waited for. */
interface RoundTools {
  record: Pick<DeploymentRecord, "holdAll">;
  runs: Pick<DeploymentRuns, "active" | "isRunning" | "wake">;
  late: Pick<LateRollbacks, "isWaiting" | "record" | "recordAudit">;
  writeAheadLog: Pick<WriteAheadLog, "waiting" | "auditRows">;
  sweep(): Promise<void>;
  keep(work: Promise<unknown>): void;
}

/** What is done in each round, and whether there is a reason for the next one soon. */
export interface Round {
  isBusy(): boolean;
  /** Sweeps when it is time, records what was done without the database, and wakes every deployment in flight. Never rejects. */
  round(): Promise<void>;
}

export function createRound({ store, observer, now, log, idleMs }: EngineDeps, tools: RoundTools): Round {
  const { record, runs, late, writeAheadLog, sweep, keep } = tools;
  let sweptAt = 0;

  async function sweepWhenDue(): Promise<void> {
    if (now() - sweptAt < (idleMs ?? SWEEP_EVERY_MS)) return;
    sweptAt = now();
    try {
      await sweep();
    } catch (error) {
      log?.("warn", "Unfinished deployments could not be listed; it is tried again", { error });
    }
  }

  function recordWaiting(): void {
    for (const application of observer.applications())
      if (late.isWaiting(application.name)) keep(late.record(application));
    if (writeAheadLog.auditRows().length > 0) keep(late.recordAudit());
  }

  /** What is in flight, with the leases for it; nothing when the database does not say, and each is asked for by itself. */
  async function readActive(): Promise<Deployment[]> {
    const active = runs.active();
    if (active.size === 0) return [];
    try {
      const found = await store.listDeploymentsInFlight();
      const own = found.filter((deployment) => active.has(deployment.id) && !runs.isRunning(deployment.application));
      await record.holdAll(own.map((deployment) => deployment.application));
      return own;
    } catch {
      return [];
    }
  }

  return {
    isBusy: () => runs.active().size > 0 || writeAheadLog.waiting().length > 0 || writeAheadLog.auditRows().length > 0,
    async round() {
      await sweepWhenDue();
      recordWaiting();
      // One question to the database for all of them, however many are in flight.
      const known = new Map((await readActive()).map((deployment) => [deployment.id, deployment]));
      for (const [id, application] of runs.active()) runs.wake(id, application, known.get(id));
    },
  };
}
