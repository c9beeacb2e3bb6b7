import type { Scaling } from "../aws/scaling.ts";
import type { ControllerTable } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { SnapshotRecord } from "../domain/snapshot/compose-snapshot.ts";
import type { LastLines, RequestEvidence } from "../logs/evidence.ts";
import type { Store } from "../store/store.ts";
import type { WriteAheadLog } from "../store/write-ahead-log.ts";
import type { IncidentKeeper } from "./incident-keeper.ts";

/** What the engine asks of the observer. */
interface EngineObserver {
  applications(): readonly Application[];
  findApplication(name: string): Application | null;
  /** Those that are configured, and whose names were not found yet. */
  unresolved?(): readonly { name: string }[];
  /** The newest look; null before the first. */
  observation(name: string): Observation | null;
  /** A look at AWS of now; calls at the same time share one. What is to move traffic at once looks as an action. */
  refreshNow(name: string, options?: { priority?: "action" | "engine"; withWays?: boolean }): Promise<Observation>;
  /** Tells every new look at any application, without making looking faster; answers how to end it. */
  subscribe?(name: "*", listener: (look: Observation) => void, options: { isPassive: true }): () => void;
  /** Looks often while something is in flight. */
  setInFlight(name: string, isInFlight: boolean): void;
}

/** Told of every change of a deployment's record. */
interface EngineHub {
  deploymentChanged(deployment: Deployment): void;
  /** What waits to be recorded for an application changed. */
  lateChanged?(application: string): void;
  /** The record as it was last read; null when it never was. Asks nobody. */
  lastKnown?(application: string): SnapshotRecord | null;
}

/** Everything the engine leans on. */
export interface EngineDeps {
  store: Store;
  controllers: ControllerTable;
  observer: EngineObserver;
  hub: EngineHub;
  requests: RequestEvidence;
  lines: LastLines;
  /** Keeps what happened when something goes wrong; nothing is kept when left out. */
  incidents?: IncidentKeeper;
  /** Suspends scaling in where an application asks for that; nothing is suspended when left out. */
  scaling?: Pick<Scaling, "describeTargets" | "suspendScaleIn">;
  now: () => number;
  /** Where rollbacks are kept that are made while the database is away; in memory when left out. */
  writeAheadLog?: WriteAheadLog;
  /** Names this replica in leases. */
  holder: string;
  log?: (level: "info" | "warn" | "error", message: string, fields?: Record<string, unknown>) => void;
  /** For tests: shorter waits. */
  tickMs?: number;
  idleMs?: number;
  leaseMs?: number;
}
