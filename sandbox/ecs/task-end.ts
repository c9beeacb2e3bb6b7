import type { TaskStopCode } from "@aws-sdk/client-ecs";
import { closePorts, targetOf } from "./container-instances.ts";
import { outboxOf } from "./outbox.ts";
import { launchBackOffMs } from "./rolling-limits.ts";
import { mainContainer } from "./task-container.ts";
import { countFailure, enter, isKnown, markStopped } from "./task-states.ts";
import type { EcsWorld, Task } from "./world.ts";

/* How a task ends: by somebody's word, by itself, or before it ever ran. */

/** How long a task rests in DEACTIVATING or STOPPING when there is nothing to wait for. */
const BRIEF_MS = 100;
/** How often a draining target is looked at. */
const DRAIN_POLL_MS = 500;

/** Ends a task in AWS's order: deregister, drain, SIGTERM, SIGKILL after stopTimeout. Again does nothing. */
export function stopTask(world: EcsWorld, task: Task, stopCode: TaskStopCode, reason: string): void {
  if (task.desiredStatus === "STOPPED") return;
  markStopped(world, task, stopCode, reason);
  if (!task.runtime) {
    deprovision(world, task);
    return;
  }
  enter(world, task, "DEACTIVATING");
  deregister(world, task);
  waitForDrain(world, task);
}

/** The task never ran: its deployment waits longer before each further round. */
export function failToStart(world: EcsWorld, task: Task, reason: string): void {
  const { timings, base } = world;
  markStopped(world, task, "TaskFailedToStart", reason);
  task.containerReason = reason;
  countFailure(world, task);
  const { deployment } = task;
  const now = base.clock.now();
  // Tasks of one round fail at about the same moment: the round counts once.
  if (deployment && now > deployment.retryAt) {
    deployment.failedRounds += 1;
    deployment.retryAt = now + Math.max(timings.schedulerTickMs, launchBackOffMs(deployment.failedRounds));
  }
  deprovision(world, task);
}

/** The main container's process is gone, asked or not. */
export function exited(world: EcsWorld, task: Task, exitCode: number, isKilledBySandbox: boolean): void {
  const { agenda, base } = world;
  task.runtime = undefined;
  if (!isKnown(world, task)) return;
  task.exitCode = exitCode;
  task.executionStoppedAt = base.clock.now();
  const wasAsked = task.desiredStatus === "STOPPED";
  if (isKilledBySandbox && !wasAsked) task.containerReason = "OutOfMemoryError: Container killed due to memory usage";
  if (wasAsked) {
    if (task.lastStatus !== "DEPROVISIONING") deprovision(world, task);
    return;
  }
  countFailure(world, task);
  markStopped(world, task, "EssentialContainerExited", "Essential container in task exited");
  enter(world, task, "DEACTIVATING");
  deregister(world, task);
  agenda.after(BRIEF_MS, () => {
    enter(world, task, "STOPPING");
    agenda.after(BRIEF_MS, () => deprovision(world, task));
  });
}

function deregister(world: EcsWorld, task: Task): void {
  const outbox = outboxOf(task);
  for (const group of task.targetGroups) {
    world.ports.targets.deregister(group, targetOf(world, task, group));
    outbox?.deregistered.set(group, (outbox.deregistered.get(group) ?? 0) + 1);
  }
  if (!outbox || !task.deployment || task.targetGroups.length === 0) return;
  outbox.draining.set(task.deployment.id, (outbox.draining.get(task.deployment.id) ?? 0) + 1);
}

function waitForDrain(world: EcsWorld, task: Task): void {
  world.agenda.after(task.targetGroups.length === 0 ? BRIEF_MS : DRAIN_POLL_MS, () => {
    if (task.lastStatus !== "DEACTIVATING" || !isKnown(world, task)) return;
    if (isDrained(world, task)) terminate(world, task);
    else waitForDrain(world, task);
  });
}

function isDrained(world: EcsWorld, task: Task): boolean {
  return task.targetGroups.every((group) => {
    const state = world.ports.targets.targetState(group, targetOf(world, task, group));
    return state === null || state.state === "unused";
  });
}

function terminate(world: EcsWorld, task: Task): void {
  if (!task.runtime) return;
  enter(world, task, "STOPPING");
  task.runtime.terminate();
  world.agenda.after((mainContainer(task).stopTimeout ?? 30) * 1000, () => task.runtime?.kill());
}

function deprovision(world: EcsWorld, task: Task): void {
  const { agenda, timings, base } = world;
  closePorts(world, task);
  enter(world, task, "DEPROVISIONING");
  agenda.after(timings.deprovisioningMs, () => {
    if (!isKnown(world, task)) return;
    task.stoppedAt = base.clock.now();
    enter(world, task, "STOPPED");
    task.service?.tasks.delete(task);
    task.deployment?.tasks.delete(task);
    agenda.after(timings.stoppedRetentionMs, () => {
      world.tasks.delete(task.id);
      task.cluster.tasks.delete(task);
    });
  });
}
