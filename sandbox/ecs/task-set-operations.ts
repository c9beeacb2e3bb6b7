import type {
  CreateTaskSetRequest,
  CreateTaskSetResponse,
  DeleteTaskSetRequest,
  DeleteTaskSetResponse,
  DescribeTaskSetsRequest,
  DescribeTaskSetsResponse,
  Scale,
  UpdateServicePrimaryTaskSetRequest,
  UpdateServicePrimaryTaskSetResponse,
  UpdateTaskSetRequest,
  UpdateTaskSetResponse,
} from "@aws-sdk/client-ecs";
import type { Handler } from "../service.ts";
import { invalidParameter } from "./arns.ts";
import { createDeployment } from "./deployments.ts";
import { checkLaunch } from "./launch-checks.ts";
import { getActiveService, getCluster } from "./look-ups.ts";
import { createOutbox } from "./outbox.ts";
import { checkLoadBalancers, refuseSameGroups } from "./service-settings.ts";
import { getActiveTaskDefinition } from "./task-definition-operations.ts";
import { checkNetworkIsThere } from "./task-needs.ts";
import {
  describeTaskSet,
  findPrimaryTaskSet,
  findTaskSet,
  getTaskSet,
  readTaskSetId,
  refreshStability,
  taskSetArn,
  taskSetId,
} from "./task-sets.ts";
import type { EcsWorld, Service, TaskSet } from "./world.ts";

const MAX_TASK_SETS = 5;

