import { createBackground } from "../async/background.ts";
import { createKeyedMutex } from "../async/mutex.ts";
import { within } from "../async/within.ts";
import { guardWrites } from "../aws/write-guard.ts";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import { openWriteAheadLog } from "../store/write-ahead-log.ts";
import { createAskedFirst } from "./asked-first.ts";
import { createDeploymentRecord } from "./deployment-record.ts";
import { createDeploymentRuns } from "./deployment-runs.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { Engine } from "./engine-ports.ts";
import { createFigures } from "./figures.ts";
import { createLateProofs } from "./late-proofs.ts";
import { createLateRollbacks } from "./late-rollbacks.ts";
import { createReconciler } from "./reconcile.ts";
import { NotHeld } from "./retire.ts";
import { createRetirements } from "./retirements.ts";
import { createRound } from "./round.ts";
import { createRounds } from "./rounds.ts";
import { createScalingHolds } from "./scaling-holds.ts";
import { createSweep } from "./sweep.ts";
import { createWhatHappened } from "./what-happened.ts";
import { createFinishWithoutStore } from "./without-store.ts";

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
      whatHappened.changed(deployment);
      hub.deploymentChanged(deployment);
      // What follows, its verification above all, holds nobody up.
      if (deployment.plan?.shift?.readBackMs != null) askedFirst.sent(deployment.id);
    },
    leaseMs: deps.leaseMs,
    isLateWaiting: (application) => writeAheadLog.waiting(application).length > 0,
  });
  const lateProofs = createLateProofs(deps, record);
  const mutex = createKeyedMutex();
  const retirements = createRetirements(deps, record, mutex);
  const late = createLateRollbacks({ deps, record, mutex, writeAheadLog, recorded });
  const reconciler = createReconciler(deps, { record, mutex, late, retirements });
  const scalingHolds = deps.scaling
    ? createScalingHolds({ ...deps, scaling: deps.scaling }, { record, mutex, release: releaseIfIdle })
    : null;
  const whatHappened = createWhatHappened(deps);
  const { keep, ...background } = createBackground((error) =>
    deps.log?.("warn", "Work beside a deployment failed", { error }),
  );
  const runs = createDeploymentRuns(deps, {
    move,
    failed: (application) => keep(finishWithoutStore(application)),
    finished: releaseIfIdle,
    ended(name) {
      const look = observer.observation(name);
      const application = observer.findApplication(name);
      if (look && application) keep(whatHappened.keep(application, look));
    },
  });
  const askedFirst = createAskedFirst();
  const sweep = createSweep(deps, {
    ...{ record, runs, retirements, lateProofs, whatHappened, scalingHolds, releaseIfIdle, keep },
  });
  const rounds = createRounds(deps, createRound(deps, { record, runs, late, writeAheadLog, sweep, keep }));
  const finishWithoutStore = createFinishWithoutStore(deps, { late, isStopped: rounds.isStopped });
  const figures = createFigures();
  let stopNoticing = () => {};

  /** A release that breaks a bound is rolled back when its figures are known, and AWS's gates are seen, not with the next tick. */
  function noticed(look: Observation): void {
    const { application } = look;
    if (!figures.areNew(look)) return;
    for (const [id, name] of runs.active()) if (name === application) runs.wake(id, application);
    // A database that does not answer takes its time to be found out again, and traffic must not wait for that.
    if (store.awaySince() !== null && runs.isActive(application)) keep(finishWithoutStore(application));
  }

  async function move(id: string, application: string, known: Deployment | undefined): Promise<Deployment | null> {
    const isAsked = askedFirst.isUnderWay(id);
    try {
      const found = observer.findApplication(application);
      if (!found || !late.isWaiting(application)) return await reconciler.reconcile(id, known);
      await late.record(found);
      return await reconciler.reconcile(id);
    } finally {
      if (isAsked) askedFirst.sent(id);
    }
  }

  function isIdle(application: string): boolean {
    return !runs.isActive(application) && !retirements.isUnderWay(application);
  }

  function recorded(deployment: Deployment): void {
    if (isInFlight(deployment)) engine.submit(deployment);
    else keep(releaseIfIdle(deployment.application));
  }

  async function releaseIfIdle(application: string): Promise<void> {
    await record.release(application, () => isIdle(application));
  }

  const engine: Engine = {
    late: {
      make(application, prepare) {
        const made = late.make(application, prepare);
        keep(made.then(rounds.hurry, rounds.hurry));
        return made;
      },
      keepAudit: writeAheadLog.keepAudit,
    },
    start() {
      if (rounds.isBegun()) return;
      stopNoticing = observer.subscribe?.("*", noticed, { isPassive: true }) ?? stopNoticing;
      rounds.start();
    },
    async stop() {
      rounds.stop();
      runs.stop();
      stopNoticing();
      await engine.settled();
      await record.releaseAll();
    },
    async underLease(application, work) {
      await within(LEASE_WITHIN_MS, record.hold(application)).catch(() => null);
      try {
        return await askedFirst.first(work());
      } finally {
        keep(releaseIfIdle(application));
      }
    },
    turn: askedFirst.turn,
    async write(application, work) {
      try {
        return await mutex.take(application, async () => {
          if (!(await record.hold(application))) throw new NotHeld(`Another replica acts on ${application}`);
          return guardWrites(record.guard(application), work);
        });
      } finally {
        keep(releaseIfIdle(application));
      }
    },
    submit(deployment, begunOn) {
      if (begunOn) reconciler.begun(deployment.id, begunOn);
      askedFirst.begin(deployment.id);
      runs.adopt(deployment);
      runs.wake(deployment.id, deployment.application);
      rounds.hurry();
    },
    async change(deployment, step, told, change, request) {
      const changed = await record.request(deployment.id, deployment.application, (newest) => {
        const next = change(newest);
        return (
          next && {
            deployment: next,
            entries: [{ at: now(), step, phase: "note", ...lineMembers(told) }],
            answers: request,
          }
        );
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
    work: () => ({ cameRoundAt: rounds.cameRoundAt(), stuck: runs.stuck() }),
    async settled() {
      for (;;) {
        const underWay = [runs.settled(), background.settled()].filter((each) => each !== null);
        if (underWay.length === 0) return;
        await Promise.all(underWay);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
  return engine;
}
