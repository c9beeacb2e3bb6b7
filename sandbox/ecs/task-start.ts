import type { ImageBehaviour } from "../service.ts";
import { openPorts, placeOnInstance, targetOf } from "./container-instances.ts";
import { servedLoadBalancers } from "./look-ups.ts";
import { outboxOf } from "./outbox.ts";
import { containerPortOf, environmentOf, logDestination, pullImages } from "./task-container.ts";
import { exited, failToStart } from "./task-end.ts";
import { findSecretsProblem } from "./task-needs.ts";
import type { TaskRunner } from "./task-runtime.ts";
import { enter, isKnown, later } from "./task-states.ts";
import type { EcsWorld, Task } from "./world.ts";

/* How a task comes up: from PROVISIONING to RUNNING and its target groups. */

/** What runs the processes of tasks, and what only acts as if. */
export interface TaskRunners {
  process: TaskRunner;
  virtual: TaskRunner;
}

/** Takes a new task from PROVISIONING on. */
export function launchTask(world: EcsWorld, runners: TaskRunners, task: Task): void {
  const { timings, base } = world;
  placeOnInstance(world, task);
  later(world, task, timings.provisioningMs, () => {
    task.connectivityAt = base.clock.now();
    task.pullStartedAt = base.clock.now();
    enter(world, task, "PENDING");
    later(world, task, timings.pullMs, () => pull(world, runners, task));
  });
}

function pull(world: EcsWorld, runners: TaskRunners, task: Task): void {
  const { ports, base } = world;
  const secrets = findSecretsProblem(task, ports);
  const { problem, behaviour } = secrets === null ? pullImages(task, ports.images) : {};
  const reason =
    secrets ?? (problem && `CannotPullContainerError: pull image manifest has been retried 1 time(s): ${problem}`);
  if (reason) failToStart(world, task, reason);
  else {
    task.pullStoppedAt = base.clock.now();
    if (behaviour) start(world, runners, task, behaviour);
  }
}

function start(world: EcsWorld, runners: TaskRunners, task: Task, behaviour: ImageBehaviour): void {
  const { base, ports } = world;
  const destination = logDestination(task);
  const runner = task.definition.isVirtual ? runners.virtual : runners.process;
  task.runtime = runner.start(
    { taskId: task.id, behaviour, environment: environmentOf(task), containerPort: containerPortOf(task) },
    {
      listening: (address, port) => listening(world, task, address, port),
      exited: (code, isKilledBySandbox) => exited(world, task, code, isKilledBySandbox),
      failed(reason) {
        task.runtime = undefined;
        if (isKnown(world, task) && task.desiredStatus === "RUNNING") failToStart(world, task, reason);
      },
      lines(lines) {
        if (!destination || !isKnown(world, task)) return;
        const { group, stream, region } = destination;
        const timestamp = base.clock.now();
        const events = lines.map((message) => ({ timestamp, message }));
        ports.logs.write(group, stream, events, region);
      },
      healthChanged(status) {
        task.reportedHealth = status;
        task.reportedHealthSince = base.clock.now();
      },
    },
  );
}

function listening(world: EcsWorld, task: Task, address: string, port: number): void {
  if (!isKnown(world, task) || task.desiredStatus !== "RUNNING") return;
  task.address = address;
  task.port = port;
  openPorts(world, task);
  enter(world, task, "ACTIVATING");
  // With several target groups ECS registers before RUNNING, with one at it.
  const isEarly = (task.deployment?.revision.loadBalancers.length ?? 0) > 1;
  if (isEarly) register(world, task);
  later(world, task, world.timings.activatingMs, () => {
    task.startedAt = world.base.clock.now();
    if (task.deployment) {
      task.deployment.failedRounds = 0;
      task.deployment.retryAt = 0;
    }
    enter(world, task, "RUNNING");
    if (!isEarly) register(world, task);
  });
}

function register(world: EcsWorld, task: Task): void {
  const loadBalancers = task.deployment ? servedLoadBalancers(task.deployment.revision) : [];
  for (const { targetGroupArn } of loadBalancers) {
    if (!targetGroupArn) continue;
    world.ports.targets.register(targetGroupArn, targetOf(world, task, targetGroupArn));
    task.targetGroups = [...task.targetGroups, targetGroupArn];
    const registered = outboxOf(task)?.registered;
    registered?.set(targetGroupArn, (registered.get(targetGroupArn) ?? 0) + 1);
  }
}
