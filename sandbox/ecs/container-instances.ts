import type {
  DescribeContainerInstancesRequest,
  DescribeContainerInstancesResponse,
  ContainerInstance as EcsContainerInstance,
  ListContainerInstancesRequest,
  ListContainerInstancesResponse,
  NetworkBinding,
} from "@aws-sdk/client-ecs";
import type { Handler, TargetKey } from "../service.ts";
import { ecsArn, invalidParameter, lastPart, randomText } from "./arns.ts";
import type { ContainerInstance } from "./container-instance.ts";
import { getCluster, toDate } from "./look-ups.ts";
import { takePage } from "./paging.ts";
import type { Cluster, EcsWorld, Task } from "./world.ts";

/** The range from which Docker takes ports on Linux. */
const DYNAMIC = { first: 32_768, last: 60_999 };
/** With one alone, no two tasks would ever have the same port on two instances. */
const LEAST_INSTANCES = 2;
const MAX_NAMES = 100;

/**
 * Gives a task of the launch type EC2 an instance and, unless it has an interface of its own, ports of that instance. A cluster
 * has as many instances as its tasks need, as with managed scaling; what AWS does without room is not simulated.
 */
export function placeOnInstance(world: EcsWorld, task: Task): void {
  if (task.launchType !== "EC2") return;
  const { cluster, definition } = task;
  while (cluster.instances.length < LEAST_INSTANCES) addInstance(world, cluster);
  const { networkMode, containerDefinitions = [] } = definition.definition;
  const wanted =
    networkMode === "awsvpc" || networkMode === "none"
      ? []
      : containerDefinitions.flatMap(({ name = "", portMappings = [] }) =>
          portMappings.map(({ containerPort = 0, hostPort = 0, protocol = "tcp" }) => ({
            container: name,
            containerPort,
            hostPort: networkMode === "host" ? containerPort : hostPort,
            protocol,
          })),
        );
  const fixed = wanted.filter(({ hostPort }) => hostPort !== 0);
  const fits = ({ ports }: ContainerInstance) => fixed.every(({ hostPort }) => !ports.has(hostPort));
  const byRoom = cluster.instances.toSorted((a, b) => a.ports.size - b.ports.size);
  const instance = byRoom.find(fits) ?? addInstance(world, cluster);
  task.instance = instance;
  task.hostPorts = wanted.map((port) => ({ ...port, hostPort: port.hostPort || freePort(instance) }));
  for (const { hostPort } of task.hostPorts) instance.ports.add(hostPort);
}

/** Its ports lead to the task from now on. */
export function openPorts({ ports }: EcsWorld, task: Task): void {
  const { instance, address, port } = task;
  if (address === undefined || port === undefined) return;
  if (hasIpv6(ports, task)) ports.targets.bindPort({ id: ipv6Of(task), port }, { id: address, port });
  if (!instance) return;
  for (const { hostPort } of task.hostPorts ?? [])
    ports.targets.bindPort({ id: instance.instanceId, port: hostPort }, { id: address, port });
}

/** Its ports are others' to have. */
export function closePorts({ ports }: EcsWorld, task: Task): void {
  const { instance, hostPorts = [], port } = task;
  if (port !== undefined) ports.targets.bindPort({ id: ipv6Of(task), port }, null);
  if (!instance) return;
  for (const { hostPort } of hostPorts) {
    instance.ports.delete(hostPort);
    ports.targets.bindPort({ id: instance.instanceId, port: hostPort }, null);
  }
}

/** What the service registers for it with a target group: its instance with the port that leads to the container, else its address. */
export function targetOf({ ports }: Pick<EcsWorld, "ports">, task: Task, targetGroupArn: string): TargetKey {
  const entry = task.deployment?.revision.loadBalancers.find((one) => one.targetGroupArn === targetGroupArn);
  const own = task.hostPorts ?? [];
  const bound = own.find((one) => one.container === entry?.containerName && one.containerPort === entry?.containerPort);
  const port = bound ?? own[0];
  if (task.instance && port) return { id: task.instance.instanceId, port: port.hostPort };
  const isIpv6 = ports.targets.findTargetGroup(targetGroupArn)?.isIpv6 === true;
  return { id: isIpv6 ? ipv6Of(task) : (task.address ?? ""), port: task.port ?? 0 };
}

