import { AwsFailure } from "../aws/errors.ts";
import { trafficDriverOf } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import type { LateOutcome } from "../domain/late/late-rollback.ts";
import { isSame, weightsWords } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import type { LoggedRollback, WriteAheadLog } from "../store/write-ahead-log.ts";
import { describeError } from "./describe-step.ts";
import type { EngineDeps } from "./engine-deps.ts";

/** What a rollback without the database is to write, or why it is not made. */
export type LatePlan<R> = { ok: true; rollback: LoggedRollback } | { ok: false; refusal: R };

/** Rollbacks without the database on their way to AWS: the write-ahead log first, then the listener, then the log again. */
export interface LateRollbackWriter {
  /** Writes what `prepare` plans, unless what was written last still holds: asked for again, that is the answer. Rejects with AWS's failure. */
  write<R>(application: Application, prepare: () => Promise<LatePlan<R>>): Promise<LoggedRollback | { refusal: R }>;
  /** Looks up what became of writes whose answer is not known; never repeats one. */
  settleOpen(application: Application): Promise<void>;
}

/** Its callers see to it that nothing else is written to the application meanwhile. */
export function createLateRollbackWriter(deps: EngineDeps, writeAheadLog: WriteAheadLog): LateRollbackWriter {
  const { now } = deps;
  const driverOf = (application: Application) => trafficDriverOf(deps.controllers, application);

  /** The newest that was made and still holds: asked for again, it is the answer. */
  async function findMade(application: Application): Promise<LoggedRollback | null> {
    await settleOpen(application);
    const last = writeAheadLog.waiting(application.name).findLast((each) => each.outcome?.phase === "done");
    if (!last) return null;
    const { weights, drift } = await driverOf(application).readWeights(application);
    return drift === null && isSame(weights, last.weights) ? last : null;
  }

  async function write<R>(application: Application, prepare: () => Promise<LatePlan<R>>) {
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
      const { requestId, value } = await driverOf(application).shift(application, rollback.expected, rollback.weights);
      const weights = weightsWords(value.after);
      const said = value.alreadyThere
        ? say("step.held", { weights })
        : say("step.readBack", { weights, ms: Math.round(value.readBackMs) });
      return settled({
        phase: "done",
        ...lineMembers(said),
        awsRequestId: requestId,
        readBackMs: Math.min(value.readBackMs, now() - sentAt),
      });
    } catch (error) {
      // Whether a write whose answer was lost took effect is looked up before anything is recorded.
      if (!(error instanceof AwsFailure) || !error.isOutcomeUnknown)
        settled({ phase: "failed", ...lineMembers(describeError(error)), awsRequestId: null, readBackMs: 0 });
      throw error;
    }
  }

  async function settleOpen(application: Application): Promise<void> {
    for (const rollback of writeAheadLog.waiting(application.name)) {
      if (rollback.outcome !== null) continue;
      const { weights, drift } = await driverOf(application).readWeights(application);
      const isThere = drift === null && isSame(weights, rollback.weights);
      const other = drift
        ? say("step.cutOffNotThereWhy", { ...weights, why: drift })
        : say("step.cutOffNotThere", { ...weights });
      const said = isThere ? say("step.cutOffThere") : other;
      writeAheadLog.settle(rollback.id, {
        at: now(),
        phase: isThere ? "done" : "failed",
        ...lineMembers(said),
        awsRequestId: null,
        readBackMs: 0,
      });
    }
  }

  return { write, settleOpen };
}
