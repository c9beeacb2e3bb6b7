import { completeDeployment, primaryOf, tellSteady, tripCircuitBreaker } from "./deployments.ts";
import { flushOutbox } from "./outbox.ts";
import { circuitBreakerThreshold, taskLimits } from "./rolling-limits.ts";
import { eventText } from "./service-events.ts";
import { type Look, type ServiceScheduler, type ServiceTasks, worstFirst } from "./service-tasks.ts";
import { taskCondition } from "./task-health.ts";
import type { Deployment, EcsWorld, Service, Task } from "./world.ts";

/** ECS's rolling update: starts what is missing, stops what is too many, within minimum and maximum percent. */
export function createRollingScheduler(world: EcsWorld, tasks: ServiceTasks): ServiceScheduler {
  const now = () => world.base.clock.now();

  const startMissing = (service: Service, primary: Deployment, { live, conditions }: Look): number => {
    if (primary.rolloutState === "FAILED") return 0;
    const good = live.filter(
      (task) => task.deployment === primary && conditions.get(task)?.kind !== "unhealthy",
    ).length;
    const { maximum } = taskLimits(service.desiredCount, service.settings.deploymentConfiguration);
    return tasks.startMissing(service, primary, {
      wanted: service.desiredCount - good,
      room: maximum - live.length,
      launchType: service.settings.launchType,
    });
  };

  const stopSurplus = (service: Service, primary: Deployment, { live, conditions }: Look, unstarted: number) => {
    const reason = `Scaling activity initiated by (deployment ${primary.id})`;
    const isHealthy = (task: Task) => conditions.get(task)?.kind === "healthy";
    const order = worstFirst(conditions);

    const current = live.filter((task) => task.deployment === primary).sort(order);
    // An unhealthy task whose replacement is on its way is no surplus: the replacement decides when it goes.
    const extra =
      current.length -
      service.desiredCount -
      current.filter((task) => conditions.get(task)?.kind === "unhealthy").length;
    for (const task of current.slice(0, Math.max(0, extra))) tasks.stop(task, reason);
    if (primary.rolloutState === "FAILED") return;

    // Healthy old tasks go as new ones take their place; below the desired count only to make room for new ones.
    const limits = taskLimits(service.desiredCount, service.settings.deploymentConfiguration);
    const needsRoom = unstarted > 0 && now() >= primary.retryAt && live.length >= limits.maximum;
    const floor = needsRoom ? Math.min(limits.minimum, service.desiredCount) : service.desiredCount;
    let healthy = live.filter(isHealthy).length;
    let room = needsRoom ? unstarted : Number.POSITIVE_INFINITY;
    for (const task of live.filter((one) => one.deployment !== primary).sort(order)) {
      if (isHealthy(task) ? healthy <= floor : !needsRoom && healthy < service.desiredCount) continue;
      if (room <= 0) break;
      if (isHealthy(task)) healthy -= 1;
      room -= 1;
      tasks.stop(task, reason);
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
      tellSteady(world, service);
    }
    return true;
  };

  const windDown = (service: Service): boolean => {
    for (const task of service.tasks)
      if (task.desiredStatus === "RUNNING")
        tasks.stop(task, `Scaling activity initiated by (deployment ${primaryOf(service).id})`);
    flushOutbox(service, service.outbox);
    if (service.tasks.size === 0) service.status = "INACTIVE";
    return service.tasks.size === 0;
  };

  return {
    reconcile(service) {
      if (service.status !== "ACTIVE") return windDown(service);
      const primary = primaryOf(service);
      const seen = tasks.replaceUnhealthy(service, tasks.look(service, service.tasks), service.desiredCount);
      const configuration = service.settings.deploymentConfiguration;
      const isTripped =
        primary.isWatched &&
        configuration.deploymentCircuitBreaker?.enable === true &&
        primary.failedTasks >= circuitBreakerThreshold(service.desiredCount, configuration);
      if (isTripped) {
        flushOutbox(service, service.outbox);
        tripCircuitBreaker(world, service);
      }
      const target = primaryOf(service);
      const unstarted = startMissing(service, target, seen);
      stopSurplus(service, target, seen, unstarted);
      flushOutbox(service, service.outbox);
      return settle(service, target);
    },
  };
}
