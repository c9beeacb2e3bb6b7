import type {
  Deployment as EcsDeployment,
  Service as EcsService,
  ServiceDeployment as EcsServiceDeployment,
  ServiceRevision as EcsServiceRevision,
  ServiceDeploymentBrief,
  ServiceRevisionSummary,
} from "@aws-sdk/client-ecs";
import { findOpenDeployment, primaryOf } from "./deployments.ts";
import { circuitBreakerThreshold } from "./rolling-limits.ts";
import { countTasks } from "./task-counts.ts";
import { describeTaskSet, findPrimaryTaskSet } from "./task-sets.ts";
import {
  type Deployment,
  type EcsWorld,
  type Service,
  type ServiceDeployment,
  type ServiceRevision,
  toDate,
} from "./world.ts";

const isFargate = (service: Service) => service.settings.launchType === "FARGATE";

const describeDeployment = (service: Service, deployment: Deployment): EcsDeployment => {
  const { running, pending, live } = countTasks(deployment.tasks);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.revision.taskDefinition.arn,
    desiredCount: deployment.status === "PRIMARY" ? service.desiredCount : live,
    pendingCount: pending,
    runningCount: running,
    failedTasks: deployment.failedTasks,
    createdAt: toDate(deployment.createdAt),
    updatedAt: toDate(deployment.updatedAt),
    launchType: service.settings.launchType,
    platformVersion: isFargate(service) ? "1.4.0" : undefined,
    platformFamily: isFargate(service) ? "Linux" : undefined,
    networkConfiguration: deployment.revision.networkConfiguration,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
};

const tasksOfRevision = (service: Service, revision: ServiceRevision) =>
  [...service.tasks].filter((task) => task.deployment?.revision === revision);

const summarizeRevision = (service: Service, revision: ServiceRevision): ServiceRevisionSummary => {
  const { running, pending, live } = countTasks(tasksOfRevision(service, revision));
  const isPrimary = primaryOf(service).revision === revision;
  return {
    arn: revision.arn,
    requestedTaskCount: isPrimary ? service.desiredCount : live,
    runningTaskCount: running,
    pendingTaskCount: pending,
  };
};

/** The service as DescribeServices shows it. With task sets its revision is the primary one's; it has none before. */
export function describeService(world: EcsWorld, service: Service, withTags: boolean): EcsService {
  const { settings } = service;
  const isExternal = settings.deploymentController?.type === "EXTERNAL";
  const { revision } = (isExternal ? findPrimaryTaskSet(service)?.deployment : primaryOf(service)) ?? {};
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
    launchType: settings.launchType,
    platformVersion: isFargate(service) ? (settings.platformVersion ?? "LATEST") : undefined,
    platformFamily: isFargate(service) ? "Linux" : undefined,
    taskDefinition: revision?.taskDefinition.arn,
    deploymentConfiguration: settings.deploymentConfiguration,
    taskSets: service.taskSets.map((set) => describeTaskSet(world, service, set, withTags)),
    deployments: isActive ? service.deployments.map((one) => describeDeployment(service, one)) : [],
    roleArn: settings.loadBalancers?.length
      ? `arn:aws:iam::${service.arn.split(":")[4]}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`
      : undefined,
    events: service.events.list(),
    createdAt: toDate(service.createdAt),
    currentServiceDeployment: isActive
      ? (findOpenDeployment(service) ?? service.serviceDeployments.at(-1))?.arn
      : undefined,
    currentServiceRevisions:
      isActive && !isExternal ? service.deployments.map((one) => summarizeRevision(service, one.revision)) : undefined,
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

/** One line of ListServiceDeployments. */
export function summarizeServiceDeployment(service: Service, one: ServiceDeployment): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: toDate(one.createdAt),
    startedAt: toDate(one.createdAt),
    finishedAt: toDate(one.finishedAt),
    targetServiceRevisionArn: one.target.revision.arn,
    status: one.status,
    statusReason: one.statusReason,
  };
}

/** The service deployment as DescribeServiceDeployments shows it. */
export function describeServiceDeployment(service: Service, one: ServiceDeployment): EcsServiceDeployment {
  const isOpen = one.finishedAt === undefined && one.stoppedAt === undefined;
  const { rollback } = one;
  return {
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: toDate(one.createdAt),
    startedAt: toDate(one.createdAt),
    finishedAt: toDate(one.finishedAt),
    stoppedAt: toDate(one.stoppedAt),
    updatedAt: toDate(one.updatedAt),
    sourceServiceRevisions: one.sources.map((revision) => summarizeRevision(service, revision)),
    targetServiceRevision: summarizeRevision(service, one.target.revision),
    status: one.status,
    statusReason: one.statusReason,
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
    alarms: { status: "DISABLED" },
  };
}

/** The revision as DescribeServiceRevisions shows it. */
export function describeServiceRevision(service: Service, revision: ServiceRevision): EcsServiceRevision {
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.taskDefinition.arn,
    launchType: service.settings.launchType,
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
    createdAt: toDate(revision.createdAt),
  };
}
