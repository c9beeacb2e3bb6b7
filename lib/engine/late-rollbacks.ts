import type { KeyedMutex } from "../async/mutex.ts";
import type { Application } from "../domain/application/application.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import type { Actor, Deployment } from "../domain/deployment/deployment.ts";
import { reasonOf } from "../domain/deployment/deployment-stage.ts";
import { findLateBreach } from "../domain/late/late-breach.ts";
import { findUnfinished, planLateRollback } from "../domain/late/late-rollback.ts";
import { say } from "../domain/sentence/sentence.ts";
import { ruleFacts } from "../domain/snapshot/compose-snapshot.ts";
import { toldOf } from "../domain/verb/blocker.ts";
import type { LoggedRollback, WriteAheadLog } from "../store/write-ahead-log.ts";
import type { DeploymentRecord } from "./deployment-record.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { createLateRollbackRecorder } from "./late-rollback-recorder.ts";
import { createLateRollbackWriter, type LatePlan } from "./late-rollback-writer.ts";

/** Rollbacks that are made while the database is away: AWS first, the record when the database is back. */
export interface LateRollbacks {
  /**
   * Makes one: to the disk, to AWS (compare, write, read back), to the disk. One at a time for each application; who asks while
   * one is being made shares it. `prepare` is asked once nothing else is being written. Rejects with AWS's failure.
   */
  make<R>(application: Application, prepare: () => Promise<LatePlan<R>>): Promise<LoggedRollback | { refusal: R }>;
  /**
   * Writes what a rollback asked for before the database went away still lacks, or one back from a side that broke a bound meanwhile;
   * nothing when there is neither.
   */
  finish(application: Application): Promise<void>;
  /** Brings what waits for this application into the database; nothing is lost or doubled when it is cut off. */
  record(application: Application): Promise<void>;
  /** Brings audit rows in that could not be written. */
  recordAudit(): Promise<void>;
  isWaiting(application: string): boolean;
}

const ENGINE: Actor = { id: "engine", name: "Switchyard", via: "engine" };

/** One a process. */
export function createLateRollbacks(tools: {
  deps: EngineDeps;
  record: DeploymentRecord;
  mutex: KeyedMutex;
  writeAheadLog: WriteAheadLog;
  /** Told of each one that the database has now. */
  recorded(deployment: Deployment): void;
}): LateRollbacks {
  const { deps, record, mutex, writeAheadLog } = tools;
  const { store, now } = deps;
  const making = new Map<string, Promise<LoggedRollback | { refusal: unknown }>>();
  const recording = new Map<string, Promise<void>>();

  const writer = createLateRollbackWriter(deps, writeAheadLog);
  const recordRollback = createLateRollbackRecorder(deps, record);

  async function recordAll(application: Application): Promise<void> {
    if (writeAheadLog.waiting(application.name).length === 0) return;
    await store.ping();
    // Whatever is being made now is settled first.
    await mutex.take(application.name, () => writer.settleOpen(application));
    for (const rollback of writeAheadLog.waiting(application.name)) {
      if (!rollback.outcome) continue;
      const deployment = await recordRollback(rollback);
      writeAheadLog.recorded(rollback.id);
      deps.hub.deploymentChanged(deployment);
      tools.recorded(deployment);
      const { id } = deployment;
      deps.log?.("info", "A rollback that was made while the database was away is recorded now", {
        id,
        application: application.name,
      });
    }
  }

  /**
   * Whether the look at hand shows a bound broken. Only the replica whose lease was the last one does something about it: without the
   * database nobody takes a lease from it, and one that is merely cut off finds the other's weights when it compares.
   */
  function mayTurn(application: Application, known: Deployment): boolean {
    const observation = deps.observer.observation(application.name);
    const isMade = writeAheadLog.waiting(application.name).some(({ turns, outcome }) => {
      return turns === known.id && outcome?.phase !== "failed";
    });
    return (
      observation !== null &&
      !isMade &&
      record.token(application.name) !== undefined &&
      CAPABILITIES[application.controller].worksWithoutStore &&
      findLateBreach(known, { observation, settings: application, now: now() }) !== null
    );
  }

  const late: LateRollbacks = {
    make(application, prepare) {
      const going = making.get(application.name);
      // Safe because all who ask for one application ask for the same.
      if (going) return going as ReturnType<typeof writer.write<never>>;
      const done = mutex
        .take(application.name, () => writer.write(application, prepare))
        .finally(() => making.delete(application.name));
      making.set(application.name, done);
      return done;
    },
    async finish(application) {
      const known = deps.hub.lastKnown?.(application.name)?.deployment;
      if (!known || !(findUnfinished(known) || mayTurn(application, known))) return;
      await late.make(application, async () => {
        const observation = await deps.observer.refreshNow(application.name, { priority: "action" });
        const record = deps.hub.lastKnown?.(application.name) ?? null;
        const { id } = known;
        const breach = findLateBreach(known, { observation, settings: application, now: now() });
        if (!breach && !findUnfinished(known)) return { ok: false, refusal: null };
        const { actor, reason } = breach ? { actor: ENGINE, reason: null } : known;
        const words = breach
          ? say("decision.rolledBackBySwitchyard", { why: toldOf(breach) })
          : (reasonOf(known) ?? say("decision.rolledBack"));
        const asked = { id: `${id}-late`, application: application.name, actor, reason };
        const facts = ruleFacts(application, observation, record ?? { deployment: known, lastDeployment: null }, now());
        const plan = planLateRollback(facts, record, { ...asked, words });
        if (!plan.ok) return { ok: false, refusal: null };
        return { ok: true, rollback: { ...plan.rollback, ...(breach ? { breach } : {}), audit: null } };
      });
    },
    async recordAudit() {
      for (const row of writeAheadLog.auditRows()) {
        await store.appendAuditOnce(row);
        writeAheadLog.audited(row.id);
      }
    },
    record(application) {
      const going = recording.get(application.name);
      if (going) return going;
      const done = recordAll(application).finally(() => recording.delete(application.name));
      recording.set(application.name, done);
      return done;
    },
    isWaiting: (application) => writeAheadLog.waiting(application).length > 0,
  };
  return late;
}
