import type { Deployment, FailureEvidence } from "../deployment/deployment.ts";
import { stageRecord } from "../deployment/deployment-stage.ts";
import { failedContainerWords, findFailedContainer } from "../observation/failed-container.ts";
import type { Observation } from "../observation/observation.ts";
import { type HealthBounds, isLeaving } from "../observation/side-health.ts";
import { otherColor, type Revision, type Task } from "../observation/slot.ts";
import { joinTargets, targetNameOf } from "../observation/task-target.ts";
import { findSideBlockers } from "./switch-rules.ts";
import { deadTasks, deathThreshold, isOldSideDying } from "./task-deaths.ts";

/** ECS answers old readings for a moment after UpdateService. */
const SETTLE_MS = 10_000;
/** AWS's clock and ours may differ by this much. */
const CLOCK_SKEW_MS = 5_000;
const MAX_EVIDENCE_TASKS = 5;

/** Why a person cannot be asked to switch to the side yet; null when the switch would be taken. */
export function findNotReady(
  bounds: HealthBounds,
  observation: Observation,
  deployment: Deployment,
  revision: Revision,
): string | null {
  const slot = observation.slots[deployment.to];
  const notUp = findNotUp(bounds, observation, deployment, revision);
  if (notUp || slot.rollout?.state !== "IN_PROGRESS") return notUp;
  const leaving = slot.targets.filter(isLeaving).length;
  const draining =
    leaving > 0
      ? `: ${leaving} old ${leaving === 1 ? "target drains" : "targets drain"}, for up to ${slot.deregistrationDelaySeconds} s`
      : "";
  return `${slot.color} is healthy; waits until ECS has completed its rollout${draining}`;
}

/**
 * Why the revision is not up yet: all its tasks run, are targets, healthy and stable. What ran before need not be stable. Null
 * when it is up.
 */
export function findNotUp(
  bounds: HealthBounds,
  observation: Observation,
  deployment: Deployment,
  revision: Revision,
  isWayBack = deployment.kind === "ROLLBACK",
): string | null {
  const slot = observation.slots[deployment.to];
  const begun = stageRecord(deployment, "POST_SCALE_UP").startedAt ?? deployment.startedAt;
  if (observation.observedAt < begun) return `Waits for a look at ${slot.color} after its start`;
  if (slot.revision?.taskDefinition !== revision.taskDefinition) return `Waits for ECS to take the new revision`;
  const wanted = Math.max(1, slot.counts.desired);
  const isNew = (task: Task) => isRunning(task) && task.taskDefinition === revision.taskDefinition;
  const running = slot.tasks.filter(isNew);
  if (running.length < wanted) return `${running.length} of ${wanted} tasks of the new revision run on ${slot.color}`;
  const isOver = slot.rollout === null || slot.rollout.state === "COMPLETED";
  const old = slot.tasks.filter((task) => isRunning(task) && task.taskDefinition !== revision.taskDefinition).length;
  if (!isOver && old > 0) return `${old} tasks of the old revision still run on ${slot.color}`;
  // The old revision's targets may still be healthy beside new ones that are not registered yet.
  const { targetsOf } = joinTargets(running, slot.targets);
  const missing = running.find((task) => targetNameOf(task) !== null && targetsOf(task).length === 0);
  if (missing) return `Waits until task ${missing.id} is registered as a target of ${slot.color}`;
  const writtenAt = stageRecord(deployment, "SCALE_UP").finishedAt;
  const blockers = findSideBlockers({ application: bounds, observation }, slot.color, { writtenAt, isWayBack });
  // ECS calls a rollout complete some time after its tasks are all there and healthy: old targets drain first.
  return blockers.find((blocker) => blocker.code !== "STANDBY_ROLLING_OUT")?.message ?? null;
}

/** Why the new revision will not come up, in words with AWS's codes; null while it still may. */
export function findScaleUpFailure(
  observation: Observation,
  deployment: Deployment,
  revision: Revision,
  now: number,
): string | null {
  const slot = observation.slots[deployment.to];
  const begun = stageRecord(deployment, "POST_SCALE_UP").startedAt ?? deployment.startedAt;
  const dead = deadTasks(slot, revision, deathsCountFrom(deployment));
  const desired = Math.max(deployment.plan?.desired ?? 0, slot.counts.desired);
  const old = observation.slots[otherColor(deployment.to)];
  if (dead.length >= deathThreshold(desired) && !isOldSideDying(old, begun, dead.length, desired))
    return `${slot.color} did not come up: ${describeDeaths(dead)}`;
  const isLate = now - begun > SETTLE_MS && observation.observedAt - begun > SETTLE_MS;
  if (!isLate) return null;
  if (slot.rollout?.state === "FAILED")
    return `ECS's rollout of ${slot.color} failed${slot.rollout.reason ? `: ${slot.rollout.reason}` : ""}${dead.length > 0 ? `; ${describeDeaths(dead)}` : ""}`;
  if (slot.revision && slot.revision.taskDefinition !== revision.taskDefinition)
    return `${slot.color} runs another task definition than the one asked for (${slot.revision.taskDefinition})`;
  return null;
}

/** What is left to read after a failure: dead tasks, sick targets. Log lines are added by whoever can read them. */
export function failureEvidence(observation: Observation, deployment: Deployment): FailureEvidence {
  const slot = observation.slots[deployment.to];
  const dead = deployment.revision ? deadTasks(slot, deployment.revision, deathsCountFrom(deployment)) : [];
  return {
    tasks: dead.slice(0, MAX_EVIDENCE_TASKS).map((task) => ({
      id: task.id,
      stopCode: task.stopCode,
      stoppedReason: task.stoppedReason,
      containers: task.containers.map(({ name, exitCode, reason, essential }) => ({
        name,
        exitCode,
        reason,
        essential,
      })),
    })),
    targets: slot.targets
      .filter((target) => target.state !== "healthy" && !isLeaving(target))
      .map(({ id, state, reason, description }) => ({ id, state, reason, description })),
    lines: [],
  };
}

function describeDeaths(dead: readonly Task[]): string {
  const newest = dead[0];
  const failed = findFailedContainer(newest?.containers ?? []);
  const code = failed ? `, ${failedContainerWords([failed])}` : "";
  const detail = failed?.reason ?? newest?.containers.find((container) => container.reason)?.reason;
  return `${dead.length} tasks stopped, newest ${newest?.stopCode ?? "without a code"}${code} (${newest?.stoppedReason ?? "no reason given"}${detail ? `; ${detail}` : ""})`;
}

/** A revision that ran before may have died before, too: only a newly registered one has no past. */
function deathsCountFrom(deployment: Deployment): number {
  const { requested } = deployment.plan ?? { requested: null };
  if (requested && "image" in requested) return 0;
  return (stageRecord(deployment, "SCALE_UP").startedAt ?? deployment.startedAt) - CLOCK_SKEW_MS;
}

function isRunning(task: Task): boolean {
  return task.lastStatus === "RUNNING" && task.desiredStatus === "RUNNING";
}
