import { findOpenDeployment, primaryOf, tellSteady } from "../deployments.ts";
import { flushOutbox } from "../outbox.ts";
import { taskLimits } from "../rolling-limits.ts";
import { eventText } from "../service-events.ts";
import { type ServiceScheduler, type ServiceTasks, worstFirst } from "../service-tasks.ts";
import type { Deployment, EcsWorld, Service } from "../world.ts";
import { healthyTasks } from "./course.ts";
import type { NativeDeployments } from "./native-deployments.ts";

/** Keeps each revision of a service at all or none of the desired tasks, as its service deployment wants it. */
export function createNativeScheduler(
  world: EcsWorld,
  tasks: ServiceTasks,
  deployments: NativeDeployments,
): ServiceScheduler {
  const steer = (service: Service, deployment: Deployment, reason: string) => {
    const desired = service.status === "ACTIVE" && deployment.isWanted ? service.desiredCount : 0;
    const { live, conditions } = tasks.replaceUnhealthy(service, tasks.look(service, deployment.tasks), desired);
    const unhealthy = live.filter((task) => conditions.get(task)?.kind === "unhealthy").length;
    // A deployment that failed without a rollback keeps what it has and starts nothing.
    if (deployment.rolloutState !== "FAILED")
      tasks.startMissing(service, deployment, {
        wanted: desired - (live.length - unhealthy),
        room: taskLimits(desired, service.settings.deploymentConfiguration).maximum - live.length,
        launchType: service.settings.launchType,
      });
    const extra = live.length - desired - (desired === 0 ? 0 : unhealthy);
    for (const task of live.sort(worstFirst(conditions)).slice(0, Math.max(0, extra))) tasks.stop(task, reason);
  };

  const settle = (service: Service): boolean => {
    if (findOpenDeployment(service)) {
      service.isSteady = false;
      return false;
    }
    service.deployments = service.deployments.filter((one, index) => {
      if (index === 0 || one.isWanted || one.tasks.size > 0) return true;
      one.status = "INACTIVE";
      return false;
    });
    const primary = primaryOf(service);
    const isSteady =
      primary.rolloutState === "COMPLETED" &&
      primary.tasks.size === service.desiredCount &&
      healthyTasks(world, primary) === service.desiredCount;
    if (isSteady && !service.isSteady) {
      service.events.resolve(eventText.startImpaired(service.name));
      service.events.add(eventText.steady(service.name));
      tellSteady(world, service);
    }
    service.isSteady = isSteady;
    return isSteady || primary.rolloutState === "FAILED";
  };

  return {
    reconcile(service) {
      if (service.status !== "ACTIVE") deployments.abandon(service);
      const reason = `Scaling activity initiated by (deployment ${primaryOf(service).id})`;
      for (const deployment of service.deployments) steer(service, deployment, reason);
      flushOutbox(service, service.outbox);
      if (service.status === "ACTIVE") {
        deployments.advance(service);
        return settle(service);
      }
      if (service.tasks.size > 0) return false;
      service.status = "INACTIVE";
      return true;
    },
  };
}
