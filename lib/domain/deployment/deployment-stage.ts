import type { Deployment, Stage, StageRecord } from "./deployment.ts";
import { STAGES } from "./deployment.ts";
import { firstShiftAt } from "./shift-steps.ts";

/** The record of one stage; a pending one when the deployment does not carry it. */
export function stageRecord(deployment: Pick<Deployment, "stages">, stage: Stage): StageRecord {
  return (
    deployment.stages.find((record) => record.stage === stage) ?? {
      stage,
      status: "PENDING",
      startedAt: null,
      finishedAt: null,
    }
  );
}

/** The first stage after `stage` that is neither skipped nor over; null when none is left. */
export function nextStage(deployment: Pick<Deployment, "stages">, stage: Stage): Stage | null {
  const after = STAGES.slice(STAGES.indexOf(stage) + 1);
  return after.find((candidate) => stageRecord(deployment, candidate).status === "PENDING") ?? null;
}

/** A copy with one stage's record changed. */
export function withStage(deployment: Deployment, stage: Stage, change: Partial<StageRecord>): Deployment {
  return {
    ...deployment,
    stages: deployment.stages.map((record) => (record.stage === stage ? { ...record, ...change } : record)),
  };
}

/** Whether a write that moves traffic was sent, or may have been. */
export function hasShifted(deployment: Pick<Deployment, "plan" | "steps" | "to">): boolean {
  return firstShiftAt(deployment) !== null;
}
