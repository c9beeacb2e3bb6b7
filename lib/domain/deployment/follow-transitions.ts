import type { AwsDeployment } from "../observation/aws-deployment.ts";
import { openGates } from "../observation/aws-deployment.ts";
import type { Observation } from "../observation/observation.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { changedStage, reasonMembers, withStage } from "./change-stage.ts";
import type { Deployment, FollowedDeployment, Stage, StageRecord } from "./deployment.ts";
import { STAGES } from "./deployment.ts";
import { reasonOf, stageRecord } from "./deployment-stage.ts";
import { rollbackFailed, rolledBack, stopped, withPlan } from "./deployment-transitions.ts";
import { endedSaid, withoutGate } from "./ended-gate.ts";
import { failedHookSaid } from "./failed-hook.ts";
import { successSaid } from "./followed-success.ts";
import { noted } from "./proof.ts";
import { isAnswered, isLaterGate } from "./same-gate.ts";

/** Stages of AWS's that come before the first of ours. */
const BEFORE: ReadonlySet<string> = new Set(["RECONCILE_SERVICE"]);

/** The stage by our names; null for one that is not known, and before the first. */
export function awsStage(stage: string | null): Stage | null {
  if (stage !== null && BEFORE.has(stage)) return "PRE_SCALE_UP";
  return STAGES.find((known) => known === stage) ?? null;
}

/** The record with AWS's word on how it ended, or that it rolls back; null while that is told already. */
export function followStatus(
  deployment: Deployment,
  seen: AwsDeployment,
  newest: AwsDeployment,
  observation: Observation,
  now: number,
): Deployment | null {
  const endedAt = seen.finishedAt ?? now;
  const reason = seen.reasonSaid ?? seen.reason ?? reasonOf(deployment) ?? undefined;
  switch (seen.status) {
    case "SUCCESSFUL":
      return succeeded(deployment, seen, newest, observation, { endedAt, now });
    case "STOPPED":
      // CodeDeploy takes one deployment at a time: what began after the end of this one superseded nothing.
      if (newest.id !== seen.id && newest.createdAt <= (seen.finishedAt ?? Number.POSITIVE_INFINITY))
        return stopped(
          superseded(withoutGate(deployment, seen, now)),
          endedAt,
          seen.reason
            ? say("decision.supersededWhy", { why: seen.reasonSaid ?? seen.reason })
            : say("decision.superseded"),
        );
      return endedWithoutWayBack(deployment, seen, newest, observation, { endedAt, now });
    case "ROLLBACK_SUCCESSFUL":
      return rolledBack(
        {
          ...withFailedHook(withoutGate(deployment, seen, now), seen, endedAt),
          ...reasonMembers(reason ?? say("decision.awsRolledBack")),
        },
        endedAt,
      );
    case "ROLLBACK_FAILED":
      return rollbackFailed(
        withLeft(withFailedHook(withoutGate(deployment, seen, now), seen, endedAt), observation),
        reason ?? say("decision.awsNotRolledBack"),
        endedAt,
      );
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
      if (deployment.status === "ROLLBACK_IN_PROGRESS") return null;
      return withPlan(
        {
          ...withFailedHook(withoutGate(deployment, seen, now), seen, now),
          status: "ROLLBACK_IN_PROGRESS",
          ...reasonMembers(reasonOf(deployment) ?? reason ?? null),
        },
        { turnedAt: now },
      );
    default:
      return null;
  }
}

/** Stopped by somebody or failed, and nothing rolls it back: where traffic is, the rule says, which a later deployment may have moved. */
function endedWithoutWayBack(
  deployment: Deployment,
  seen: AwsDeployment,
  newest: AwsDeployment,
  observation: Observation,
  { endedAt, now }: { endedAt: number; now: number },
): Deployment {
  const known = withFailedHook(withoutGate(deployment, seen, now), seen, endedAt);
  const failed = known.aws && seen.isFailed ? { ...known, aws: { ...known.aws, isFailed: true as const } } : known;
  const told = newest.id === seen.id ? withLeft(failed, observation) : failed;
  const why =
    seen.reasonSaid ??
    seen.reason ??
    reasonOf(deployment) ??
    say(seen.isFailed ? "decision.awsFailed" : "decision.awsStopped");
  const { name, weights } = observation.traffic;
  const left = told.aws?.left;
  if (left === undefined) return stopped(told, endedAt, why);
  const where =
    left === "blue" || left === "green"
      ? say("decision.leftLive", { name, live: left })
      : say("decision.leftSplit", { name, ...weights });
  return stopped(told, endedAt, say("told.next", { first: why, second: where }));
}

/** With where traffic was left, where that is not where it was before. */
function withLeft(deployment: Deployment, { traffic: { live } }: Observation): Deployment {
  const { aws, from } = deployment;
  return aws && live !== from ? { ...deployment, aws: { ...aws, left: live } } : deployment;
}

/** AWS's word counts; where the rule, the targets or the tasks say otherwise, the record says so. */
function succeeded(
  deployment: Deployment,
  seen: AwsDeployment,
  newest: AwsDeployment,
  observation: Observation,
  { endedAt, now }: { endedAt: number; now: number },
): Deployment {
  const known = withoutGate(deployment, seen, now);
  const stages = known.stages.map((record) =>
    record.status === "SKIPPED" || record.status === "SUCCEEDED"
      ? record
      : { ...record, status: "SUCCEEDED" as const, startedAt: record.startedAt ?? endedAt, finishedAt: endedAt },
  );
  const what = successSaid(deployment, seen, newest, observation);
  // Somebody wanted it to end otherwise, and AWS was done before it was told.
  const why =
    deployment.status === "IN_PROGRESS"
      ? what
      : say("decision.awsDoneAlready", { asked: reasonOf(deployment) ?? say("decision.askedToEnd"), what });
  return { ...known, stages, stage: "CLEAN_UP", status: "SUCCESSFUL", finishedAt: endedAt, ...reasonMembers(why) };
}

