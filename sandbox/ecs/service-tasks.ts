import type { LaunchType } from "@aws-sdk/client-ecs";
import { outboxOf } from "./outbox.ts";
import { launchBackOffMs, taskLimits } from "./rolling-limits.ts";
import { eventText } from "./service-events.ts";
import { createTask, serviceTaskTags } from "./task-factory.ts";
import { type TaskCondition, taskCondition } from "./task-health.ts";
import type { TaskLifecycle } from "./task-lifecycle.ts";
import { findLaunchProblem } from "./task-needs.ts";
import type { Deployment, EcsWorld, Service, Task } from "./world.ts";

/** Moves the tasks of services of one deployment controller towards what is desired. */
export interface ServiceScheduler {
  /** One look at one service. False once nothing is left to wait for. */
  reconcile(service: Service): boolean;
}

/** What one look sees: live tasks (not told to stop) and what is wrong with them. */
export interface Look {
  live: Task[];
  conditions: Map<Task, TaskCondition>;
}

/** What every scheduler does with tasks of a service. */
export interface ServiceTasks {
  look(service: Service, tasks: Iterable<Task>): Look;
  stop(task: Task, reason: string): void;
  /** Stops unhealthy tasks: at once those that never were healthy, the others when a replacement may be running. */
  replaceUnhealthy(service: Service, seen: Look, desired: number): Look;
  /** Starts as many as are wanted and have room, unless starts failed lately. Answers how many are left to start. */
  startMissing(
    service: Service,
    deployment: Deployment,
    order: { wanted: number; room: number; launchType: LaunchType },
  ): number;
}

/** Tasks that are no use yet come first, then the newest: the order in which too many are stopped. */
export function worstFirst(conditions: Map<Task, TaskCondition>): (a: Task, b: Task) => number {
  const rank = (task: Task) => (conditions.get(task)?.kind === "healthy" ? 2 : task.lastStatus === "RUNNING" ? 1 : 0);
  return (a, b) => rank(a) - rank(b) || b.order - a.order;
}

/** The tasks of one world. */
export function createServiceTasks(world: EcsWorld, lifecycle: TaskLifecycle): ServiceTasks {
  const now = () => world.base.clock.now();

  const stop = (task: Task, reason: string) => {
    const outbox = outboxOf(task);
    if (outbox && task.lastStatus === "RUNNING") outbox.stoppedRunning.push(task.id);
    else if (outbox) outbox.stoppedPending += 1;
    lifecycle.stop(task, "ServiceSchedulerInitiated", reason);
  };

  const start = (service: Service, deployment: Deployment, count: number, launchType: LaunchType) => {
    for (let i = 0; i < count; i += 1) {
      const task = createTask(world, {
        cluster: service.cluster,
        definition: deployment.revision.taskDefinition,
        launchType,
        group: `service:${service.name}`,
        startedBy: deployment.id,
        service,
        deployment,
        enableExecuteCommand: service.settings.enableExecuteCommand,
        tags: serviceTaskTags(service, deployment),
      });
      outboxOf(task)?.started.push(task.id);
      lifecycle.launch(task);
    }
  };

  /** No task is made at all. Assumption: the circuit breaker counts it as a task that failed to start. */
  const failToLaunch = (service: Service, deployment: Deployment, problem: string) => {
    service.events.addOnce(eventText.failedToLaunch(service.name, problem));
    if (deployment.isWatched) deployment.failedTasks += 1;
    deployment.failedRounds += 1;
    deployment.retryAt = now() + Math.max(world.timings.schedulerTickMs, launchBackOffMs(deployment.failedRounds));
  };

  const complain = (service: Service, task: Task, condition: TaskCondition & { kind: "unhealthy" }) => {
    const { targetGroupArn, state } = condition;
    const text = targetGroupArn
      ? eventText.unhealthyTarget(
          service.name,
          task.id,
          task.port ?? 0,
          targetGroupArn,
          state?.description ?? "Health checks failed",
        )
      : eventText.unhealthyContainer(service.name, task.id);
    service.events.addOnce(text);
    task.complaint = text;
    return text;
  };

  return {
    stop,

    look(service, tasks) {
      const live = [...tasks].filter((task) => task.desiredStatus === "RUNNING");
      const conditions = new Map(live.map((task) => [task, taskCondition(world, task)]));
      for (const [task, { kind }] of conditions) {
        if (kind !== "healthy") continue;
        if (task.complaint !== undefined) service.events.resolve(task.complaint);
        task.complaint = undefined;
        if (task.hasBeenHealthy) continue;
        task.hasBeenHealthy = true;
        const breaker = service.settings.deploymentConfiguration.deploymentCircuitBreaker;
        if (task.deployment?.isWatched && breaker?.resetOnHealthyTask !== false) task.deployment.failedTasks = 0;
      }
      return { live, conditions };
    },

    replaceUnhealthy(service, { live, conditions }, desired) {
      const { maximum } = taskLimits(desired, service.settings.deploymentConfiguration);
      const healthyCount = live.filter((task) => conditions.get(task)?.kind === "healthy").length;
      const goodCount = live.filter((task) => conditions.get(task)?.kind !== "unhealthy").length;
      const stopped = new Set<Task>();
      for (const task of live) {
        const condition = conditions.get(task);
        if (condition?.kind !== "unhealthy") continue;
        const text = complain(service, task, condition);
        const isInTheWay = goodCount < desired && live.length >= maximum && stopped.size === 0;
        if (task.hasBeenHealthy && healthyCount < desired && !isInTheWay) continue;
        if (task.deployment?.isWatched && !task.hasBeenHealthy) task.deployment.failedTasks += 1;
        stopped.add(task);
        service.events.resolve(text);
        const { targetGroupArn } = condition;
        stop(
          task,
          targetGroupArn
            ? `Task failed ELB health checks in (target-group ${targetGroupArn})`
            : "Task failed container health checks",
        );
      }
      return { live: live.filter((task) => !stopped.has(task)), conditions };
    },

    startMissing(service, deployment, { wanted, room, launchType }) {
      if (wanted <= 0) return 0;
      if (now() < deployment.retryAt) {
        if (deployment.failedRounds > 1) service.events.addOnce(eventText.startImpaired(service.name));
        return wanted;
      }
      const count = Math.min(wanted, Math.max(0, room));
      const problem = findLaunchProblem(deployment.revision, world.ports);
      if (problem !== null && count > 0) {
        failToLaunch(service, deployment, problem);
        return wanted;
      }
      start(service, deployment, count, launchType);
      return wanted - count;
    },
  };
}
