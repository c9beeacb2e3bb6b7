import type { KeyedMutex } from "../async/mutex.ts";
import { actingFor } from "../aws/acting.ts";
import { guardWrites } from "../aws/write-guard.ts";
import type { Application } from "../domain/application/application.ts";
import type { Step } from "../domain/decide/decision.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { stageRecord } from "../domain/deployment/deployment-stage.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { englishOf, lineMembers, type Told } from "../domain/sentence/told.ts";
import { spanOfDeployment } from "../trace.ts";
import type { DeploymentRecord, JournalLine } from "./deployment-record.ts";
import { describeStep, isWrite, withIntent } from "./describe-step.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { LateRollbacks } from "./late-rollbacks.ts";
import type { Readings } from "./readings.ts";
import type { Retirements } from "./retirements.ts";
import { runStep } from "./run-step.ts";
import { judgeFailure } from "./step-failure.ts";
import type { StepFailures } from "./step-failures.ts";
import type { StepOutcome } from "./step-tools.ts";
import { whoseWrite } from "./whose-write.ts";

/** Journals, acts, reads back and journals; resolves with whether to go on at once: not after a failure, nor while a reading lasts. */
export type TakeStep = (
  decidedOn: Deployment,
  step: Step,
  application: Application,
  observation: Observation,
) => Promise<boolean>;

export function createTakeStep(
  deps: EngineDeps,
  tools: {
    record: DeploymentRecord;
    mutex: KeyedMutex;
    late: Pick<LateRollbacks, "isWaiting">;
    retirements: Pick<Retirements, "endedAt">;
    readings: Readings<StepOutcome>;
    failures: StepFailures;
    /** Somebody else may have acted on the deployment in between. */
    leaseLost(id: string): void;
  },
): TakeStep {
  const { record, mutex, late, retirements, readings, failures } = tools;
  const { now } = deps;

  /** One write at a time, under a lease that is kept as long as it takes, and not on a look from before a side was stopped. */
  async function write<T>(application: string, { observedAt }: Observation, doing: () => Promise<T>): Promise<T> {
    const leaseGuard = record.guard(application);
    const guard = () => {
      if ((retirements.endedAt.get(application) ?? 0) >= observedAt)
        return "A side was being stopped; AWS is looked at again";
      if (late.isWaiting(application)) return "A rollback was made while the database was away; it is recorded first";
      return leaseGuard();
    };
    const keeping = setInterval(() => record.hold(application).catch(() => null), deps.tickMs ?? 1_000);
    try {
      return await mutex.take(application, () => guardWrites(guard, doing));
    } finally {
      clearInterval(keeping);
    }
  }

  /** Whether to go on at once; false after a failure, and while a reading lasts. */
  return async function act(
    decidedOn: Deployment,
    step: Step,
    application: Application,
    observation: Observation,
  ): Promise<boolean> {
    const controller = deps.controllers[application.controller];
    if (!controller) throw new Error(`Controller ${application.controller} is not built`);
    const { id } = decidedOn;
    /** What came of a write is told under the lease that its intent was told under: in between somebody else may have acted. */
    let under: number | undefined;
    const update = (change: Parameters<DeploymentRecord["update"]>[2]) =>
      record.update(id, application.name, change, under);
    const line = (phase: JournalLine["phase"], told: Told, requestId?: string | null): JournalLine => ({
      at: now(),
      step: step.type,
      phase,
      ...lineMembers(told),
      ...(requestId ? { awsRequestId: requestId } : {}),
    });
    const attemptAt = now();
    if (isWrite(step)) {
      const intent = await update((newest) =>
        isUnchanged(newest, decidedOn)
          ? { deployment: withIntent(newest, step, attemptAt), entries: [line("intent", describeStep(step))] }
          : null,
      );
      if (!intent) return true;
      under = record.token(application.name);
    }
    try {
      const tools = { controller, application, observation, requests: deps.requests, lines: deps.lines, now };
      const actor = whoseWrite(decidedOn, step);
      const run = () => {
        const doStep = () => runStep(decidedOn, step, tools);
        return actor === null ? doStep() : actingFor(actor, doStep);
      };
      const doing = isWrite(step) ? () => spanOfDeployment(id, `step ${step.type}`, run) : run;
      let outcome: StepOutcome;
      if (isWrite(step)) outcome = await write(application.name, observation, doing);
      else {
        const read = await readings.take(id, step, doing);
        if (read.state !== "done") return read.state === "interrupted";
        outcome = read.value;
      }
      await update((newest) => {
        const deployment = outcome.change(newest, now());
        const hasMoved = deployment.stage !== newest.stage || deployment.status !== newest.status;
        const entries =
          isWrite(step) || hasMoved || step.type === "readEvidence" || step.type === "smoke"
            ? [line("done", outcome.message, outcome.requestId)]
            : [];
        return { deployment, entries };
      });
      failures.clear(id);
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "FenceLost") {
        tools.leaseLost(id);
        throw error;
      }
      const failure = judgeFailure(step, error, attemptAt);
      const count = failures.note(id, step.type, failure.retry);
      await update((newest) => ({
        deployment: failure.change(newest, now()),
        entries: isWrite(step) || count === 1 ? [line("failed", failure.message)] : [],
      })).catch((lost: unknown) => {
        tools.leaseLost(id);
        throw lost;
      });
      deps.log?.("warn", "A step failed", { deployment: id, step: step.type, error: englishOf(failure.message) });
      return !failure.retry;
    }
  };
}

/** Whether the record still says what the decision was made on: what a person added meanwhile must not be written over. */
export function isUnchanged(newest: Deployment, decidedOn: Deployment): boolean {
  return (
    newest.status === decidedOn.status &&
    newest.stage === decidedOn.stage &&
    stageRecord(newest, newest.stage).status === stageRecord(decidedOn, decidedOn.stage).status &&
    newest.plan?.shift?.to === decidedOn.plan?.shift?.to &&
    newest.plan?.shift?.step === decidedOn.plan?.shift?.step &&
    newest.bakeUntil === decidedOn.bakeUntil &&
    newest.aws?.id === decidedOn.aws?.id &&
    newest.aws?.answer?.gate === decidedOn.aws?.answer?.gate &&
    newest.approvals.length === decidedOn.approvals.length
  );
}
