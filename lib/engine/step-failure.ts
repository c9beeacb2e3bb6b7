import { AwsFailure } from "../aws/errors.ts";
import { WeightsChanged } from "../controllers/weights-changed.ts";
import type { Step } from "../domain/decide/decision.ts";
import { reasonMembers, withStage } from "../domain/deployment/change-stage.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { hasShifted, reasonOf } from "../domain/deployment/deployment-stage.ts";
import {
  failStage,
  requestAbort,
  rollbackFailed,
  shiftRejected,
  testNotBack,
  withPlan,
} from "../domain/deployment/deployment-transitions.ts";
import { isSame } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Told } from "../domain/sentence/told.ts";
import { describeError } from "./describe-step.ts";
import { withEvidenceLines } from "./read-evidence.ts";
import { SideServed } from "./side-served.ts";

/** What a failed step comes to: tried again later, or a change of direction. */
export interface StepFailure {
  retry: boolean;
  message: Told;
  change: (deployment: Deployment, now: number) => Deployment;
}

/** Judges one failure. `attemptAt` is when the step was begun; it tells this attempt's write from an earlier one. */
export function judgeFailure(step: Step, error: unknown, attemptAt: number): StepFailure {
  const message = describeError(error);
  const mayHaveHappened = mayHaveWritten(step, error);
  const undo = (deployment: Deployment) =>
    step.type === "shift" && !mayHaveHappened ? shiftRejected(deployment, attemptAt) : deployment;
  // What only reads is never worth failing a deployment for.
  if (step.type === "readEvidence")
    return { retry: false, message, change: (d) => withEvidenceLines(d, d.evidence?.lines ?? []) };
  if (step.type === "shiftTest" && step.purpose === "restore") {
    const isFinal = error instanceof WeightsChanged || (error instanceof AwsFailure && !error.retryable);
    return { retry: !isFinal, message, change: (d) => testNotBack(d, message, isFinal) };
  }
  // While a step bakes, looking again soon is not worth holding up what watches it.
  if (step.type === "prove" && step.part !== undefined)
    return { retry: false, message, change: (d, now) => withPlan(d, { provedAt: now }) };
  if (step.type === "prove") return { retry: true, message, change: (d, now) => withPlan(d, { provedAt: now }) };
  // A gate that waits no longer was answered elsewhere: what is true is looked at, and nothing failed.
  if (step.type === "answerGate" && error instanceof AwsFailure && error.kind === "denied")
    return { retry: true, message, change: (d) => withDetail(d, say("step.notAnsweredAgain", { why: message })) };
  if (step.type === "answerGate" && error instanceof AwsFailure && !error.retryable)
    return {
      retry: false,
      message,
      change: (d) => withDetail(withoutAnswer(d), say("step.notAnswered", { why: message })),
    };
  // A deployment that is over cannot be rolled back: the next look says how it ended.
  if (step.type === "rollBackAws") return { retry: true, message, change: (d) => withDetail(d, message) };
  if (step.type === "startAws" && error instanceof AwsFailure && !error.isOutcomeUnknown)
    return {
      retry: error.retryable,
      message,
      change: (d, now) => (error.retryable ? withDetail(unsent(d), message) : failStage(unsent(d), message, null, now)),
    };
  const isFinal = error instanceof SideServed || (error instanceof AwsFailure && !error.retryable);
  const retry = !isFinal;
  if (retry) return { retry, message, change: (d) => withDetail(undo(d), say("step.tryingAgain", { what: message })) };
  return { retry, message, change: (d, now) => giveUp(undo(d), step, message, now) };
}

function giveUp(deployment: Deployment, step: Step, message: Told, now: number): Deployment {
  if (step.type === "startSide" && step.purpose === "restore")
    return withPlan(
      {
        ...deployment,
        ...reasonMembers(say("step.notPutBack", { what: reasonOf(deployment) ?? say("step.stopped"), why: message })),
      },
      { restored: true },
    );
  if (deployment.status === "ROLLBACK_IN_PROGRESS") return rollbackFailed(deployment, message, now);
  if (deployment.status !== "IN_PROGRESS") return deployment;
  if (hasShifted(deployment)) return requestAbort(deployment, message);
  return failStage(deployment, message, null, now);
}

function withoutAnswer(deployment: Deployment): Deployment {
  return deployment.aws ? { ...deployment, aws: { ...deployment.aws, answer: null } } : deployment;
}

function unsent(deployment: Deployment): Deployment {
  return deployment.aws ? { ...deployment, aws: { ...deployment.aws, sentAt: null } } : deployment;
}

function mayHaveWritten(step: Step, error: unknown): boolean {
  if (error instanceof WeightsChanged) return step.type === "shift" && !isSame(error.expected, step.expected);
  return !(error instanceof AwsFailure) || error.isOutcomeUnknown;
}

function withDetail(deployment: Deployment, detail: Told): Deployment {
  return withStage(deployment, deployment.stage, { detail });
}
