import type {
  DeploymentConfiguration,
  Deployment as EcsDeployment,
  Service as EcsService,
  ServiceDeployment as EcsServiceDeployment,
  ServiceRevision as EcsServiceRevision,
  ServiceDeploymentBrief,
  ServiceDeploymentLifecycleStage,
  ServiceRevisionSummary,
} from "@aws-sdk/client-ecs";
import { primaryOf } from "./deployments.ts";
import { toDate } from "./look-ups.ts";
import { circuitBreakerThreshold } from "./rolling-limits.ts";
import { countTasks } from "./task-counts.ts";
import { describeTaskSet, findPrimaryTaskSet, hasTaskSets } from "./task-sets.ts";
import type { Deployment, EcsWorld, Service, ServiceDeployment, ServiceRevision, ServiceSettings } from "./world.ts";

/** A capacity provider strategy stands in place of the launch type. */
const shownLaunchType = ({ launchType, capacityProviderStrategy }: ServiceSettings) =>
  capacityProviderStrategy?.length ? undefined : launchType;
const isFargate = (service: Service) => service.settings.launchType === "FARGATE";

/** The number of tasks that a blue/green, linear or canary deployment asked for; null where tasks roll over. */
const requestedCount = (service: Service, deployment: Deployment): number | null => {
  if (!service.serviceDeployments.at(-1)?.native) return null;
  return deployment.isWanted ? service.desiredCount : 0;
};

const describeDeployment = (service: Service, deployment: Deployment): EcsDeployment => {
  const { running, pending, live } = countTasks(deployment.tasks);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.revision.taskDefinition.arn,
    desiredCount:
      requestedCount(service, deployment) ?? (deployment.status === "PRIMARY" ? service.desiredCount : live),
    pendingCount: pending,
    runningCount: running,
    failedTasks: deployment.failedTasks,
    createdAt: toDate(deployment.createdAt),
    updatedAt: toDate(deployment.updatedAt),
    launchType: shownLaunchType(service.settings),
    capacityProviderStrategy: service.settings.capacityProviderStrategy,
    platformVersion: isFargate(service) ? "1.4.0" : undefined,
    platformFamily: isFargate(service) ? "Linux" : undefined,
    networkConfiguration: deployment.revision.networkConfiguration,
    serviceConnectConfiguration: service.settings.serviceConnectConfiguration,
    volumeConfigurations: service.settings.volumeConfigurations,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
};

const tasksOfRevision = (service: Service, revision: ServiceRevision) =>
  [...service.tasks].filter((task) => task.deployment?.revision === revision);

const summarizeRevision = (service: Service, revision: ServiceRevision): ServiceRevisionSummary => {
  const { running, pending, live } = countTasks(tasksOfRevision(service, revision));
  const deployment = service.deployments.find((one) => one.revision === revision);
  const isPrimary = service.deployments[0] === deployment;
  return {
    arn: revision.arn,
    requestedTaskCount:
      (deployment && requestedCount(service, deployment)) ?? (isPrimary ? service.desiredCount : live),
    runningTaskCount: running,
    pendingTaskCount: pending,
  };
};

/** The service as DescribeServices shows it. With task sets its revision is the primary one's; it has none before. */
export function describeService(world: EcsWorld, service: Service, withTags: boolean): EcsService {
  const { settings } = service;
  const isOfTaskSets = hasTaskSets(service);
  const { revision } = (isOfTaskSets ? findPrimaryTaskSet(service)?.deployment : primaryOf(service)) ?? {};
  const { running, pending } = countTasks(service.tasks);
  const isActive = service.status !== "INACTIVE";
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: settings.loadBalancers ?? [],
    serviceRegistries: settings.serviceRegistries ?? [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: running,
    pendingCount: pending,
    launchType: shownLaunchType(settings),
    capacityProviderStrategy: settings.capacityProviderStrategy,
    platformVersion: isFargate(service) ? (settings.platformVersion ?? "LATEST") : undefined,
    platformFamily: isFargate(service) ? "Linux" : undefined,
    taskDefinition: revision?.taskDefinition.arn,
    deploymentConfiguration: shownConfiguration(settings.deploymentConfiguration),
    taskSets: service.taskSets.map((set) => describeTaskSet(world, service, set, withTags)),
    deployments: isActive ? service.deployments.map((one) => describeDeployment(service, one)) : [],
    roleArn: settings.loadBalancers?.length
      ? `arn:aws:iam::${service.arn.split(":")[4]}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`
      : undefined,
    events: service.events.list(),
    createdAt: toDate(service.createdAt),
    currentServiceDeployment: isActive ? listedServiceDeployments(world, service).at(-1)?.arn : undefined,
    currentServiceRevisions:
      isActive && !isOfTaskSets
        ? service.deployments.map((one) => summarizeRevision(service, one.revision))
        : undefined,
    placementConstraints: settings.placementConstraints ?? [],
    placementStrategy: settings.placementStrategy ?? [],
    networkConfiguration: settings.networkConfiguration,
    healthCheckGracePeriodSeconds: settings.healthCheckGracePeriodSeconds ?? 0,
    schedulingStrategy: "REPLICA",
    deploymentController: settings.deploymentController ?? { type: "ECS" },
    tags: withTags ? service.tags : undefined,
    createdBy: `arn:aws:iam::${service.arn.split(":")[4]}:root`,
    enableECSManagedTags: settings.enableECSManagedTags ?? false,
    propagateTags: settings.propagateTags ?? "NONE",
    enableExecuteCommand: settings.enableExecuteCommand ?? false,
    availabilityZoneRebalancing: settings.availabilityZoneRebalancing ?? "DISABLED",
  };
}

