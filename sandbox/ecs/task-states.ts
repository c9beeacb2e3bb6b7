import type { TaskStopCode } from "@aws-sdk/client-ecs";
import type { EcsWorld, Task, TaskStatus } from "./world.ts";

/* What every step of a task's life does to its state. */

/** A reset forgets tasks while their processes still die: what those report is about nothing any more. */
export function isKnown(world: EcsWorld, task: Task): boolean {
  return world.tasks.get(task.id) === task;
}

/** Changes the task's status and tells the event of it. */
export function enter(world: EcsWorld, task: Task, status: TaskStatus): void {
  task.lastStatus = status;
  task.version += 1;
  if (task.service) world.unsettled.add(task.service);
  world.ports.tell?.({
    type: "ECS Task State Change",
    resources: [task.arn],
    detail: {
      ...{ clusterArn: task.cluster.arn, taskArn: task.arn, group: task.group, lastStatus: status },
      ...{ desiredStatus: task.desiredStatus, version: task.version },
    },
  });
}

/** Continues after `ms`, unless the task has been told to stop by then. */
export function later({ agenda }: EcsWorld, task: Task, ms: number, go: () => void): void {
  agenda.after(ms, () => {
    if (task.desiredStatus === "RUNNING") go();
  });
}

/** The task is to stop, and why. */
export function markStopped({ base }: EcsWorld, task: Task, stopCode: TaskStopCode, reason: string): void {
  task.desiredStatus = "STOPPED";
  task.stopCode = stopCode;
  task.stoppedReason = reason;
  task.stoppingAt = base.clock.now();
}

/** A failure counts for the circuit breaker of a deployment that it watches, until the task has been healthy once. */
export function countFailure({ base }: EcsWorld, task: Task): void {
  if (!task.deployment?.isWatched || task.hasBeenHealthy) return;
  task.deployment.failedTasks += 1;
  task.deployment.updatedAt = base.clock.now();
}
