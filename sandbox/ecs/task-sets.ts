import type { TaskSet as EcsTaskSet, StabilityStatus } from "@aws-sdk/client-ecs";
import { AwsError } from "../service.ts";
import { ecsArn, invalidParameter } from "./arns.ts";
import { toDate } from "./look-ups.ts";
import { countTasks } from "./task-counts.ts";
import { taskCondition } from "./task-health.ts";
import type { EcsWorld, Service, TaskSet } from "./world.ts";

/** Whether the service runs task sets instead of deployments of its own. */
export function hasTaskSets({ settings }: Service): boolean {
  const controller = settings.deploymentController?.type;
  return controller === "EXTERNAL" || controller === "CODE_DEPLOY";
}

/** The short id: `ecs-svc/` and digits. */
export function taskSetId(set: TaskSet): string {
  return set.deployment.id;
}

/** `task-set/cluster/service/ecs-svc/digits`. */
export function taskSetArn(world: EcsWorld, service: Service, id: string): string {
  return ecsArn(world.base.place, `task-set/${service.cluster.name}/${service.name}/${id}`);
}

/** How many tasks the task set should run: always rounded up. */
export function computedDesiredCount(service: Service, set: TaskSet): number {
  if (set.status === "DRAINING") return 0;
  // 29 percent of 100 is a hair above 29 in floating point.
  return Math.max(0, Math.ceil((service.desiredCount * set.scale) / 100 - 1e-9));
}

/** The short id in an id or ARN. @throws InvalidParameterException when it is neither. */
export function readTaskSetId(idOrArn: string | undefined): string {
  const id = /^(?:arn:[^/]+:task-set\/[^/]+\/[^/]+\/)?(ecs-svc\/\d+)$/.exec(idOrArn ?? "")?.[1];
  if (id === undefined) throw invalidParameter("Task Set Identifier is invalid");
  return id;
}

/** The task set of that id or ARN; null when the service does not list it. */
export function findTaskSet(service: Service, idOrArn: string | undefined): TaskSet | null {
  const id = readTaskSetId(idOrArn);
  return service.taskSets.find((set) => taskSetId(set) === id) ?? null;
}

/** @throws TaskSetNotFoundException */
export function getTaskSet(service: Service, idOrArn: string | undefined): TaskSet {
  const set = findTaskSet(service, idOrArn);
  if (!set) throw new AwsError("TaskSetNotFoundException", "The specified task set was not found.");
  return set;
}

/** The service's primary task set; null until one was named. */
export function findPrimaryTaskSet(service: Service): TaskSet | null {
  return service.taskSets.find((set) => set.status === "PRIMARY") ?? null;
}

/** Judges the task set's stability anew, as AWS does: right number, none on its way, every check passed. */
export function refreshStability(world: EcsWorld, service: Service, set: TaskSet): StabilityStatus {
  const { running, pending } = countTasks(set.deployment.tasks);
  const isSteady =
    running === computedDesiredCount(service, set) &&
    pending === 0 &&
    [...set.deployment.tasks].every(
      (task) => task.lastStatus !== "RUNNING" || taskCondition(world, task).kind === "healthy",
    );
  const stability = isSteady ? "STEADY_STATE" : "STABILIZING";
  if (stability !== set.stability) {
    set.stability = stability;
    set.stabilityAt = world.base.clock.now();
  }
  return stability;
}

/** The task set as DescribeTaskSets and DescribeServices show it. */
export function describeTaskSet(world: EcsWorld, service: Service, set: TaskSet, withTags: boolean): EcsTaskSet {
  const { running, pending } = countTasks(set.deployment.tasks);
  const isFargate = set.settings.launchType === "FARGATE";
  const stabilityStatus = refreshStability(world, service, set);
  return {
    id: taskSetId(set),
    taskSetArn: set.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    externalId: set.settings.externalId,
    status: set.status,
    taskDefinition: set.deployment.revision.taskDefinition.arn,
    computedDesiredCount: computedDesiredCount(service, set),
    pendingCount: pending,
    runningCount: running,
    createdAt: toDate(set.deployment.createdAt),
    updatedAt: toDate(set.updatedAt),
    launchType: set.settings.capacityProviderStrategy?.length ? undefined : set.settings.launchType,
    capacityProviderStrategy: set.settings.capacityProviderStrategy,
    platformVersion: isFargate ? (set.settings.platformVersion ?? "1.4.0") : undefined,
    platformFamily: isFargate ? "Linux" : undefined,
    networkConfiguration: set.settings.networkConfiguration,
    loadBalancers: set.settings.loadBalancers,
    serviceRegistries: set.settings.serviceRegistries,
    scale: { value: set.scale, unit: "PERCENT" },
    stabilityStatus,
    stabilityStatusAt: toDate(set.stabilityAt),
    tags: withTags ? set.tags : [],
  };
}
