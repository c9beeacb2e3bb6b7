import type { Told } from "../sentence/told.ts";
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

/** What the stage says, ready to stand in another sentence; undefined where it says nothing. */
export function detailOf({ detail, detailSaid }: Pick<StageRecord, "detail" | "detailSaid">): Told | undefined {
  return detailSaid ?? detail;
}

/** Why it is in its status, ready to stand in another sentence; null where nothing was said. */
export function reasonOf({ statusReason, statusSaid }: Pick<Deployment, "statusReason" | "statusSaid">): Told | null {
  return statusSaid ?? statusReason;
}

/** Whether a write that moves traffic was sent, or may have been. */
export function hasShifted(deployment: Pick<Deployment, "plan" | "steps" | "to">): boolean {
  return firstShiftAt(deployment) !== null;
}
