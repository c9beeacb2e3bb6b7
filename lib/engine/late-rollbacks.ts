import type { KeyedMutex } from "../async/mutex.ts";
import { AwsFailure } from "../aws/errors.ts";
import { trafficDriverOf } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import type { Actor, Deployment } from "../domain/deployment/deployment.ts";
import { findLateBreach } from "../domain/late/late-breach.ts";
import {
  endedLateRecord,
  findUnfinished,
  type LateOutcome,
  lateJournal,
  lateRecord,
  planLateRollback,
  turnedLate,
} from "../domain/late/late-rollback.ts";
import { isSame } from "../domain/observation/traffic.ts";
import { ruleFacts } from "../domain/snapshot/compose-snapshot.ts";
import type { LoggedRollback, WriteAheadLog } from "../store/write-ahead-log.ts";
import type { DeploymentRecord, JournalLine } from "./deployment-record.ts";
import type { EngineDeps } from "./engine-ports.ts";
import { describeError } from "./run-step.ts";

/** What a rollback without the database is to write, or why it is not made. */
type LatePlan<R> = { ok: true; rollback: LoggedRollback } | { ok: false; refusal: R };

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

  const controllerOf = (application: Application) => trafficDriverOf(deps.controllers, application);

  /** The newest that was made and still holds: asked for again, it is the answer. */
  async function findMade(application: Application): Promise<LoggedRollback | null> {
    await settleOpen(application);
    const last = writeAheadLog.waiting(application.name).findLast((each) => each.outcome?.phase === "done");
    if (!last) return null;
    const { weights, drift } = await controllerOf(application).readWeights(application);
    return drift === null && isSame(weights, last.weights) ? last : null;
  }

  async function make<R>(application: Application, prepare: () => Promise<LatePlan<R>>) {
    const made = await findMade(application);
    if (made) return made;
    const plan = await prepare();
    if (!plan.ok) return { refusal: plan.refusal };
    const { rollback } = plan;
    writeAheadLog.intend(rollback);
    deps.hub.lateChanged?.(application.name);
    const sentAt = now();
    const settled = (outcome: Omit<LateOutcome, "at">) => {
      writeAheadLog.settle(rollback.id, { ...outcome, at: now() });
      const known = writeAheadLog.waiting(application.name).find((each) => each.id === rollback.id) ?? rollback;
      deps.hub.lateChanged?.(application.name);
      return known;
    };
    try {
      const { requestId, value } = await controllerOf(application).shift(
        application,
        rollback.expected,
        rollback.weights,
      );
      const { blue, green } = value.after;
      const message = value.alreadyThere
        ? `The listener held blue ${blue}, green ${green} already`
        : `The listener read back blue ${blue}, green ${green} after ${Math.round(value.readBackMs)} ms`;
      return settled({
        phase: "done",
        message,
        awsRequestId: requestId,
        readBackMs: Math.min(value.readBackMs, now() - sentAt),
      });
    } catch (error) {
      // Whether a write whose answer was lost took effect is looked up before anything is recorded.
      if (!(error instanceof AwsFailure) || !error.isOutcomeUnknown)
        settled({ phase: "failed", message: describeError(error), awsRequestId: null, readBackMs: 0 });
      throw error;
    }
  }

  async function settleOpen(application: Application): Promise<void> {
    for (const rollback of writeAheadLog.waiting(application.name)) {
      if (rollback.outcome !== null) continue;
      const { weights, drift } = await controllerOf(application).readWeights(application);
      const isThere = drift === null && isSame(weights, rollback.weights);
      const message = isThere
        ? "Cut off before the answer was known; the listener holds the weights that were asked for"
        : `Cut off before the answer was known; the listener holds blue ${weights.blue}, green ${weights.green}${drift ? ` (${drift})` : ""}, so it is not repeated`;
      writeAheadLog.settle(rollback.id, {
        at: now(),
        phase: isThere ? "done" : "failed",
        message,
        awsRequestId: null,
        readBackMs: 0,
      });
    }
  }

  async function recordOne(rollback: LoggedRollback): Promise<void> {
    const inserted = rollback.turns === null ? null : await recordTurn(rollback, rollback.turns);
    const deployment = inserted ?? (await recordOwn(rollback));
    const { outcome, audit } = rollback;
    const isDone = outcome?.phase === "done";
    if (audit)
      await store.appendAuditOnce({
        ...audit,
        deploymentId: deployment.id,
        outcome: isDone ? "done" : "failed",
        code: isDone ? null : "AWS_ERROR",
        message: `${audit.message} (made while the database was away, recorded late): ${outcome?.message ?? ""}`,
        ...(outcome?.awsRequestId ? { awsRequestId: outcome.awsRequestId } : {}),
      });
    writeAheadLog.recorded(rollback.id);
    deps.hub.deploymentChanged(deployment);
    tools.recorded(deployment);
    deps.log?.("info", "A rollback that was made while the database was away is recorded now", {
      id: deployment.id,
      application: deployment.application,
    });
  }

  /** Null when the deployment that it turned round has ended otherwise, so that it needs a record of its own. */
  async function recordTurn(rollback: LoggedRollback, id: string): Promise<Deployment | null> {
    return save(rollback, id, (newest) => {
      if (newest.plan?.lateId === rollback.id) return { deployment: newest, entries: [] };
      const turned = turnedLate(rollback, newest);
      return turned && { deployment: turned, entries: entriesOf(rollback) };
    });
  }

  async function recordOwn(rollback: LoggedRollback): Promise<Deployment> {
    if (!(await store.findDeployment(rollback.id))) await insert(rollback);
    const saved = await save(rollback, rollback.id, (newest) => {
      if (newest.plan?.lateId === rollback.id) return { deployment: newest, entries: [] };
      return { deployment: lateRecord(rollback, newest), entries: entriesOf(rollback) };
    });
    if (!saved) throw new Error(`Deployment ${rollback.id} cannot be read back`);
    return saved;
  }

  /** Without its mark: that comes with the journal, in one transaction. */
  async function insert(rollback: LoggedRollback): Promise<void> {
    const unmarked = (deployment: Deployment): Deployment =>
      deployment.plan ? { ...deployment, plan: { ...deployment.plan, lateId: undefined } } : deployment;
    try {
      await store.insertDeployment(unmarked(lateRecord(rollback)));
    } catch (error) {
      if (!(error instanceof Error && error.name === "DeploymentInFlight")) throw error;
      await store.insertDeployment(unmarked(endedLateRecord(rollback)));
    }
  }

  async function save(
    rollback: LoggedRollback,
    id: string,
    change: (newest: Deployment) => { deployment: Deployment; entries: JournalLine[] } | null,
  ): Promise<Deployment | null> {
    let isRefused = false;
    const saved = await record.updateLate(id, rollback.application, (newest) => {
      const next = change(newest);
      isRefused = next === null;
      return next;
    });
    if (saved || isRefused) return saved;
    throw new Error(`Another replica acts on ${rollback.application}; ${rollback.id} is recorded after it`);
  }

  function entriesOf(rollback: LoggedRollback): JournalLine[] {
    const note = "Recorded late: the database was away when it was made";
    return [...lateJournal(rollback), { at: now(), step: "rollback", phase: "note", message: note }];
  }

  async function recordAll(application: Application): Promise<void> {
    if (writeAheadLog.waiting(application.name).length === 0) return;
    await store.ping();
    // Whatever is being made now is settled first.
    await mutex.take(application.name, () => settleOpen(application));
    for (const rollback of writeAheadLog.waiting(application.name)) if (rollback.outcome) await recordOne(rollback);
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
      if (going) return going as ReturnType<typeof make<never>>;
      const done = mutex
        .take(application.name, () => make(application, prepare))
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
        const words = breach ? `Rolled back by Switchyard: ${breach.message}` : (known.statusReason ?? "Rolled back");
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
