import { completeDeployment, primaryOf, tripCircuitBreaker } from "./deployments.ts";
import { circuitBreakerThreshold, taskLimits } from "./rolling-limits.ts";
import { eventText } from "./service-events.ts";
import { createTask, serviceTaskTags } from "./task-factory.ts";
import { type TaskCondition, taskCondition } from "./task-health.ts";
import type { TaskLifecycle } from "./task-lifecycle.ts";
import type { Deployment, EcsWorld, Service, Task } from "./world.ts";

/** Moves the tasks of services of one deployment controller towards what is desired. */
export interface ServiceScheduler {
  /** One look at one service. False once nothing is left to wait for. */
  reconcile(service: Service): boolean;
}

/** What one look sees: live tasks (not told to stop) and what is wrong with them. */
interface Look {
  live: Task[];
  conditions: Map<Task, TaskCondition>;
}

/** ECS's rolling update: starts what is missing, stops what is too many, within minimum and maximum percent. */
export function createRollingScheduler(world: EcsWorld, lifecycle: TaskLifecycle): ServiceScheduler {
  const now = () => world.base.clock.now();

  const stop = (service: Service, task: Task, reason: string) => {
    if (task.lastStatus === "RUNNING") service.outbox.stoppedRunning.push(task.id);
    else service.outbox.stoppedPending += 1;
    lifecycle.stop(task, "ServiceSchedulerInitiated", reason);
  };

  const start = (service: Service, deployment: Deployment, count: number) => {
    for (let i = 0; i < count; i += 1) {
      const task = createTask(world, {
        cluster: service.cluster,
        definition: deployment.revision.taskDefinition,
        launchType: service.settings.launchType,
        group: `service:${service.name}`,
        startedBy: deployment.id,
        service,
        deployment,
        enableExecuteCommand: service.settings.enableExecuteCommand,
        tags: serviceTaskTags(service, deployment),
      });
      service.outbox.started.push(task.id);
      lifecycle.launch(task);
    }
  };

  const look = (service: Service): Look => {
    const live = [...service.tasks].filter((task) => task.desiredStatus === "RUNNING");
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
  };

  /** Stops unhealthy tasks: at once those that never were healthy, the others when a replacement may be running. */
  const replaceUnhealthy = (service: Service, { live, conditions }: Look): Look => {
    const { maximum } = taskLimits(service.desiredCount, service.settings.deploymentConfiguration);
    const healthyCount = live.filter((task) => conditions.get(task)?.kind === "healthy").length;
    const goodCount = live.filter((task) => conditions.get(task)?.kind !== "unhealthy").length;
    const stopped = new Set<Task>();
    for (const task of live) {
      const condition = conditions.get(task);
      if (condition?.kind !== "unhealthy") continue;
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
      const isInTheWay = goodCount < service.desiredCount && live.length >= maximum && stopped.size === 0;
      if (task.hasBeenHealthy && healthyCount < service.desiredCount && !isInTheWay) continue;
      if (task.deployment?.isWatched && !task.hasBeenHealthy) task.deployment.failedTasks += 1;
      stopped.add(task);
      service.events.resolve(text);
      stop(
        service,
        task,
        targetGroupArn
          ? `Task failed ELB health checks in (target-group ${targetGroupArn})`
          : "Task failed container health checks",
      );
    }
    return { live: live.filter((task) => !stopped.has(task)), conditions };
  };

  const startMissing = (service: Service, primary: Deployment, { live, conditions }: Look): number => {
    if (primary.rolloutState === "FAILED") return 0;
    const good = live.filter(
      (task) => task.deployment === primary && conditions.get(task)?.kind !== "unhealthy",
    ).length;
    const { maximum } = taskLimits(service.desiredCount, service.settings.deploymentConfiguration);
    const wanted = service.desiredCount - good;
    if (wanted <= 0) return 0;
    if (now() < primary.retryAt) {
      if (primary.failedRounds > 1) service.events.addOnce(eventText.startImpaired(service.name));
      return wanted;
    }
    start(service, primary, Math.min(wanted, Math.max(0, maximum - live.length)));
    return wanted - Math.min(wanted, Math.max(0, maximum - live.length));
  };

  const stopSurplus = (service: Service, primary: Deployment, { live, conditions }: Look, unstarted: number) => {
    const reason = `Scaling activity initiated by (deployment ${primary.id})`;
    const isHealthy = (task: Task) => conditions.get(task)?.kind === "healthy";
    const rank = (task: Task) => (isHealthy(task) ? 2 : task.lastStatus === "RUNNING" ? 1 : 0);
    const worstFirst = (a: Task, b: Task) => rank(a) - rank(b) || b.order - a.order;

    const current = live.filter((task) => task.deployment === primary).sort(worstFirst);
    // An unhealthy task whose replacement is on its way is no surplus: the replacement decides when it goes.
    const extra =
      current.length -
      service.desiredCount -
      current.filter((task) => conditions.get(task)?.kind === "unhealthy").length;
    for (const task of current.slice(0, Math.max(0, extra))) stop(service, task, reason);
    if (primary.rolloutState === "FAILED") return;

    // Healthy old tasks go as new ones take their place; below the desired count only to make room for new ones.
    const limits = taskLimits(service.desiredCount, service.settings.deploymentConfiguration);
    const needsRoom = unstarted > 0 && now() >= primary.retryAt && live.length >= limits.maximum;
    const floor = needsRoom ? Math.min(limits.minimum, service.desiredCount) : service.desiredCount;
    let healthy = live.filter(isHealthy).length;
    let room = needsRoom ? unstarted : Number.POSITIVE_INFINITY;
    for (const task of live.filter((one) => one.deployment !== primary).sort(worstFirst)) {
      if (isHealthy(task) ? healthy <= floor : !needsRoom && healthy < service.desiredCount) continue;
      if (room <= 0) break;
      if (isHealthy(task)) healthy -= 1;
      room -= 1;
      stop(service, task, reason);
    }
  };

  const dropFinished = (service: Service, primary: Deployment) => {
    service.deployments = service.deployments.filter((one) => {
      if (one === primary) return true;
      for (const task of one.tasks)
        if (task.desiredStatus === "RUNNING" || task.lastStatus === "DEACTIVATING") return true;
      one.status = "INACTIVE";
      return false;
    });
  };

  const settle = (service: Service, primary: Deployment): boolean => {
    dropFinished(service, primary);
    const live = [...service.tasks].filter((task) => task.desiredStatus === "RUNNING");
    const isSettled =
      live.length === service.desiredCount &&
      live.every((task) => task.deployment === primary && taskCondition(world, task).kind === "healthy") &&
      service.deployments.length === 1;
    if (!isSettled || primary.rolloutState === "FAILED") {
      if (!isSettled) service.isSteady = false;
      return primary.rolloutState === "FAILED";
    }
    if (primary.rolloutState === "IN_PROGRESS") completeDeployment(world, service);
    if (!service.isSteady) {
      service.isSteady = true;
      service.events.resolve(eventText.startImpaired(service.name));
      service.events.add(eventText.steady(service.name));
    }
    return true;
  };

  const windDown = (service: Service): boolean => {
    for (const task of service.tasks)
      if (task.desiredStatus === "RUNNING")
        stop(service, task, `Scaling activity initiated by (deployment ${primaryOf(service).id})`);
    flushOutbox(service);
    if (service.tasks.size === 0) service.status = "INACTIVE";
    return service.tasks.size === 0;
  };

  return {
    reconcile(service) {
      if (service.status !== "ACTIVE") return windDown(service);
      const primary = primaryOf(service);
      const seen = replaceUnhealthy(service, look(service));
      const configuration = service.settings.deploymentConfiguration;
      const isTripped =
        primary.isWatched &&
        configuration.deploymentCircuitBreaker?.enable === true &&
        primary.failedTasks >= circuitBreakerThreshold(service.desiredCount, configuration);
      if (isTripped) {
        flushOutbox(service);
        tripCircuitBreaker(world, service);
      }
      const target = primaryOf(service);
      const unstarted = startMissing(service, target, seen);
      stopSurplus(service, target, seen, unstarted);
      flushOutbox(service);
      return settle(service, target);
    },
  };
}

/** Speaks of what happened since the last look, one event per kind, in the order AWS does. */
function flushOutbox(service: Service): void {
  const { name, events, outbox } = service;
  if (outbox.started.length > 0) events.add(eventText.started(name, outbox.started));
  for (const [group, count] of outbox.registered) events.add(eventText.registered(name, count, group));
  if (outbox.stoppedPending > 0) events.add(eventText.stoppedPending(name, outbox.stoppedPending));
  if (outbox.stoppedRunning.length > 0) events.add(eventText.stoppedRunning(name, outbox.stoppedRunning));
  for (const [group, count] of outbox.deregistered) events.add(eventText.deregistered(name, count, group));
  for (const [id, count] of outbox.draining) events.add(eventText.draining(name, id, count));
  outbox.started = [];
  outbox.stoppedRunning = [];
  outbox.stoppedPending = 0;
  outbox.registered.clear();
  outbox.deregistered.clear();
  outbox.draining.clear();
}
