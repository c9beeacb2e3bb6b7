import type { Container, Task as EcsTask } from "@aws-sdk/client-ecs";
import { derivedUuid, ecsArn } from "./arns.ts";
import { hasIpv6, ipv6Of, networkBindings } from "./container-instances.ts";
import { toDate } from "./look-ups.ts";
import { mainContainer, runtimeIdOf } from "./task-container.ts";
import { containerHealth } from "./task-health.ts";
import type { EcsWorld, Task, TaskStatus } from "./world.ts";

const CONTAINER_STATUS: Record<TaskStatus, string> = {
  PROVISIONING: "PENDING",
  PENDING: "PENDING",
  ACTIVATING: "RUNNING",
  RUNNING: "RUNNING",
  DEACTIVATING: "RUNNING",
  STOPPING: "RUNNING",
  DEPROVISIONING: "STOPPED",
  STOPPED: "STOPPED",
};

const attachmentStatus = (task: Task) => {
  if (task.lastStatus === "PROVISIONING") return "PRECREATED";
  return task.lastStatus === "STOPPED" ? "DELETED" : "ATTACHED";
};

/** A task's address is known here only once its container listens; AWS knows it from the network interface on. */
const networkAttachment = ({ ports }: EcsWorld, task: Task, subnet: string | undefined) => ({
  id: derivedUuid(`eni-${task.id}`),
  type: "ElasticNetworkInterface",
  status: attachmentStatus(task),
  details: [
    { name: "subnetId", value: subnet ?? "subnet-0a1b2c3d4e5f60718" },
    ...(task.lastStatus === "PROVISIONING"
      ? []
      : [
          { name: "networkInterfaceId", value: `eni-0${task.id.slice(0, 16)}` },
          { name: "macAddress", value: `02:${(task.id.slice(0, 10).match(/../g) ?? []).join(":")}` },
        ]),
    ...(task.address ? [{ name: "privateIPv4Address", value: task.address }] : []),
    ...(task.address && hasIpv6(ports, task) ? [{ name: "ipv6Address", value: ipv6Of(task) }] : []),
  ],
});

const describeContainers = (world: EcsWorld, task: Task): Container[] => {
  const main = mainContainer(task);
  return (task.definition.definition.containerDefinitions ?? []).map((definition) => {
    const isMain = definition === main;
    const hasExited = task.exitCode !== undefined;
    const digest = task.digests?.get(definition.name ?? "");
    return {
      containerArn: ecsArn(
        world.base.place,
        `container/${task.cluster.name}/${task.id}/${derivedUuid(`${task.id}-${definition.name}`)}`,
      ),
      taskArn: task.arn,
      name: definition.name,
      image: definition.image,
      imageDigest: digest,
      runtimeId: task.address ? runtimeIdOf(task, definition.name ?? "") : undefined,
      lastStatus: hasExited ? "STOPPED" : CONTAINER_STATUS[task.lastStatus],
      exitCode: isMain ? task.exitCode : hasExited ? 0 : undefined,
      reason: isMain ? task.containerReason : undefined,
      networkBindings: networkBindings(task, definition.name ?? ""),
      networkInterfaces:
        task.address && task.definition.definition.networkMode === "awsvpc"
          ? [
              {
                attachmentId: derivedUuid(`eni-${task.id}`),
                privateIpv4Address: task.address,
                ...(hasIpv6(world.ports, task) ? { ipv6Address: ipv6Of(task) } : {}),
              },
            ]
          : [],
      healthStatus: isMain ? containerHealth(world, task) : "UNKNOWN",
      cpu: String(definition.cpu ?? 0),
      memory: definition.memory === undefined ? undefined : String(definition.memory),
      memoryReservation: definition.memoryReservation === undefined ? undefined : String(definition.memoryReservation),
    };
  });
};

/** The task as DescribeTasks shows it. */
export function describeTask(world: EcsWorld, task: Task, withTags: boolean): EcsTask {
  const { definition } = task.definition;
  const isFargate = task.launchType === "FARGATE";
  const subnet = task.deployment?.revision.networkConfiguration?.awsvpcConfiguration?.subnets?.[0];
  return {
    attachments: definition.networkMode === "awsvpc" ? [networkAttachment(world, task, subnet)] : [],
    attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
    availabilityZone: `${world.base.place.region}${task.order % 2 === 0 ? "a" : "b"}`,
    capacityProviderName: task.service?.settings.capacityProviderStrategy?.[0]?.capacityProvider,
    clusterArn: task.cluster.arn,
    connectivity: task.connectivityAt === undefined ? undefined : "CONNECTED",
    connectivityAt: toDate(task.connectivityAt),
    containerInstanceArn: task.instance?.arn,
    containers: describeContainers(world, task),
    cpu: task.overrides?.cpu ?? definition.cpu,
    createdAt: toDate(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand ?? false,
    executionStoppedAt: toDate(task.executionStoppedAt),
    group: task.group,
    healthStatus: containerHealth(world, task),
    inferenceAccelerators: [],
    lastStatus: task.lastStatus,
    launchType: task.launchType,
    memory: task.overrides?.memory ?? definition.memory,
    overrides: {
      containerOverrides: (definition.containerDefinitions ?? []).map(
        ({ name }) => task.overrides?.containerOverrides?.find((one) => one.name === name) ?? { name },
      ),
      inferenceAcceleratorOverrides: [],
      ...(task.overrides?.taskRoleArn ? { taskRoleArn: task.overrides.taskRoleArn } : {}),
    },
    platformVersion: isFargate ? "1.4.0" : undefined,
    platformFamily: isFargate ? "Linux" : undefined,
    pullStartedAt: toDate(task.pullStartedAt),
    pullStoppedAt: toDate(task.pullStoppedAt),
    startedAt: toDate(task.startedAt),
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: toDate(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stoppingAt: toDate(task.stoppingAt),
    tags: withTags ? task.tags : [],
    taskArn: task.arn,
    taskDefinitionArn: task.definition.arn,
    version: task.version,
    ephemeralStorage: isFargate ? { sizeInGiB: 20 } : undefined,
  };
}
