import type { Revision, Slot, Task } from "../observation/slot.ts";

const LEAST_DEATHS = 3;
const MOST_DEATHS = 200;
const SHARE_OF_DESIRED = 0.5;

/** How many deaths of its tasks give a side up: half of its desired count, 3 to 200, as ECS's deployment circuit breaker has it. */
export function deathThreshold(desired: number): number {
  return Math.min(MOST_DEATHS, Math.max(LEAST_DEATHS, Math.ceil(desired * SHARE_OF_DESIRED)));
}

/** Tasks of the revision that were created since then and ended by themselves or by a failed health check, newest first. */
export function deadTasks(slot: Pick<Slot, "tasks">, revision: Revision, createdSince: number): Task[] {
  return slot.tasks.filter(
    (task) =>
      (task.createdAt === null || task.createdAt >= createdSince) &&
      task.taskDefinition === revision.taskDefinition &&
      isTaskDeath(task),
  );
}

/** Whether the old side lost as large a part of its tasks since then (epoch ms): what kills both is not the new revision's fault. */
export function isOldSideDying(
  old: Pick<Slot, "tasks" | "counts">,
  since: number,
  dead: number,
  desired: number,
): boolean {
  const oldDead = old.tasks.filter(
    (task) => isTaskDeath(task) && task.stoppedAt !== null && task.stoppedAt >= since,
  ).length;
  return oldDead > 0 && oldDead * Math.max(1, desired) >= dead * Math.max(1, old.counts.desired);
}

/** Whether it ended by itself or by a failed health check, as nobody asked it to. */
export function isTaskDeath(task: Task): boolean {
  return (
    task.stopCode === "EssentialContainerExited" ||
    task.stopCode === "TaskFailedToStart" ||
    /^Task failed (ELB|container) health checks/.test(task.stoppedReason ?? "")
  );
}
