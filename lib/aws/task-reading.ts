import type { NetworkBinding, Task as SdkTask } from "@aws-sdk/client-ecs";
import type { Task } from "../domain/observation/slot.ts";
import { shortName } from "../domain/text/short-name.ts";

/** One task and the service it belongs to; null for a task that was started by itself. */
export interface TaskReading {
  task: Task;
  service: string | null;
}

/** A task of DescribeTasks in our words. */
export function toTaskReading(task: SdkTask): TaskReading {
  const group = task.group ?? "";
  return {
    service: group.startsWith("service:") ? group.slice("service:".length) : null,
    task: {
      arn: task.taskArn ?? "",
      id: shortName(task.taskArn ?? ""),
      lastStatus: task.lastStatus ?? "UNKNOWN",
      desiredStatus: task.desiredStatus ?? "UNKNOWN",
      healthStatus: task.healthStatus ?? "UNKNOWN",
      startedAt: task.startedAt?.getTime() ?? null,
      createdAt: task.createdAt?.getTime() ?? null,
      stoppedAt: task.stoppedAt?.getTime() ?? null,
      ...(task.stopCode ? { stopCode: task.stopCode } : {}),
      ...(task.stoppedReason ? { stoppedReason: task.stoppedReason } : {}),
      containers: (task.containers ?? []).map((container) => ({
        name: container.name ?? "",
        lastStatus: container.lastStatus ?? "UNKNOWN",
        ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
        ...(container.healthStatus === "UNHEALTHY" ? { isUnhealthy: true } : {}),
        ...(container.reason ? { reason: container.reason } : {}),
        ...(container.runtimeId ? { runtimeId: container.runtimeId } : {}),
        ...(container.imageDigest ? { digest: container.imageDigest } : {}),
        ...hostPortsOf(container.networkBindings),
      })),
      taskDefinition: task.taskDefinitionArn ?? "",
      address: addressOf(task),
      ...ipv6Of(task),
      ...(task.containerInstanceArn ? { containerInstance: task.containerInstanceArn } : {}),
      ...placeOf(task),
      ...(task.startedBy ? { startedBy: task.startedBy } : {}),
    },
  };
}

/** awsvpc tasks carry it on the attachment at once, and on their containers once these run. */
function addressOf(task: SdkTask): string | null {
  for (const attachment of task.attachments ?? []) {
    const detail = attachment.details?.find((d) => d.name === "privateIPv4Address");
    if (detail?.value) return detail.value;
  }
  for (const container of task.containers ?? [])
    for (const network of container.networkInterfaces ?? [])
      if (network.privateIpv4Address) return network.privateIpv4Address;
  return null;
}

/** Other names for it may come: AWS documents those of IPv4 only. */
function ipv6Of(task: SdkTask): Pick<Task, "ipv6"> {
  const attached = (task.attachments ?? []).flatMap(({ details = [] }) =>
    details.flatMap(({ name = "", value }) => (/^(private)?ipv6address$/i.test(name) && value ? [value] : [])),
  );
  const ofContainers = (task.containers ?? []).flatMap(({ networkInterfaces = [] }) =>
    networkInterfaces.flatMap(({ ipv6Address }) => ipv6Address ?? []),
  );
  const all = new Set([...attached, ...ofContainers]);
  return all.size > 0 ? { ipv6: [...all] } : {};
}

/** In bridge mode a container port may be bound for IPv4 and for IPv6, each with the same host port. */
function hostPortsOf(bindings: readonly NetworkBinding[] | undefined): { hostPorts?: number[] } {
  const ports = new Set((bindings ?? []).flatMap(({ hostPort }) => (hostPort ? [hostPort] : [])));
  return ports.size > 0 ? { hostPorts: [...ports] } : {};
}

function placeOf(task: SdkTask): Pick<Task, "launchType" | "capacityProvider" | "platform" | "architecture"> {
  const architecture = task.attributes?.find(({ name }) => name === "ecs.cpu-architecture")?.value;
  return {
    ...(task.launchType ? { launchType: task.launchType } : {}),
    ...(task.capacityProviderName ? { capacityProvider: task.capacityProviderName } : {}),
    ...(task.platformFamily ? { platform: task.platformFamily } : {}),
    ...(architecture ? { architecture } : {}),
  };
}
