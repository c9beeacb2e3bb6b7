import type { Deployment, Stage, StageRecord, StageStatus } from "@/lib/domain/deployment/deployment.ts";

/** One line of the board's short timeline: some of ECS's stages under one name. */
export interface TimelineStep {
  name: string;
  status: StageStatus;
  startedAt: number | null;
  finishedAt: number | null;
  detail?: string;
}

const STEPS: readonly { name: string; stages: readonly Stage[] }[] = [
  { name: "Scale up", stages: ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"] },
  { name: "Test traffic", stages: ["TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"] },
  { name: "Your switch", stages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"] },
  { name: "Production traffic", stages: ["PRODUCTION_TRAFFIC_SHIFT"] },
  { name: "Proof", stages: ["POST_PRODUCTION_TRAFFIC_SHIFT"] },
  { name: "Bake", stages: ["BAKE_TIME"] },
];

/** Where AWS drives, a person may be waited for at any of its stages. */
const AWS_STEPS: typeof STEPS = [
  { name: "Scale up", stages: ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP"] },
  { name: "Test traffic", stages: ["TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"] },
  { name: "Production traffic", stages: ["PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"] },
  { name: "Held open", stages: ["POST_PRODUCTION_TRAFFIC_SHIFT"] },
  { name: "Bake", stages: ["BAKE_TIME"] },
  { name: "Clean up", stages: ["CLEAN_UP"] },
];

/** ECS's ten stages as the few steps that matter on the board; steps that are skipped altogether are left out. */
export function timelineOf(deployment: Pick<Deployment, "stages" | "approval" | "aws">): TimelineStep[] {
  return (deployment.aws ? AWS_STEPS : STEPS).flatMap(({ name, stages }) => {
    const records = deployment.stages.filter((record) => stages.includes(record.stage) && record.status !== "SKIPPED");
    return records.length === 0 ? [] : [{ ...merge(records), name: nameOf(name, deployment, merge(records).status) }];
  });
}

/** "Approval, 1 of 2" where people have to approve. */
function nameOf(name: string, { approval, aws }: Pick<Deployment, "approval" | "aws">, status: StageStatus): string {
  if (aws) {
    if (status !== "AWAITING_ACTION") return name;
    return approval?.state === "waiting" && name !== "Held open"
      ? `${name}: approval, ${approval.given} of ${approval.approvers}`
      : `${name}: your answer`;
  }
  return name === "Your switch" && approval ? `Approval, ${approval.given} of ${approval.approvers}` : name;
}

function merge(records: readonly StageRecord[]): Omit<TimelineStep, "name"> {
  const started = records.flatMap((record) => record.startedAt ?? []);
  const finished = records.flatMap((record) => record.finishedAt ?? []);
  const status = worst(records.map((record) => record.status));
  const isOver = status === "SUCCEEDED" || status === "FAILED";
  const detail = records.findLast((record) => record.detail && record.status !== "PENDING")?.detail;
  return {
    status,
    startedAt: started.length > 0 ? Math.min(...started) : null,
    finishedAt: isOver && finished.length > 0 ? Math.max(...finished) : null,
    ...(detail ? { detail } : {}),
  };
}

function worst(statuses: readonly StageStatus[]): StageStatus {
  if (statuses.includes("FAILED")) return "FAILED";
  if (statuses.includes("AWAITING_ACTION")) return "AWAITING_ACTION";
  if (statuses.includes("IN_PROGRESS")) return "IN_PROGRESS";
  if (statuses.every((status) => status === "SUCCEEDED")) return "SUCCEEDED";
  return statuses.includes("SUCCEEDED") ? "IN_PROGRESS" : "PENDING";
}
