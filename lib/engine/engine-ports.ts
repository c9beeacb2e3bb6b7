import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import type { Told } from "../domain/sentence/told.ts";
import type { RequestKey } from "../store/store.ts";
import type { WriteAheadLog } from "../store/write-ahead-log.ts";
import type { LateRollbacks } from "./late-rollbacks.ts";

/** A deployment that could not be moved on, and is tried again. */
export interface StuckDeployment {
  id: string;
  application: string;
  since: number;
  /** The newest failure, in kinds that name nothing of anybody's. */
  because: "database" | "aws" | "fault";
}

/** Moves deployments forward, one at a time for each application, until they end. */
export interface Engine {
  /** Takes up whatever is unfinished; safe to call twice. */
  start(): void;
  /** Lets what is being asked of AWS finish, then gives every lease up. */
  stop(): Promise<void>;
  /** Goes on with this deployment at once; what has just begun by this look, on the strength of it. */
  submit(deployment: Pick<Deployment, "id" | "application">, begunOn?: Pick<Observation, "observedAt">): void;
  /**
   * Does what a person asked under the application's lease, so that a look which is taken meanwhile shows what every replica
   * did before. Where another one has the lease, or the database takes its time, it is done without.
   */
  underLease<T>(application: string, work: () => Promise<T>): Promise<T>;
  /**
   * For a question, before it begins: resolves when what people asked for was decided and sent, after 750 ms at the latest; null
   * when it need not wait.
   */
  turn(): Promise<unknown> | null;
  /**
   * Makes a write to AWS that no deployment makes: in turn with what else is written to the application, under its lease, which
   * is looked at once more just before the write is sent. @throws NotHeld while another replica has it
   */
  write<T>(application: string, work: () => Promise<T>): Promise<T>;
  /**
   * Changes a record as a person asked and goes on with it at once; while another replica holds the application, that one
   * does within its next tick. The request that asked is answered in the same transaction. Null when `change` answers null.
   */
  change(
    deployment: Pick<Deployment, "id" | "application">,
    step: string,
    told: Told,
    change: (newest: Deployment) => Deployment | null,
    request?: RequestKey | null,
  ): Promise<Deployment | null>;
  /**
   * Stops the tasks of a side that carries no traffic; resolves once the intent is in the journal. `seen` are the ids of the
   * finished deployments that this was decided on. @throws RecordChanged when another one has begun or ended since
   */
  retire(deployment: Deployment, slot: SlotColor, seen: readonly string[]): Promise<void>;
  /** For a rollback while the database is away: AWS first, the record when it is back. */
  late: Pick<LateRollbacks, "make"> & Pick<WriteAheadLog, "keepAudit">;
  /** How its work goes: when it last came round, and what it could not move on, the longest first. Times are epoch ms. */
  work(): { cameRoundAt: number; stuck: readonly StuckDeployment[] };
  /** Resolves when nothing is being done; for tests and shutdown. */
  settled(): Promise<void>;
}
