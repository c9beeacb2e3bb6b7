import type { TaskStopCode } from "@aws-sdk/client-ecs";
import type { ImageBehaviour } from "../service.ts";
import { closePorts, openPorts, placeOnInstance, targetOf } from "./container-instances.ts";
import { servedLoadBalancers } from "./look-ups.ts";
import { outboxOf } from "./outbox.ts";
import { launchBackOffMs } from "./rolling-limits.ts";
import { containerPortOf, environmentOf, logDestination, mainContainer, pullImages } from "./task-container.ts";
import { findSecretsProblem } from "./task-needs.ts";
import type { TaskRunner } from "./task-runtime.ts";
import type { EcsWorld, Task, TaskStatus } from "./world.ts";

/** How long a task rests in DEACTIVATING or STOPPING when there is nothing to wait for. */
const BRIEF_MS = 100;
/** How often a draining target is looked at. */
const DRAIN_POLL_MS = 500;

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
export function createTaskLifecycle(
  world: EcsWorld,
  runners: { process: TaskRunner; virtual: TaskRunner },
): TaskLifecycle {
  const { agenda, timings, ports } = world;
  const { clock } = world.base;

  /** A reset forgets tasks while their processes still die: what those report is about nothing any more. */
  const isKnown = (task: Task) => world.tasks.get(task.id) === task;

  const changed = (task: Task) => {
    task.version += 1;
    if (task.service) world.unsettled.add(task.service);
  };
  const enter = (task: Task, status: TaskStatus) => {
    task.lastStatus = status;
    changed(task);
    ports.tell?.({
      type: "ECS Task State Change",
      resources: [task.arn],
      detail: {
        ...{ clusterArn: task.cluster.arn, taskArn: task.arn, group: task.group, lastStatus: status },
        ...{ desiredStatus: task.desiredStatus, version: task.version },
      },
    });
  };
  /** Continues after `ms`, unless the task has been told to stop by then. */
  const later = (task: Task, ms: number, fn: () => void) =>
    agenda.after(ms, () => {
      if (task.desiredStatus === "RUNNING") fn();
    });

  const countFailure = (task: Task) => {
    if (!task.deployment?.isWatched || task.hasBeenHealthy) return;
    task.deployment.failedTasks += 1;
    task.deployment.updatedAt = clock.now();
  };

  const markStopped = (task: Task, stopCode: TaskStopCode, reason: string) => {
    task.desiredStatus = "STOPPED";
    task.stopCode = stopCode;
    task.stoppedReason = reason;
    task.stoppingAt = clock.now();
  };

  const deregister = (task: Task) => {
    const outbox = outboxOf(task);
    for (const group of task.targetGroups) {
      ports.targets.deregister(group, targetOf(world, task, group));
      outbox?.deregistered.set(group, (outbox.deregistered.get(group) ?? 0) + 1);
    }
    if (!outbox || !task.deployment || task.targetGroups.length === 0) return;
    outbox.draining.set(task.deployment.id, (outbox.draining.get(task.deployment.id) ?? 0) + 1);
  };

  const deprovision = (task: Task) => {
    closePorts(world, task);
    enter(task, "DEPROVISIONING");
    agenda.after(timings.deprovisioningMs, () => {
      if (!isKnown(task)) return;
      task.stoppedAt = clock.now();
      enter(task, "STOPPED");
      task.service?.tasks.delete(task);
      task.deployment?.tasks.delete(task);
      agenda.after(timings.stoppedRetentionMs, () => {
        world.tasks.delete(task.id);
        task.cluster.tasks.delete(task);
      });
    });
  };

  const terminate = (task: Task) => {
    if (!task.runtime) return;
    enter(task, "STOPPING");
    task.runtime.terminate();
    agenda.after((mainContainer(task).stopTimeout ?? 30) * 1000, () => task.runtime?.kill());
  };

  const isDrained = (task: Task) =>
    task.targetGroups.every((group) => {
      const state = ports.targets.targetState(group, targetOf(world, task, group));
      return state === null || state.state === "unused";
    });

  const waitForDrain = (task: Task) => {
    agenda.after(task.targetGroups.length === 0 ? BRIEF_MS : DRAIN_POLL_MS, () => {
      if (task.lastStatus !== "DEACTIVATING" || !isKnown(task)) return;
      if (isDrained(task)) terminate(task);
      else waitForDrain(task);
    });
  };

  const failToStart = (task: Task, reason: string) => {
    markStopped(task, "TaskFailedToStart", reason);
    task.containerReason = reason;
    countFailure(task);
    const { deployment } = task;
    // Tasks of one round fail at about the same moment: the round counts once.
    if (deployment && clock.now() > deployment.retryAt) {
      deployment.failedRounds += 1;
      deployment.retryAt = clock.now() + Math.max(timings.schedulerTickMs, launchBackOffMs(deployment.failedRounds));
    }
    deprovision(task);
  };

  const exited = (task: Task, exitCode: number, isKilledBySandbox: boolean) => {
    task.runtime = undefined;
    if (!isKnown(task)) return;
    task.exitCode = exitCode;
    task.executionStoppedAt = clock.now();
    const wasAsked = task.desiredStatus === "STOPPED";
    if (isKilledBySandbox && !wasAsked) task.containerReason = "OutOfMemoryError: Container killed due to memory usage";
    if (wasAsked) {
      if (task.lastStatus !== "DEPROVISIONING") deprovision(task);
      return;
    }
    countFailure(task);
    markStopped(task, "EssentialContainerExited", "Essential container in task exited");
    enter(task, "DEACTIVATING");
    deregister(task);
    agenda.after(BRIEF_MS, () => {
      enter(task, "STOPPING");
      agenda.after(BRIEF_MS, () => deprovision(task));
    });
  };

  const register = (task: Task) => {
    const loadBalancers = task.deployment ? servedLoadBalancers(task.deployment.revision) : [];
    for (const { targetGroupArn } of loadBalancers) {
      if (!targetGroupArn) continue;
      ports.targets.register(targetGroupArn, targetOf(world, task, targetGroupArn));
      task.targetGroups = [...task.targetGroups, targetGroupArn];
      const registered = outboxOf(task)?.registered;
      registered?.set(targetGroupArn, (registered.get(targetGroupArn) ?? 0) + 1);
    }
  };

  const listening = (task: Task, address: string, port: number) => {
    if (!isKnown(task) || task.desiredStatus !== "RUNNING") return;
    task.address = address;
    task.port = port;
    openPorts(world, task);
    enter(task, "ACTIVATING");
    // With several target groups ECS registers before RUNNING, with one at it.
    const isEarly = (task.deployment?.revision.loadBalancers.length ?? 0) > 1;
    if (isEarly) register(task);
    later(task, timings.activatingMs, () => {
      task.startedAt = clock.now();
      if (task.deployment) {
        task.deployment.failedRounds = 0;
        task.deployment.retryAt = 0;
      }
      enter(task, "RUNNING");
      if (!isEarly) register(task);
    });
  };

  const start = (task: Task, behaviour: ImageBehaviour) => {
    const destination = logDestination(task);
    const runner = task.definition.isVirtual ? runners.virtual : runners.process;
    task.runtime = runner.start(
      { taskId: task.id, behaviour, environment: environmentOf(task), containerPort: containerPortOf(task) },
      {
        listening: (address, port) => listening(task, address, port),
        exited: (code, isKilledBySandbox) => exited(task, code, isKilledBySandbox),
        failed(reason) {
          task.runtime = undefined;
          if (isKnown(task) && task.desiredStatus === "RUNNING") failToStart(task, reason);
        },
        lines(lines) {
          const timestamp = clock.now();
          if (destination && isKnown(task))
            ports.logs.write(
              destination.group,
              destination.stream,
              lines.map((message) => ({ timestamp, message })),
              destination.region,
            );
        },
        healthChanged(status) {
          task.reportedHealth = status;
          task.reportedHealthSince = clock.now();
        },
      },
    );
  };

  const pull = (task: Task) => {
    const secrets = findSecretsProblem(task, ports);
    if (secrets !== null) return failToStart(task, secrets);
    const { problem, behaviour } = pullImages(task, ports.images);
    if (problem !== undefined)
      return failToStart(task, `CannotPullContainerError: pull image manifest has been retried 1 time(s): ${problem}`);
    task.pullStoppedAt = clock.now();
    if (behaviour) start(task, behaviour);
  };

  return {
    launch(task) {
      placeOnInstance(world, task);
      later(task, timings.provisioningMs, () => {
        task.connectivityAt = clock.now();
        task.pullStartedAt = clock.now();
        enter(task, "PENDING");
        later(task, timings.pullMs, () => pull(task));
      });
    },
    stop(task, stopCode, reason) {
      if (task.desiredStatus === "STOPPED") return;
      markStopped(task, stopCode, reason);
      if (!task.runtime) return deprovision(task);
      enter(task, "DEACTIVATING");
      deregister(task);
      waitForDrain(task);
    },
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