/** Seen with real services: of a pause hook DescribeServices tells the stages and nothing else. */
const shownConfiguration = (configuration: DeploymentConfiguration): DeploymentConfiguration =>
  configuration.lifecycleHooks
    ? {
        ...configuration,
        lifecycleHooks: configuration.lifecycleHooks.map((hook) =>
          hook.targetType === "PAUSE" ? { lifecycleStages: hook.lifecycleStages } : hook,
        ),
      }
    : configuration;

/** What lists show of the service's deployments, oldest first: a new one appears some seconds late. */
export function listedServiceDeployments(world: EcsWorld, service: Service): ServiceDeployment[] {
  const until = world.base.clock.now() - world.timings.listLagMs;
  return service.serviceDeployments.filter((one) => one.createdAt <= until);
}

/** One line of ListServiceDeployments. */
export function summarizeServiceDeployment(service: Service, one: ServiceDeployment): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: toDate(one.createdAt),
    startedAt: toDate(one.startedAt),
    finishedAt: toDate(one.finishedAt),
    targetServiceRevisionArn: one.target.revision.arn,
    status: one.status,
    statusReason: one.statusReason,
  };
}

/** The snapshot of requested weights; rolling deployments have none. */
const withWeights = ({ native }: ServiceDeployment, summary: ServiceRevisionSummary): ServiceRevisionSummary => {
  if (!native) return summary;
  const id = `ecs-svc/${summary.arn?.slice(summary.arn.lastIndexOf("/") + 1)}`;
  const { production, test } = native.shown;
  return {
    ...summary,
    requestedTestTrafficWeight: test.get(id) ?? 0,
    requestedProductionTrafficWeight: production.get(id) ?? 0,
  };
};

/** Where the revision really serves from: told only while it is ACTIVE, once ECS has chosen. */
const resolvedConfiguration = (service: Service, revision: ServiceRevision) => {
  const isListed = service.deployments.some((one) => one.revision === revision);
  if (!revision.resolved || !isListed) return undefined;
  return {
    loadBalancers: revision.resolved.map(({ targetGroupArn, advancedConfiguration }) => ({
      targetGroupArn,
      productionListenerRule: advancedConfiguration?.productionListenerRule,
    })),
  };
};

/** The service deployment as DescribeServiceDeployments shows it. */
export function describeServiceDeployment(service: Service, one: ServiceDeployment): EcsServiceDeployment {
  const isOpen = one.finishedAt === undefined && one.stoppedAt === undefined;
  const { rollback, native } = one;
  return {
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: toDate(one.createdAt),
    startedAt: toDate(one.startedAt),
    finishedAt: toDate(one.finishedAt),
    stoppedAt: toDate(one.stoppedAt),
    updatedAt: toDate(one.updatedAt),
    sourceServiceRevisions: one.sources.map((revision) => withWeights(one, summarizeRevision(service, revision))),
    targetServiceRevision: withWeights(one, summarizeRevision(service, one.target.revision)),
    status: one.status,
    statusReason: one.statusReason,
    // The model's enum lacks a stage that its text has.
    lifecycleStage: (native?.stage ?? undefined) as ServiceDeploymentLifecycleStage | undefined,
    lifecycleHookDetails: native?.hooks.map((hook) => ({
      hookId: hook.id,
      targetType: hook.type,
      targetArn: hook.targetArn,
      status: hook.status,
      expiresAt: toDate(hook.expiresAt),
      timeoutAction: hook.timeoutAction,
    })),
    deploymentConfiguration: one.configuration,
    rollback: rollback && {
      reason: rollback.reason,
      startedAt: toDate(rollback.startedAt),
      serviceRevisionArn: rollback.deployment.revision.arn,
    },
    deploymentCircuitBreaker: {
      status: one.circuitBreaker,
      failureCount: isOpen && !rollback ? one.target.failedTasks : one.failureCount,
      threshold: circuitBreakerThreshold(service.desiredCount, one.configuration),
    },
    alarms: {
      status: native?.alarms ?? "DISABLED",
      alarmNames: one.configuration.alarms?.alarmNames,
      triggeredAlarmNames: native?.triggeredAlarms,
    },
  };
}

/** The revision as DescribeServiceRevisions shows it. */
export function describeServiceRevision(service: Service, revision: ServiceRevision): EcsServiceRevision {
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.taskDefinition.arn,
    launchType: shownLaunchType(service.settings),
    capacityProviderStrategy: service.settings.capacityProviderStrategy,
    platformVersion: isFargate(service) ? "1.4.0" : undefined,
    platformFamily: isFargate(service) ? "Linux" : undefined,
    loadBalancers: revision.loadBalancers,
    serviceRegistries: [],
    networkConfiguration: revision.networkConfiguration,
    containerImages: (revision.taskDefinition.definition.containerDefinitions ?? []).map(({ name, image }) => ({
      containerName: name,
      image,
      imageDigest: revision.digests.get(name ?? ""),
    })),
    guardDutyEnabled: false,
    resolvedConfiguration: resolvedConfiguration(service, revision),
    createdAt: toDate(revision.createdAt),
  };
}
