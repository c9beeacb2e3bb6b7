import type {
  CreateServiceRequest,
  CreateServiceResponse,
  DeleteServiceRequest,
  DeleteServiceResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  ListServicesRequest,
  ListServicesResponse,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from "@aws-sdk/client-ecs";
import { AwsError, type Handler, type TaskSetDriver } from "../service.ts";
import { checkPlaceOf, ecsArn, invalidParameter, lastPart } from "./arns.ts";
import { isNativeStrategy, primaryOf, startDeployment } from "./deployments.ts";
import { checkExternalService, updateTaskSetService } from "./external-service.ts";
import { checkLaunch } from "./launch-checks.ts";
import { findService, getActiveService, getCluster } from "./look-ups.ts";
import { liveLoadBalancers } from "./native/entrances.ts";
import type { NativeDeployments } from "./native/native-deployments.ts";
import { checkNativeLoadBalancers, refuseClassic } from "./native/native-settings.ts";
import { createOutbox } from "./outbox.ts";
import { takePage } from "./paging.ts";
import { createEventLog } from "./service-events.ts";
import {
  checkLoadBalancers,
  checkSettings,
  completeDeploymentConfiguration,
  refuseSameGroups,
  updatedSettings,
} from "./service-settings.ts";
import { describeService } from "./service-view.ts";
import { checkTags } from "./task-definition-checks.ts";
import { getActiveTaskDefinition } from "./task-definition-operations.ts";
import { checkNetworkIsThere } from "./task-needs.ts";
import { hasTaskSets } from "./task-sets.ts";
import type { EcsWorld, RegisteredTaskDefinition, Service, ServiceSettings } from "./world.ts";

const checkKind = ({ deploymentController, schedulingStrategy, loadBalancers }: CreateServiceRequest) => {
  if (schedulingStrategy === "DAEMON")
    throw new AwsError(
      "UnsupportedFeatureException",
      "The scheduling strategy DAEMON is not available in this sandbox.",
    );
  // Assumption: AWS's words for it could not be found out.
  if (deploymentController?.type === "CODE_DEPLOY" && !loadBalancers?.length)
    throw invalidParameter("A load balancer is required for services with a CODE_DEPLOY deployment controller.");
};

/** Operations on services. */
export function serviceOperations(
  world: EcsWorld,
  native: NativeDeployments,
  codeDeploy: TaskSetDriver,
): Record<string, Handler> {
  const deploy = (service: Service, taskDefinition: RegisteredTaskDefinition) => {
    const { revision } = startDeployment(world, service, taskDefinition);
    const { loadBalancers = [], deploymentConfiguration } = service.settings;
    if (!isNativeStrategy(deploymentConfiguration))
      revision.resolved = liveLoadBalancers(world.ports.rules, loadBalancers);
    native.begin(service);
  };

  /** The first task set of a service whose further ones CodeDeploy makes: ECS does that itself. */
  const startTaskSet = ({ cluster, name, settings }: Service, taskDefinition: string | undefined) => {
    const { loadBalancers, networkConfiguration, platformVersion, serviceRegistries, capacityProviderStrategy } =
      settings;
    const launch = capacityProviderStrategy?.length
      ? { capacityProviderStrategy }
      : { launchType: settings.launchType };
    const { id = "" } = codeDeploy.createTaskSet({
      cluster: cluster.name,
      service: name,
      taskDefinition,
      loadBalancers,
      networkConfiguration,
      ...launch,
      platformVersion,
      serviceRegistries,
      scale: { value: 100, unit: "PERCENT" },
    });
    codeDeploy.makePrimary(cluster.name, name, id);
  };

  const checkBalancers = (settings: ServiceSettings, taskDefinition: RegisteredTaskDefinition, areNew: boolean) => {
    const { loadBalancers = [], deploymentConfiguration } = settings;
    refuseClassic(loadBalancers);
    // A blue/green deployment finds out about its groups and rules when it runs.
    checkLoadBalancers(world, loadBalancers, taskDefinition, areNew || !isNativeStrategy(deploymentConfiguration));
    if (areNew) checkNativeLoadBalancers(world.ports.rules, loadBalancers, deploymentConfiguration);
    if (areNew) refuseSameGroups(loadBalancers);
  };

  const create = (input: CreateServiceRequest): Service => {
    const cluster = getCluster(world, input.cluster);
    const name = input.serviceName ?? "";
    if (!/^[\w-]{1,255}$/.test(name)) throw invalidParameter("Invalid service name.");
    checkKind(input);
    checkTags(input.tags);
    const existing = findService(cluster, name);
    if (existing?.status === "DRAINING") throw invalidParameter("Unable to Start a service that is still Draining.");
    if (existing?.status === "ACTIVE") {
      if (input.clientToken !== undefined && existing.clientToken === input.clientToken) return existing;
      throw invalidParameter("Creation of service was not idempotent.");
    }
    const isExternal = input.deploymentController?.type === "EXTERNAL";
    if (isExternal) checkExternalService(input);
    else if (!input.taskDefinition) throw invalidParameter("TaskDefinition cannot be blank.");
    const taskDefinition = isExternal ? null : getActiveTaskDefinition(world, input.taskDefinition ?? "");
    const desiredCount = input.desiredCount ?? 0;
    if (desiredCount < 0) throw invalidParameter("desiredCount cannot be negative.");
    const {
      cluster: _cluster,
      serviceName: _name,
      taskDefinition: _definition,
      desiredCount: _count,
      clientToken,
      tags,
      ...settings
    } = input;
    const service: Service = {
      arn: ecsArn(world.base.place, `service/${cluster.name}/${name}`),
      name,
      order: world.nextOrder(),
      cluster,
      createdAt: world.base.clock.now(),
      clientToken,
      settings: {
        ...settings,
        // Without a launch type AWS means EC2. The sandbox has no instances: any launch type finds room here.
        launchType: input.launchType ?? (input.capacityProviderStrategy?.length ? "FARGATE" : "EC2"),
        deploymentConfiguration: completeDeploymentConfiguration(input.deploymentConfiguration),
      },
      status: "ACTIVE",
      desiredCount,
      tags: tags ?? [],
      deployments: [],
      taskSets: [],
      taskSetTokens: new Map(),
      revisions: [],
      serviceDeployments: [],
      tasks: new Set(),
      events: createEventLog(world.base.clock.now, world.base.random),
      outbox: createOutbox(),
      isSteady: false,
    };
    if (taskDefinition) {
      checkLaunch(input, taskDefinition);
      checkSettings(service.settings, taskDefinition);
      checkNetworkIsThere(input.networkConfiguration, world.ports);
      checkBalancers(service.settings, taskDefinition, true);
    }
    // Map order is listing order: a service created anew goes to the end.
    cluster.services.delete(name);
    cluster.services.set(name, service);
    if (service.settings.deploymentController?.type === "CODE_DEPLOY") startTaskSet(service, taskDefinition?.arn);
    else if (taskDefinition) deploy(service, taskDefinition);
    return service;
  };

  const update = (input: UpdateServiceRequest): Service => {
    const service = getActiveService(getCluster(world, input.cluster), input.service ?? "");
    if (input.desiredCount !== undefined && input.desiredCount < 0)
      throw invalidParameter("desiredCount cannot be negative.");
    if (hasTaskSets(service)) {
      updateTaskSetService(service, input);
      world.unsettled.add(service);
      return service;
    }
    const controller = service.settings.deploymentController?.type ?? "ECS";
    if (input.deploymentController && input.deploymentController.type !== controller)
      throw new AwsError(
        "UnsupportedFeatureException",
        "Changing the deployment controller of a service is not available in this sandbox.",
      );
    const current = primaryOf(service).revision.taskDefinition;
    const taskDefinition = input.taskDefinition ? getActiveTaskDefinition(world, input.taskDefinition) : current;
    const { settings, needsDeployment } = updatedSettings(service.settings, input);
    checkSettings(settings, taskDefinition);
    // Assumption: a change that does not name the network is taken, and its tasks fail to start.
    checkNetworkIsThere(input.networkConfiguration, world.ports);
    const isOtherStrategy =
      settings.deploymentConfiguration.strategy !== service.settings.deploymentConfiguration.strategy;
    const areNew = input.loadBalancers !== undefined || isOtherStrategy;
    if (areNew || taskDefinition !== current) checkBalancers(settings, taskDefinition, areNew);

    service.settings = settings;
    if (input.desiredCount !== undefined && input.desiredCount !== service.desiredCount) {
      service.desiredCount = input.desiredCount;
      primaryOf(service).updatedAt = world.base.clock.now();
      service.isSteady = false;
    }
    if (needsDeployment || input.forceNewDeployment || taskDefinition !== current) deploy(service, taskDefinition);
    world.unsettled.add(service);
    return service;
  };

  return {
    CreateService(input: CreateServiceRequest): CreateServiceResponse {
      return { service: describeService(world, create(input), true) };
    },

    UpdateService(input: UpdateServiceRequest): UpdateServiceResponse {
      return { service: describeService(world, update(input), true) };
    },

    DescribeServices(input: DescribeServicesRequest): DescribeServicesResponse {
      const cluster = getCluster(world, input.cluster);
      const names = input.services ?? [];
      if (names.length === 0) throw invalidParameter("Services cannot be empty.");
      if (names.length > 10) throw invalidParameter("Services cannot have more than 10 elements.");
      const services = [];
      const failures = [];
      for (const name of names) {
        checkPlaceOf(name, world.base.place, cluster.name);
        const service = findService(cluster, name);
        if (service) services.push(describeService(world, service, input.include?.includes("TAGS") ?? false));
        else
          failures.push({
            arn: ecsArn(world.base.place, `service/${cluster.name}/${lastPart(name)}`),
            reason: "MISSING",
          });
      }
      return { services, failures };
    },

    ListServices(input: ListServicesRequest): ListServicesResponse {
      const cluster = getCluster(world, input.cluster);
      const services = [...cluster.services.values()].filter(
        (service) =>
          service.status !== "INACTIVE" &&
          (!input.launchType || service.settings.launchType === input.launchType) &&
          input.schedulingStrategy !== "DAEMON",
      );
      const { page, nextToken } = takePage(services, input, { pageSize: 10 });
      return { serviceArns: page.map((service) => service.arn), nextToken };
    },

    DeleteService(input: DeleteServiceRequest): DeleteServiceResponse {
      const service = getActiveService(getCluster(world, input.cluster), input.service ?? "");
      if (service.desiredCount > 0 && !input.force)
        throw invalidParameter("The service cannot be stopped while it is scaled above 0.");
      if (service.taskSets.length > 0 && !input.force)
        throw invalidParameter("The service cannot be stopped while deployments are active.");
      service.status = "DRAINING";
      service.desiredCount = 0;
      world.unsettled.add(service);
      return { service: describeService(world, service, true) };
    },
  };
}
