import { createKeyedMutex } from "../async/mutex.ts";
import { within } from "../async/within.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Application } from "../domain/application/application.ts";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { isConnectionFailure } from "../store/connection-failure.ts";
import { openWriteAheadLog } from "../store/write-ahead-log.ts";
import { createBlackBox } from "./black-box.ts";
import { createDeploymentRecord } from "./deployment-record.ts";
import type { Engine, EngineDeps, StuckDeployment } from "./engine-ports.ts";
import { createLateProofs } from "./late-proofs.ts";
import { createLateRollbacks } from "./late-rollbacks.ts";
import { createReconciler } from "./reconcile.ts";
import { createRetirements } from "./retirements.ts";

const TICK_MS = 1_000;
const IDLE_MS = 10_000;
const PING_WITHIN_MS = 1_000;
/** A click does not wait longer for its lease: without one the engine looks again, and that is all. */
const LEASE_WITHIN_MS = 250;

/** One a process. */
export function createEngine(deps: EngineDeps): Engine {
  const { store, observer, hub, now } = deps;
  const writeAheadLog = deps.writeAheadLog ?? openWriteAheadLog(null);
  const record = createDeploymentRecord({
    store,
    holder: deps.holder,
    now,
    onChange: (deployment) => {
      lateProofs.noted(deployment);
      newestOf.set(deployment.application, deployment);
      if (deps.incidents) changedSince.set(deployment.id, deployment);
      hub.deploymentChanged(deployment);
    },
    leaseMs: deps.leaseMs,
    isLateWaiting: (application) => writeAheadLog.waiting(application).length > 0,
  });
  const lateProofs = createLateProofs(deps, record);
  const mutex = createKeyedMutex();
  const retirements = createRetirements(deps, record, mutex);
  const late = createLateRollbacks({ deps, record, mutex, writeAheadLog, recorded });
  const reconciler = createReconciler(deps, { record, mutex, late, retirements });
  const blackBox = createBlackBox({ store, lines: deps.lines });
  /** Unfinished deployments, id to application. */
  const active = new Map<string, string>();
  /** By application: what runs, and whether to run again after it. */
  const running = new Map<string, { again: boolean; done: Promise<void> }>();
  /** By application, its newest deployment as it was last changed here, or as the record had it. */
  const newestOf = new Map<string, Deployment | null>();
  /** As they were last changed here, until it was looked for what of them is worth keeping: two may end between two looks. */
  const changedSince = new Map<string, Deployment>();
  const background = new Set<Promise<unknown>>();
  let state: "new" | "running" | "stopped" = "new";
  let timer: NodeJS.Timeout | null = null;
  /** By application: metrics and alarms as they were last looked at. */
  const stuck = new Map<string, StuckDeployment>();
  let cameRoundAt = now();
  const figuresOf = new Map<string, string>();
  let stopNoticing = () => {};
  let sweptAt = 0;

  /** A release that breaks a bound is turned round when its figures are known, not with the next tick. */
  function noticed(look: Observation): void {
    const { application, slots, watchedAlarms } = look;
    const figures = [slots.blue, slots.green].map(({ metrics }) => [
      metrics?.at,
      metrics?.samples,
      metrics?.http5xxShare,
    ]);
    const key = JSON.stringify([figures, watchedAlarms?.map(({ name, state }) => [name, state])]);
    if (figuresOf.get(application) === key) return;
    figuresOf.set(application, key);
    for (const [id, name] of active) if (name === application) wake(id, application);
    // A database that does not answer takes its time to be found out again, and traffic must not wait for that.
    if (store.awaySince() !== null && [...active.values()].includes(application)) keep(finishWithoutStore(application));
  }

  function wake(id: string, application: string, known?: Deployment): void {
    if (state === "stopped") return;
    const current = running.get(application);
    if (current) {
      current.again = true;
      return;
    }
    const entry = { again: false, done: Promise.resolve() };
    running.set(application, entry);
    entry.done = run(id, application, entry, known).finally(() => running.delete(application));
  }

  async function run(
    id: string,
    application: string,
    entry: { again: boolean },
    first: Deployment | undefined,
  ): Promise<void> {
    let newest = first;
    do {
      // Whatever asks again at once, everything else gets its turn in between.
      if (entry.again) await new Promise((resolve) => setImmediate(resolve));
      entry.again = false;
      try {
        const known = observer.findApplication(application);
        if (known && late.isWaiting(application)) {
          await late.record(known);
          newest = undefined;
        }
        const deployment = await reconciler.reconcile(id, newest);
        newest = undefined;
        stuck.delete(id);
        if (deployment && !isInFlight(deployment)) await finish(id, application);
      } catch (error) {
        const because = isConnectionFailure(error) ? "database" : error instanceof AwsFailure ? "aws" : "fault";
        // Once for each reason: it is tried every second.
        if (stuck.get(id)?.because !== because)
          deps.log?.("warn", "A deployment could not be moved on; it is tried again", { id, error });
        stuck.set(id, { id, application, since: stuck.get(id)?.since ?? now(), because });
        keep(finishWithoutStore(application));
      }
    } while (entry.again && state !== "stopped");
    const look = observer.observation(application);
    const known = observer.findApplication(application);
    if (look && known) keepWhatHappened(known, look);
  }

  async function finish(id: string, application: string): Promise<void> {
    active.delete(id);
    stuck.delete(id);
    if ([...active.values()].includes(application)) return;
    observer.setInFlight(application, false);
    await record.release(application, () => isIdle(application));
  }

  function isIdle(application: string): boolean {
    return ![...active.values()].includes(application) && !retirements.isUnderWay(application);
  }

  function keep(work: Promise<unknown>): void {
    const kept: Promise<unknown> = work
      .catch((error: unknown) => deps.log?.("warn", "Work beside a deployment failed", { error }))
      .finally(() => background.delete(kept));
    background.add(kept);
  }

  function keepWhatHappened(application: Application, look: Observation): void {
    keep(blackBox.record(application, look));
    if (deps.incidents) keep(lookForIncidents(application, look));
  }

  async function lookForIncidents(application: Application, look: Observation): Promise<void> {
    const { name } = application;
    // What ended before this process began is asked for once; whatever changes later, it is told of.
    if (!newestOf.has(name)) {
      const last = await store.findLastFinished(name);
      if (!newestOf.has(name)) newestOf.set(name, last);
    }
    const changed = [...changedSince.values()].filter((each) => each.application === name);
    for (const { id } of changed) changedSince.delete(id);
    await deps.incidents?.look(application, look, newestOf.get(name) ?? null, changed);
  }

  function adopt(deployment: Pick<Deployment, "id" | "application">): void {
    if (!active.has(deployment.id)) observer.setInFlight(deployment.application, true);
    active.set(deployment.id, deployment.application);
  }

  /** A rollback that somebody asked for is not left half done because the database went away in the middle. */
  async function finishWithoutStore(name: string): Promise<void> {
    const application = observer.findApplication(name);
    if (!application || !(await isStoreAway())) return;
    await late.finish(application);
  }

  async function isStoreAway(): Promise<boolean> {
    return within(PING_WITHIN_MS, store.ping()).then(() => false, isConnectionFailure);
  }

  function recorded(deployment: Deployment): void {
    if (isInFlight(deployment)) engine.submit(deployment);
    else keep(releaseIfIdle(deployment.application));
  }

  async function sweep(): Promise<void> {
    sweptAt = now();
    for (const deployment of await store.listDeploymentsInFlight()) adopt(deployment);
    for (const application of observer.applications()) {
      const look = observer.observation(application.name);
      if (look) keepWhatHappened(application, look);
      if (look) keep(lookForProof(application, look));
    }
    for (const application of await store.listLeftLeases(now())) keep(takeUpLeft(application));
  }

  async function takeUpLeft(application: string): Promise<void> {
    if (!observer.findApplication(application) || !(await record.hold(application))) return;
    await retirements.closeCutOff(application);
    await releaseIfIdle(application);
  }

  /** For a switch that went on without its proof. */
  async function lookForProof(application: Application, look: Observation): Promise<void> {
    if (await lateProofs.look(application, look)) await releaseIfIdle(application.name);
  }

  async function releaseIfIdle(application: string): Promise<void> {
    await record.release(application, () => isIdle(application));
  }

  async function tick(): Promise<void> {
    timer = null;
    cameRoundAt = now();
    const idleMs = deps.idleMs ?? IDLE_MS;
    try {
      if (now() - sweptAt >= idleMs) await sweep();
    } catch (error) {
      deps.log?.("warn", "Unfinished deployments could not be listed; it is tried again", { error });
    }
    for (const application of observer.applications())
      if (late.isWaiting(application.name)) keep(late.record(application));
    if (writeAheadLog.auditRows().length > 0) keep(late.recordAudit());
    // One question to the database for all of them, however many are in flight.
    const known = new Map((await readActive()).map((deployment) => [deployment.id, deployment]));
    for (const [id, application] of active) wake(id, application, known.get(id));
    schedule();
  }

  /** What is in flight, with the leases for it; nothing when the database does not say, and each is asked for by itself. */
  async function readActive(): Promise<Deployment[]> {
    if (active.size === 0) return [];
    try {
      const found = await store.listDeploymentsInFlight();
      const own = found.filter((deployment) => active.has(deployment.id) && !running.has(deployment.application));
      await record.holdAll(own.map((deployment) => deployment.application));
      return own;
    } catch {
      return [];
    }
  }

  function schedule(): void {
    if (state !== "running" || timer) return;
    const isBusy = active.size > 0 || writeAheadLog.waiting().length > 0 || writeAheadLog.auditRows().length > 0;
    const waitMs = isBusy ? (deps.tickMs ?? TICK_MS) : Math.min(deps.idleMs ?? IDLE_MS, IDLE_MS);
    timer = setTimeout(() => void tick(), waitMs);
  }

  function hurry(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    schedule();
  }

  const engine: Engine = {
    late: {
      make(application, prepare) {
        const made = late.make(application, prepare);
        keep(made.then(hurry, hurry));
        return made;
      },
      keepAudit: writeAheadLog.keepAudit,
    },
    start() {
      if (state !== "new") return;
      state = "running";
      stopNoticing = observer.subscribe?.("*", noticed, { isPassive: true }) ?? stopNoticing;
      void tick();
    },
    async stop() {
      state = "stopped";
      stopNoticing();
      if (timer) clearTimeout(timer);
      timer = null;
      await engine.settled();
      await record.releaseAll();
    },
    async underLease(application, work) {
      await within(LEASE_WITHIN_MS, record.hold(application)).catch(() => null);
      try {
        return await work();
      } finally {
        keep(releaseIfIdle(application));
      }
    },
    submit(deployment, begunOn) {
      if (begunOn) reconciler.begun(deployment.id, begunOn);
      adopt(deployment);
      wake(deployment.id, deployment.application);
      hurry();
    },
    async change(deployment, step, message, change, request) {
      const changed = await record.wish(deployment.id, deployment.application, (newest) => {
        const next = change(newest);
        return next && { deployment: next, entries: [{ at: now(), step, phase: "note", message }], answers: request };
      });
      reconciler.interrupt(deployment.id);
      if (changed && isInFlight(changed)) engine.submit(changed);
      else if (changed) await releaseIfIdle(deployment.application);
      return changed;
    },
    async retire(deployment, slot, seen) {
      const { done } = await retirements.begin(deployment, slot, seen);
      keep(done.finally(() => releaseIfIdle(deployment.application)));
    },
    work: () => ({ cameRoundAt, stuck: [...stuck.values()].sort((a, b) => a.since - b.since) }),
    async settled() {
      while (running.size > 0 || background.size > 0) {
        await Promise.allSettled([...[...running.values()].map((entry) => entry.done), ...background]);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
  return engine;
}
