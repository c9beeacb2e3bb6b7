import type { Deployment, Stage, StageRecord, StageStatus } from "@/lib/domain/deployment/deployment.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";

type StepId =
  | "scaleUp"
  | "testTraffic"
  | "yourSwitch"
  | "productionTraffic"
  | "heldOpen"
  | "proof"
  | "bake"
  | "cleanUp";

/** One line of the board's short timeline: some of ECS's stages under one name. */
export interface TimelineStep {
  id: StepId;
  name: Sentence;
  status: StageStatus;
  startedAt: number | null;
  finishedAt: number | null;
  detail?: string;
  /** `detail` in no language yet. */
  detailSaid?: Sentence;
}

const STEPS: readonly { id: StepId; stages: readonly Stage[] }[] = [
  { id: "scaleUp", stages: ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"] },
  { id: "testTraffic", stages: ["TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"] },
  { id: "yourSwitch", stages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"] },
  { id: "productionTraffic", stages: ["PRODUCTION_TRAFFIC_SHIFT"] },
  { id: "proof", stages: ["POST_PRODUCTION_TRAFFIC_SHIFT"] },
  { id: "bake", stages: ["BAKE_TIME"] },
];

/** Where AWS drives, a person may be waited for at any of its stages. */
const AWS_STEPS: typeof STEPS = [
  { id: "scaleUp", stages: ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"] },
  { id: "testTraffic", stages: ["TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"] },
  { id: "productionTraffic", stages: ["PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"] },
  { id: "heldOpen", stages: ["POST_PRODUCTION_TRAFFIC_SHIFT"] },
  { id: "bake", stages: ["BAKE_TIME"] },
  { id: "cleanUp", stages: ["CLEAN_UP"] },
];

/** ECS's ten stages as the few steps that matter on the board; steps that are skipped altogether are left out. */
export function timelineOf(deployment: Pick<Deployment, "stages" | "approval" | "aws">): TimelineStep[] {
  return (deployment.aws ? AWS_STEPS : STEPS).flatMap(({ id, stages }) => {
    const records = deployment.stages.filter((record) => stages.includes(record.stage) && record.status !== "SKIPPED");
    if (records.length === 0) return [];
    const merged = merge(records);
    return [{ ...merged, id, name: nameOf(id, deployment, merged.status) }];
  });
}

/** "Approval, 1 of 2" where people have to approve. */
function nameOf(id: StepId, { approval, aws }: Pick<Deployment, "approval" | "aws">, status: StageStatus): Sentence {
  const name = say(`board.step.${id}`);
  if (aws) {
    if (status !== "AWAITING_ACTION") return name;
    return approval?.state === "waiting" && id !== "heldOpen"
      ? say("board.step.atApproval", { name, given: approval.given, approvers: approval.approvers })
      : say("board.step.atAnswer", { name });
  }
  return id === "yourSwitch" && approval
    ? say("board.step.approval", { given: approval.given, approvers: approval.approvers })
    : name;
}

function merge(records: readonly StageRecord[]): Omit<TimelineStep, "id" | "name"> {
  const started = records.flatMap((record) => record.startedAt ?? []);
  const finished = records.flatMap((record) => record.finishedAt ?? []);
  const status = worst(records.map((record) => record.status));
  const isOver = status === "SUCCEEDED" || status === "FAILED";
  const telling = records.findLast((record) => record.detail && record.status !== "PENDING");
  return {
    status,
    startedAt: started.length > 0 ? Math.min(...started) : null,
    finishedAt: isOver && finished.length > 0 ? Math.max(...finished) : null,
    ...(telling?.detail ? { detail: telling.detail } : {}),
    ...(telling?.detailSaid ? { detailSaid: telling.detailSaid } : {}),
  };
}

function worst(statuses: readonly StageStatus[]): StageStatus {
  if (statuses.includes("FAILED")) return "FAILED";
  if (statuses.includes("AWAITING_ACTION")) return "AWAITING_ACTION";
  if (statuses.includes("IN_PROGRESS")) return "IN_PROGRESS";
  if (statuses.every((status) => status === "SUCCEEDED")) return "SUCCEEDED";
  return statuses.includes("SUCCEEDED") ? "IN_PROGRESS" : "PENDING";
}
