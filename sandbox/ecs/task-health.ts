import type { HealthStatus } from "@aws-sdk/client-ecs";
import type { TargetState } from "../service.ts";
import { targetOf } from "./container-instances.ts";
import { mainContainer } from "./task-container.ts";
import type { EcsWorld, Task } from "./world.ts";

/** What the scheduler makes of a task. */
export type TaskCondition =
  | { kind: "starting" | "healthy" }
  | { kind: "unhealthy"; targetGroupArn?: string; state?: TargetState };

/** The container health check's verdict; UNKNOWN without one, as ECS ignores the image's own. */
export function containerHealth(world: EcsWorld, task: Task): HealthStatus {
  const check = mainContainer(task).healthCheck;
  if (!check || task.startedAt === undefined) return "UNKNOWN";
  const now = world.base.clock.now();
  const intervalMs = (check.interval ?? 30) * 1000;
  const since = Math.max(task.startedAt, task.reportedHealthSince);
  if (task.reportedHealth === 200)
    return now >= since + intervalMs ? "HEALTHY" : task.hasBeenHealthy ? "HEALTHY" : "UNKNOWN";
  const graceMs = (check.startPeriod ?? 0) * 1000 + (check.retries ?? 3) * intervalMs;
  return now >= since + graceMs ? "UNHEALTHY" : "UNKNOWN";
}

/**
 * Health as the service scheduler judges it: target groups and container check, neither counting against the task
 * within the grace period. Without any check a task is good once it has run for two scheduler ticks.
 */
export function taskCondition(world: EcsWorld, task: Task): TaskCondition {
  if (task.lastStatus !== "RUNNING" || task.startedAt === undefined) return { kind: "starting" };
  const now = world.base.clock.now();
  const graceMs = (task.service?.settings.healthCheckGracePeriodSeconds ?? 0) * 1000;
  const isInGrace = now < task.startedAt + graceMs;
  const health = containerHealth(world, task);
  if (health === "UNHEALTHY") return isInGrace ? { kind: "starting" } : { kind: "unhealthy" };

  let allHealthy = true;
  for (const targetGroupArn of task.targetGroups) {
    const state = world.ports.targets.targetState(targetGroupArn, targetOf(world, task, targetGroupArn));
    if (state?.state === "unhealthy") {
      if (!isInGrace) return { kind: "unhealthy", targetGroupArn, state };
    }
    if (state?.state !== "healthy" && state?.state !== "unavailable") allHealthy = false;
  }
  if (!allHealthy) return { kind: "starting" };
  if (mainContainer(task).healthCheck) return { kind: health === "HEALTHY" ? "healthy" : "starting" };
  if (task.targetGroups.length > 0) return { kind: "healthy" };
  return { kind: now >= task.startedAt + 2 * world.timings.schedulerTickMs ? "healthy" : "starting" };
}