/** Operations on the task sets of services with the deployment controller: anybody's for EXTERNAL, CodeDeploy's for the other. */
export function taskSetOperations(world: EcsWorld, controller: "EXTERNAL" | "CODE_DEPLOY"): Record<string, Handler> {
  const getService = (input: { cluster?: string; service?: string }): Service => {
    const service = getActiveService(getCluster(world, input.cluster), input.service ?? "");
    if (service.settings.deploymentController?.type !== controller)
      throw invalidParameter(
        "Amazon ECS only supports task set management on services configured to use external deployment controllers.",
      );
    return service;
  };

  const find = (input: { cluster?: string; service?: string; taskSet?: string }) => {
    const service = getService(input);
    return { service, set: getTaskSet(service, input.taskSet) };
  };

  const changed = (service: Service, set: TaskSet) => {
    set.updatedAt = world.base.clock.now();
    service.isSteady = false;
    world.unsettled.add(service);
  };

  const readScale = (scale: Scale | undefined): number => {
    const value = scale?.value ?? 0;
    if (!(value >= 0 && value <= 100)) throw invalidParameter("Scale value must be between 0 and 100.");
    return value;
  };

  /** The task set an earlier call with the same token made. AWS leaves the other cases open; here they are refused. */
  const findEarlier = (service: Service, input: CreateTaskSetRequest): TaskSet | null => {
    const id = input.clientToken === undefined ? undefined : service.taskSetTokens.get(input.clientToken);
    if (id === undefined) return null;
    const earlier = findTaskSet(service, id);
    const arn = getActiveTaskDefinition(world, input.taskDefinition ?? "").arn;
    const isSame =
      earlier?.deployment.revision.taskDefinition.arn === arn && earlier.settings.externalId === input.externalId;
    if (!earlier || earlier.status === "DRAINING" || !isSame)
      throw invalidParameter("Creation of TaskSet was not idempotent.");
    return earlier;
  };

  const create = (input: CreateTaskSetRequest): { service: Service; set: TaskSet } => {
    const service = getService(input);
    if (input.clientToken !== undefined && !/^[!-~]{1,36}$/.test(input.clientToken))
      throw invalidParameter("Client token must be 1 to 36 ASCII characters in the range of 33-126.");
    const earlier = findEarlier(service, input);
    if (earlier) return { service, set: earlier };
    const taskDefinition = getActiveTaskDefinition(world, input.taskDefinition ?? "");
    const { loadBalancers = [], networkConfiguration, serviceRegistries = [], externalId } = input;
    const { launchType, capacityProviderStrategy, platformVersion } = input;
    checkLaunch({ launchType, capacityProviderStrategy, platformVersion, networkConfiguration }, taskDefinition);
    checkNetworkIsThere(networkConfiguration, world.ports);
    checkLoadBalancers(world, loadBalancers, taskDefinition);
    refuseSameGroups(loadBalancers);
    const scale = readScale(input.scale);
    if (service.taskSets.length >= MAX_TASK_SETS)
      throw invalidParameter(
        `${MAX_TASK_SETS} deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.`,
      );
    const deployment = {
      ...createDeployment(world, service, { taskDefinition, loadBalancers, networkConfiguration }),
      status: "ACTIVE" as const,
      isWatched: false,
      outbox: createOutbox(),
    };
    const now = world.base.clock.now();
    const set: TaskSet = {
      arn: taskSetArn(world, service, deployment.id),
      deployment,
      settings: {
        // Without a launch type AWS means EC2. The sandbox has no instances: any launch type finds room here.
        launchType: launchType ?? (capacityProviderStrategy?.length ? "FARGATE" : "EC2"),
        platformVersion,
        capacityProviderStrategy,
        networkConfiguration,
        loadBalancers,
        serviceRegistries,
        externalId,
      },
      status: "ACTIVE",
      scale,
      updatedAt: now,
      tags: input.tags ?? [],
      stability: "STABILIZING",
      stabilityAt: now,
    };
    service.taskSets.push(set);
    if (input.clientToken !== undefined) service.taskSetTokens.set(input.clientToken, taskSetId(set));
    changed(service, set);
    return { service, set };
  };

  const makePrimary = (service: Service, set: TaskSet) => {
    if (set.status === "DRAINING") throw invalidParameter("A draining TaskSet cannot become primary.");
    const previous = findPrimaryTaskSet(service);
    if (previous) previous.status = "ACTIVE";
    set.status = "PRIMARY";
    set.updatedAt = world.base.clock.now();
    const { externalId: _externalId, ...shown } = set.settings;
    service.settings = { ...service.settings, ...shown };
  };

  return {
    CreateTaskSet(input: CreateTaskSetRequest): CreateTaskSetResponse {
      const { service, set } = create(input);
      return { taskSet: describeTaskSet(world, service, set, true) };
    },

    DescribeTaskSets(input: DescribeTaskSetsRequest): DescribeTaskSetsResponse {
      const service = getService(input);
      if (!input.taskSets?.length) throw invalidParameter("taskSets can not be empty.");
      const withTags = input.include?.includes("TAGS") ?? false;
      const taskSets = [];
      const failures = [];
      for (const name of input.taskSets) {
        const set = findTaskSet(service, name);
        if (set) taskSets.push(describeTaskSet(world, service, set, withTags));
        else failures.push({ arn: taskSetArn(world, service, readTaskSetId(name)), reason: "MISSING" });
      }
      return { taskSets, failures };
    },

    UpdateTaskSet(input: UpdateTaskSetRequest): UpdateTaskSetResponse {
      const { service, set } = find(input);
      const scale = readScale(input.scale);
      if (set.status === "DRAINING") throw invalidParameter("A draining TaskSet cannot be updated.");
      set.scale = scale;
      changed(service, set);
      refreshStability(world, service, set);
      return { taskSet: describeTaskSet(world, service, set, true) };
    },

    UpdateServicePrimaryTaskSet(input: UpdateServicePrimaryTaskSetRequest): UpdateServicePrimaryTaskSetResponse {
      const service = getService(input);
      const set = getTaskSet(service, input.primaryTaskSet);
      makePrimary(service, set);
      return { taskSet: describeTaskSet(world, service, set, true) };
    },

    DeleteTaskSet(input: DeleteTaskSetRequest): DeleteTaskSetResponse {
      const { service, set } = find(input);
      if (!input.force && set.status === "PRIMARY") throw invalidParameter("Primary TaskSet cannot be deleted");
      if (!input.force && set.status !== "DRAINING" && set.scale > 0)
        throw invalidParameter("TaskSet cannot be deleted while it is scaled above 0.");
      set.status = "DRAINING";
      changed(service, set);
      return { taskSet: describeTaskSet(world, service, set, true) };
    },
  };
}
