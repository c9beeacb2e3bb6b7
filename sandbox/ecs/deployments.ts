import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import { ecsArn, randomRevisionId, randomText } from "./arns.ts";
import { createProgress } from "./native/progress.ts";
import { eventText } from "./service-events.ts";
import type {
  Deployment,
  EcsWorld,
  RegisteredTaskDefinition,
  Service,
  ServiceDeployment,
  ServiceRevision,
} from "./world.ts";

/** The characters of the ids that ECS makes up. */
export const BASE64_URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/** The service deployment now in flight, or null. */
export function findOpenDeployment(service: Service): ServiceDeployment | null {
  const last = service.serviceDeployments.at(-1);
  return last && last.finishedAt === undefined && last.stoppedAt === undefined ? last : null;
}

/** The service's PRIMARY deployment. */
export function primaryOf(service: Service): Deployment {
  const primary = service.deployments[0];
  if (!primary) throw new Error(`The service ${service.name} has no deployment.`);
  return primary;
}

/** Whether the strategy moves traffic between two sides instead of replacing tasks. */
export function isNativeStrategy({ strategy }: DeploymentConfiguration): boolean {
  return strategy !== undefined && strategy !== "ROLLING";
}

const supersede = (world: EcsWorld, service: Service) => {
  const open = findOpenDeployment(service);
  if (!open) return;
  const now = world.base.clock.now();
  Object.assign(open, {
    statusReason: "Service deployment stopped because it was superseded by a newer service deployment.",
    updatedAt: now,
    failureCount: open.target.failedTasks,
    circuitBreaker: open.circuitBreaker === "MONITORING" ? "MONITORING_COMPLETE" : open.circuitBreaker,
  });
  open.target.isWatched = false;
  if (open.native) stopNative(world, open);
  else Object.assign(open, { status: "STOPPED", stoppedAt: now });
};

/** Its hooks stay as they are, and can be answered no more. */
const stopNative = (world: EcsWorld, open: ServiceDeployment) => {
  open.native?.run?.cancel();
  open.status = "STOP_REQUESTED";
  // The revision that it went back to was deployed successfully before, and still is what the next one can go back to.
  if (open.rollback) open.rollback.deployment.rolloutState = "COMPLETED";
  world.agenda.after(world.timings.supersedeMs, () => {
    const now = world.base.clock.now();
    Object.assign(open, { status: "STOPPED", stoppedAt: now, finishedAt: now, updatedAt: now });
  });
};

