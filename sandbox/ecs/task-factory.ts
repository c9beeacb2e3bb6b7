import type { LaunchType, Tag, TaskOverride } from "@aws-sdk/client-ecs";
import { ecsArn, randomText } from "./arns.ts";
import type { Cluster, Deployment, EcsWorld, RegisteredTaskDefinition, Service, Task } from "./world.ts";

/** What a new task is made of. */
export interface TaskOrder {
  cluster: Cluster;
  definition: RegisteredTaskDefinition;
  launchType: LaunchType;
  group: string;
  startedBy?: string;
  service?: Service;
  deployment?: Deployment;
  overrides?: TaskOverride;
  enableExecuteCommand?: boolean;
  tags: Tag[];
}

/** A task in PROVISIONING, known to the world but not moving yet. */
export function createTask(world: EcsWorld, order: TaskOrder): Task {
  const id = randomText(world.base.random, 32);
  const now = world.base.clock.now();
  const task: Task = {
    ...order,
    id,
    arn: ecsArn(world.base.place, `task/${order.cluster.name}/${id}`),
    order: world.nextOrder(),
    createdAt: now,
    lastStatus: "PROVISIONING",
    desiredStatus: "RUNNING",
    version: 1,
    targetGroups: [],
    reportedHealth: 200,
    reportedHealthSince: now,
    hasBeenHealthy: false,
  };
  world.tasks.set(id, task);
  order.cluster.tasks.add(task);
  order.service?.tasks.add(task);
  order.deployment?.tasks.add(task);
  return task;
}

/** The tags ECS gives a task of a service: managed ones, then the propagated ones. */
export function serviceTaskTags(service: Service, deployment: Deployment): Tag[] {
  const { enableECSManagedTags, propagateTags } = service.settings;
  const managed = enableECSManagedTags
    ? [
        { key: "aws:ecs:clusterName", value: service.cluster.name },
        { key: "aws:ecs:serviceName", value: service.name },
      ]
    : [];
  if (propagateTags === "SERVICE") return [...managed, ...service.tags];
  if (propagateTags === "TASK_DEFINITION") return [...managed, ...deployment.revision.taskDefinition.tags];
  return managed;
}
