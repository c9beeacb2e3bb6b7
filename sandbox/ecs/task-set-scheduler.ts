import { tellSteady } from "./deployments.ts";
import { flushOutbox } from "./outbox.ts";
import { taskLimits } from "./rolling-limits.ts";
import { eventText } from "./service-events.ts";
import { type ServiceScheduler, type ServiceTasks, worstFirst } from "./service-tasks.ts";
import { computedDesiredCount, refreshStability, taskSetId } from "./task-sets.ts";
import type { EcsWorld, Service, TaskSet } from "./world.ts";

/** Keeps each task set of a service at its own number of tasks; a draining one goes once its last task has stopped. */
export function createTaskSetScheduler(world: EcsWorld, tasks: ServiceTasks): ServiceScheduler {
  const steer = (service: Service, set: TaskSet) => {
    const { deployment } = set;
    const desired = computedDesiredCount(service, set);
    const reason = `Scaling activity initiated by (deployment ${taskSetId(set)})`;
    const { live, conditions } = tasks.replaceUnhealthy(service, tasks.look(service, deployment.tasks), desired);
    const unhealthy = live.filter((task) => conditions.get(task)?.kind === "unhealthy").length;
    tasks.startMissing(service, deployment, {
      wanted: desired - (live.length - unhealthy),
      room: taskLimits(desired, service.settings.deploymentConfiguration).maximum - live.length,
      launchType: set.settings.launchType,
    });
    // An unhealthy task whose replacement is on its way is no surplus, unless nothing is wanted any more.
    const extra = live.length - desired - (desired === 0 ? 0 : unhealthy);
    for (const task of live.sort(worstFirst(conditions)).slice(0, Math.max(0, extra))) tasks.stop(task, reason);
  };

  const settle = (service: Service): boolean => {
    service.taskSets = service.taskSets.filter((set) => set.status !== "DRAINING" || set.deployment.tasks.size > 0);
    let isSteady = true;
    for (const set of service.taskSets)
      if (refreshStability(world, service, set) !== "STEADY_STATE" || set.status === "DRAINING") isSteady = false;
    const isNews = isSteady && !service.isSteady && service.taskSets.length > 0;
    service.isSteady = isSteady;
    if (isNews) {
      service.events.resolve(eventText.startImpaired(service.name));
      service.events.add(eventText.steady(service.name));
      tellSteady(world, service);
    }
    return isSteady;
  };

  return {
    reconcile(service) {
      if (service.status !== "ACTIVE") for (const set of service.taskSets) set.status = "DRAINING";
      for (const set of service.taskSets) steer(service, set);
      for (const { deployment } of service.taskSets)
        if (deployment.outbox) flushOutbox(service, deployment.outbox, `${service.name}, taskSet ${deployment.id}`);
      const isSettled = settle(service);
      if (service.status === "ACTIVE") return isSettled;
      if (service.taskSets.length > 0) return false;
      service.status = "INACTIVE";
      return true;
    },
  };
}
