import { ALL_AT_ONCE, type Rollout, rolloutSteps } from "../observation/rollout.ts";
import type { SlotColor } from "../observation/slot.ts";
import type { Deployment } from "./deployment.ts";
import type { ShiftStep } from "./deployment-plan.ts";

type Stepped = Pick<Deployment, "to" | "steps">;

/** The steps of a rollout before any was made. */
export function plannedSteps(rollout: Rollout, to: SlotColor): ShiftStep[] {
  return rolloutSteps(rollout, to).map((step) => ({ ...step, shiftedAt: null, readBackMs: null, bakeUntil: null }));
}

/** The deployment's steps; the one of all at once where its record has none. */
export function stepsOf(deployment: Stepped): ShiftStep[] {
  return deployment.steps ?? plannedSteps(ALL_AT_ONCE, deployment.to);
}

/** The newest step that was made, with its number from 1; null before the first. */
export function newestStep(deployment: Stepped): { number: number; of: number; step: ShiftStep } | null {
  const steps = stepsOf(deployment);
  const index = steps.findLastIndex((step) => step.shiftedAt !== null);
  const step = steps[index];
  return step ? { number: index + 1, of: steps.length, step } : null;
}

/** The step that the engine is at: the one being written or, once read back, watched. */
export function stepAt(deployment: Deployment): { index: number; step: ShiftStep; isLast: boolean } | null {
  const steps = stepsOf(deployment);
  const index = deployment.plan?.shift?.step ?? 0;
  const step = steps[index];
  return step ? { index, step, isLast: index === steps.length - 1 } : null;
}

/** Epoch ms at which the new side got its first traffic; null before. A write that may have been made counts. */
export function firstShiftAt(deployment: Pick<Deployment, "to" | "steps" | "plan">): number | null {
  const shift = deployment.plan?.shift;
  return deployment.steps?.[0]?.shiftedAt ?? (shift?.to === deployment.to ? shift.sentAt : null);
}

/** A copy with one step changed. */
export function withStep(deployment: Deployment, index: number, change: Partial<ShiftStep>): Deployment {
  return {
    ...deployment,
    steps: stepsOf(deployment).map((step, i) => (i === index ? { ...step, ...change } : step)),
  };
}
