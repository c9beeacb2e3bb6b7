import type { Task } from "./world.ts";

const PENDING_STATUSES = new Set(["PROVISIONING", "PENDING", "ACTIVATING"]);

/** AWS counts tasks in RUNNING, and those on their way there; a draining task is neither. */
export function countTasks(tasks: Iterable<Task>): { running: number; pending: number; live: number } {
  const counts = { running: 0, pending: 0, live: 0 };
  for (const task of tasks) {
    if (task.lastStatus === "RUNNING") counts.running += 1;
    if (task.desiredStatus !== "RUNNING") continue;
    counts.live += 1;
    if (PENDING_STATUSES.has(task.lastStatus)) counts.pending += 1;
  }
  return counts;
}