function superseded(deployment: Deployment): Deployment {
  return deployment.aws ? { ...deployment, aws: { ...deployment.aws, isSuperseded: true } } : deployment;
}

/** The stage whose hook turned it round, with which one and its message; unchanged where no hook did. */
function withFailedHook(deployment: Deployment, seen: AwsDeployment, now: number): Deployment {
  const words = failedHookSaid(seen);
  const record = stageRecord(deployment, deployment.stage);
  if (words === null || record.status === "FAILED") return deployment;
  return withStage(deployment, deployment.stage, {
    status: "FAILED",
    startedAt: record.startedAt ?? now,
    finishedAt: now,
    detail: seen.reason ? say("told.why", { what: words, why: seen.reasonSaid ?? seen.reason }) : words,
  });
}

/** The record at AWS's stage, with the gate that waits there; null while it says so already. */
export function followStage(
  deployment: Deployment,
  seen: AwsDeployment,
  observation: Observation,
  now: number,
): Deployment | null {
  const { aws } = deployment;
  const stage = awsStage(seen.stage) ?? deployment.stage;
  if (!aws || deployment.status !== "IN_PROGRESS") return null;
  // What was answered here and is shown as open still is an old reading.
  const open = openGates(seen).filter((each) => !isAnswered(aws, each));
  const known = open.find(({ id }) => id === aws.gate?.id);
  const gate = known ?? open[0] ?? null;
  const status = gate ? "AWAITING_ACTION" : "IN_PROGRESS";
  const isGone = aws.gate !== null && (!known || isLaterGate(known, aws.gate));
  const passed = isGone ? withoutGate(deployment, seen, now) : deployment;
  const moved = withShift(stage === deployment.stage ? passed : enter(passed, stage, now), stage, observation, now);
  const record = stageRecord(moved, stage);
  // Each gate waits from when it is seen, also where a stage comes again with the next step.
  const isNew = gate !== null && (aws.gate === null || isGone);
  if (moved === deployment && record.status === status && !isNew && !isGone) return null;
  const told = withStage(moved, stage, {
    status,
    startedAt: isNew ? now : (record.startedAt ?? now),
    finishedAt: null,
    ...(record.status === status ? {} : { detail: gate ? say("decision.waitsPerson") : undefined }),
  });
  return {
    ...told,
    ...(seen.rollout ? { rollout: seen.rollout } : {}),
    aws: {
      ...reopened(told.aws ?? aws, gate?.id),
      gate: gate ? { id: gate.id, stage, expiresAt: gate.expiresAt, onExpiry: gate.onExpiry } : null,
    },
    ...(stage === "BAKE_TIME" && seen.bakeMinutes !== null && deployment.bakeUntil === null
      ? { bakeUntil: gate?.expiresAt ?? now + seen.bakeMinutes * 60_000 }
      : {}),
  };
}

/** A gate that is seen open has not ended, whatever a look before said. */
function reopened(aws: FollowedDeployment, id: string | undefined): FollowedDeployment {
  const { ended, ...rest } = aws;
  const left = ended?.filter((gate) => gate.id !== id) ?? [];
  return left.length > 0 ? { ...rest, ended: left } : rest;
}

/** Enters a stage: those before it are over. A shift in steps goes back to its pause before each of them. */
function enter(deployment: Deployment, stage: Stage, now: number): Deployment {
  const index = STAGES.indexOf(stage);
  return {
    ...deployment,
    stage,
    stages: deployment.stages.map((record) => {
      if (STAGES.indexOf(record.stage) >= index || record.status === "SKIPPED") return record;
      if (record.status === "SUCCEEDED") return record;
      return changedStage(record, {
        status: "SUCCEEDED",
        startedAt: record.startedAt ?? now,
        finishedAt: now,
        detail: endedDetail(deployment, record),
      });
    }),
  };
}

/** Of a stage that is over, only how its gate ended is still said. */
function endedDetail({ aws }: Deployment, { stage }: StageRecord): Told | undefined {
  const ended = aws?.ended?.findLast((gate) => gate.stage === stage);
  return ended && endedSaid(ended);
}

/** From the first look at which AWS moves production traffic, or the rule holds weight for the new side, the shift has begun. */
function withShift(deployment: Deployment, stage: Stage, { traffic }: Observation, now: number): Deployment {
  const { plan, to } = deployment;
  const isMoving = STAGES.indexOf(stage) >= STAGES.indexOf("PRODUCTION_TRAFFIC_SHIFT") || traffic.weights[to] > 0;
  if (!plan || !isMoving) return deployment;
  const sentAt = plan.shift?.sentAt ?? now;
  const isThere = traffic.live === to;
  const readBackMs = plan.shift?.readBackMs ?? (isThere ? Math.max(0, traffic.readAt - sentAt) : null);
  const isTold = plan.shift !== null && plan.shift.readBackMs === readBackMs;
  if (isTold) return deployment;
  const shifted = withPlan(deployment, {
    shift: { to, expected: plan.shift?.expected ?? traffic.weights, sentAt, readBackMs },
  });
  if (readBackMs === null || deployment.proof) return shifted;
  return { ...shifted, proof: noted({ ruleReadBackMs: readBackMs, proven: false }, say("proof.notYet")) };
}