/** The IPv6 address of the task's interface; it has one where a target group asks for it, as if its subnets were dual-stack. */
export function ipv6Of({ id }: Pick<Task, "id">): string {
  const groups = id.slice(0, 16).match(/.{4}/g) ?? [];
  return `2001:db8:1234:1a00:${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}`;
}

/** Whether the task's network interface has an IPv6 address. */
export function hasIpv6(ports: EcsWorld["ports"], task: Task): boolean {
  const groups = task.deployment?.revision.loadBalancers ?? [];
  return groups.some(({ targetGroupArn = "" }) => ports.targets.findTargetGroup(targetGroupArn)?.isIpv6 === true);
}

/** As DescribeTasks shows a container's ports: none before it runs. */
export function networkBindings(task: Task, container: string): NetworkBinding[] {
  if (task.address === undefined) return [];
  return (task.hostPorts ?? [])
    .filter((one) => one.container === container)
    .map(({ containerPort, hostPort, protocol }) => ({ bindIP: "0.0.0.0", containerPort, hostPort, protocol }));
}

function addInstance(world: EcsWorld, cluster: Cluster): ContainerInstance {
  const { random, clock, place } = world.base;
  const instance: ContainerInstance = {
    arn: ecsArn(place, `container-instance/${cluster.name}/${randomText(random, 32)}`),
    order: world.nextOrder(),
    instanceId: `i-0${randomText(random, 16)}`,
    registeredAt: clock.now(),
    ports: new Set(),
  };
  cluster.instances.push(instance);
  world.ports.targets.addInstance(instance.instanceId);
  return instance;
}

function freePort({ ports }: ContainerInstance): number {
  for (let port = DYNAMIC.first; port <= DYNAMIC.last; port += 1)
    if (!ports.has(port)) {
      ports.add(port);
      return port;
    }
  throw new Error("An instance of the sandbox has no port left.");
}

function describeInstance(cluster: Cluster, instance: ContainerInstance): EcsContainerInstance {
  const own = [...cluster.tasks].filter((task) => task.instance === instance && task.lastStatus !== "STOPPED");
  const running = own.filter((task) => task.lastStatus === "RUNNING").length;
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.instanceId,
    version: 1,
    versionInfo: { agentVersion: "1.89.3", agentHash: "a1b2c3d4", dockerVersion: "DockerVersion: 25.0.8" },
    remainingResources: [],
    registeredResources: [],
    status: "ACTIVE",
    agentConnected: true,
    runningTasksCount: running,
    pendingTasksCount: own.length - running,
    attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
    registeredAt: toDate(instance.registeredAt),
    attachments: [],
    tags: [],
  };
}

/** Reads of container instances. */
export function containerInstanceOperations(world: EcsWorld): Record<string, Handler> {
  return {
    ListContainerInstances(input: ListContainerInstancesRequest): ListContainerInstancesResponse {
      const { page, nextToken } = takePage(getCluster(world, input.cluster).instances, input);
      return { containerInstanceArns: page.map(({ arn }) => arn), nextToken };
    },

    DescribeContainerInstances(input: DescribeContainerInstancesRequest): DescribeContainerInstancesResponse {
      const cluster = getCluster(world, input.cluster);
      const names = input.containerInstances ?? [];
      if (names.length === 0) throw invalidParameter("Container instances cannot be empty.");
      if (names.length > MAX_NAMES) throw invalidParameter("Container instances cannot have more than 100 elements.");
      const found = names.map((name) => cluster.instances.find(({ arn }) => lastPart(arn) === lastPart(name)) ?? name);
      return {
        containerInstances: found.flatMap((one) => (typeof one === "string" ? [] : describeInstance(cluster, one))),
        failures: found.flatMap((one) =>
          typeof one === "string"
            ? {
                arn: ecsArn(world.base.place, `container-instance/${cluster.name}/${lastPart(one)}`),
                reason: "MISSING",
              }
            : [],
        ),
      };
    },
  };
}