/** A deployment of one revision that runs nothing yet. */
export function createDeployment(
  world: EcsWorld,
  service: Service,
  settings: Omit<ServiceRevision, "arn" | "createdAt" | "digests" | "resolved">,
): Deployment {
  const { random, place, clock } = world.base;
  const now = clock.now();
  const number = randomRevisionId(random);
  return {
    id: `ecs-svc/${number}`,
    revision: {
      ...settings,
      arn: ecsArn(place, `service-revision/${service.cluster.name}/${service.name}/${number}`),
      createdAt: now,
      digests: new Map(),
      resolved: null,
    },
    status: "PRIMARY",
    createdAt: now,
    updatedAt: now,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ecs-svc/${number} in progress.`,
    failedTasks: 0,
    isWatched: true,
    failedRounds: 0,
    retryAt: 0,
    tasks: new Set(),
    isWanted: true,
  };
}

/** Starts a new deployment of the service's current settings; the one in flight, if any, is superseded. */
export function startDeployment(
  world: EcsWorld,
  service: Service,
  taskDefinition: RegisteredTaskDefinition,
): Deployment {
  const { random, place, clock } = world.base;
  const now = clock.now();
  const { loadBalancers = [], networkConfiguration } = service.settings;
  const deployment = createDeployment(world, service, { taskDefinition, loadBalancers, networkConfiguration });
  supersede(world, service);
  const sources = service.deployments.map((one) => one.revision);
  const configuration: DeploymentConfiguration = service.settings.deploymentConfiguration;
  for (const one of service.deployments) one.status = "ACTIVE";
  service.deployments.unshift(deployment);
  service.revisions.push(deployment.revision);
  const isNative = isNativeStrategy(configuration);
  service.serviceDeployments.push({
    arn: ecsArn(
      place,
      `service-deployment/${service.cluster.name}/${service.name}/${randomText(random, 21, BASE64_URL)}`,
    ),
    order: world.nextOrder(),
    target: deployment,
    sources,
    configuration,
    createdAt: now,
    startedAt: isNative ? undefined : now,
    updatedAt: now,
    status: isNative ? "PENDING" : "IN_PROGRESS",
    failureCount: 0,
    circuitBreaker: configuration.deploymentCircuitBreaker?.enable ? "MONITORING" : "DISABLED",
    native: isNative ? createProgress() : null,
  });
  service.isSteady = false;
  world.unsettled.add(service);
  return deployment;
}

/** The newest deployment of the service that completed once and still is listed, besides the PRIMARY one. */
export function findRollbackCandidate(service: Service): Deployment | null {
  return service.deployments.slice(1).find((one) => one.rolloutState === "COMPLETED") ?? null;
}

/** Returns the service to the last completed deployment. False when there is none: then nothing is changed. */
export function rollBack(world: EcsWorld, service: Service, reason: string, rolloutReason: string): boolean {
  const candidate = findRollbackCandidate(service);
  const open = findOpenDeployment(service);
  if (!candidate || !open) return false;
  const now = world.base.clock.now();
  const failed = primaryOf(service);
  failed.status = "ACTIVE";
  failed.isWatched = false;
  failed.updatedAt = now;
  Object.assign(candidate, {
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: rolloutReason.replace("{id}", candidate.id),
    failedTasks: 0,
    isWatched: true,
    failedRounds: 0,
    retryAt: 0,
    updatedAt: now,
  });
  service.deployments = [candidate, ...service.deployments.filter((one) => one !== candidate)];
  service.isSteady = false;
  Object.assign(open, {
    status: "ROLLBACK_IN_PROGRESS",
    statusReason: reason,
    rollback: { reason, startedAt: now, deployment: candidate },
    failureCount: failed.failedTasks,
    updatedAt: now,
  });
  service.events.add(eventText.rollingBack(service.name, candidate.id));
  world.unsettled.add(service);
  return true;
}

/** The circuit breaker's verdict on the PRIMARY deployment: FAILED, then back to the last good one where configured. */
export function tripCircuitBreaker(world: EcsWorld, service: Service): void {
  const now = world.base.clock.now();
  const failed = primaryOf(service);
  const open = findOpenDeployment(service);
  Object.assign(failed, {
    rolloutState: "FAILED",
    rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
    updatedAt: now,
    isWatched: false,
  });
  service.events.add(eventText.failed(service.name, failed.id));
  if (!open) return;
  const isRollbackFailing = open.rollback !== undefined;
  open.circuitBreaker = "TRIGGERED";
  open.updatedAt = now;
  if (!isRollbackFailing) open.failureCount = failed.failedTasks;
  const wantsRollback = open.configuration.deploymentCircuitBreaker?.rollback === true && !isRollbackFailing;
  const reason = "Service deployment rolled back because the circuit breaker threshold was exceeded.";
  const rolloutReason = "ECS deployment circuit breaker: rolling back to deploymentId {id}.";
  if (wantsRollback && rollBack(world, service, reason, rolloutReason)) return;
  Object.assign(
    open,
    isRollbackFailing || wantsRollback
      ? { status: "ROLLBACK_FAILED", finishedAt: now }
      : { status: "STOPPED", stoppedAt: now },
  );
  open.statusReason = wantsRollback
    ? "Service deployment failed because the circuit breaker threshold was exceeded. No rollback candidate was found to run the rollback."
    : "Service deployment stopped because the circuit breaker threshold was exceeded.";
}

/** The PRIMARY deployment has settled. */
export function completeDeployment(world: EcsWorld, service: Service): void {
  const now = world.base.clock.now();
  const primary = primaryOf(service);
  Object.assign(primary, {
    rolloutState: "COMPLETED",
    rolloutStateReason: `ECS deployment ${primary.id} completed.`,
    updatedAt: now,
    isWatched: false,
  });
  service.events.add(eventText.completed(service.name, primary.id));
  tellDeployment(world, service, primary.id, "COMPLETED", `ECS deployment ${primary.id} completed.`);
  const open = findOpenDeployment(service);
  if (!open) return;
  const isRollback = open.rollback !== undefined;
  open.status = isRollback ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL";
  open.finishedAt = now;
  open.updatedAt = now;
  if (!isRollback) open.failureCount = primary.failedTasks;
  if (open.circuitBreaker === "MONITORING") open.circuitBreaker = "MONITORING_COMPLETE";
}

/** Tells EventBridge of a deployment; real events name the cluster as well. */
export function tellDeployment(
  world: EcsWorld,
  service: Service,
  deploymentId: string,
  state: "IN_PROGRESS" | "COMPLETED" | "FAILED",
  reason: string,
): void {
  world.ports.tell?.({
    type: "ECS Deployment State Change",
    resources: [service.arn],
    detail: {
      ...{ eventType: state === "FAILED" ? "ERROR" : "INFO", eventName: `SERVICE_DEPLOYMENT_${state}` },
      ...{ deploymentId, reason, clusterArn: service.cluster.arn },
      updatedAt: new Date(world.base.clock.now()).toISOString(),
    },
  });
}

/** Tells EventBridge that a service came to rest. */
export function tellSteady(world: EcsWorld, service: Service): void {
  world.ports.tell?.({
    type: "ECS Service Action",
    resources: [service.arn],
    detail: {
      ...{ eventType: "INFO", eventName: "SERVICE_STEADY_STATE", clusterArn: service.cluster.arn },
      createdAt: new Date(world.base.clock.now()).toISOString(),
    },
  });
}
