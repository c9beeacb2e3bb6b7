import type { TaskStopCode } from "@aws-sdk/client-ecs";
import { stopTask } from "./task-end.ts";
import { launchTask, type TaskRunners } from "./task-start.ts";
import type { EcsWorld, Task } from "./world.ts";

/** Moves tasks through ECS's states. */
export interface TaskLifecycle {
  /** Takes a new task from PROVISIONING on. */
  launch(task: Task): void;
  /** Ends a task in AWS's order: deregister, drain, SIGTERM, SIGKILL after stopTimeout. Once is enough; again does nothing. */
  stop(task: Task, stopCode: TaskStopCode, reason: string): void;
  /** The main container's process dies at once. False when it is not running. */
  kill(task: Task): boolean;
  /** False when nothing runs that could answer so. */
  setHealth(task: Task, status: number | "hang"): Promise<boolean>;
}

/** The lifecycle over one world; virtual tasks and processes differ only in their runner. */
export function createTaskLifecycle(world: EcsWorld, runners: TaskRunners): TaskLifecycle {
  return {
    launch: (task) => launchTask(world, runners, task),
    stop: (task, stopCode, reason) => stopTask(world, task, stopCode, reason),
    kill(task) {
      const { runtime } = task;
      runtime?.kill();
      return runtime !== undefined;
    },
    async setHealth(task, status) {
      if (!task.runtime || task.address === undefined) return false;
      await task.runtime.setHealth(status);
      return true;
    },
  };
}
