import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type LoadBalancer,
  type NetworkBinding,
  type Deployment as SdkDeployment,
  type Service as SdkService,
  type Task as SdkTask,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type { AwsPause } from "../domain/observation/aws-deployment.ts";
import type { ServiceEvent, Task } from "../domain/observation/slot.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { describeContainerInstances } from "./container-instances.ts";
import { entrancesBesides } from "./entrances-besides.ts";
import { type AwsFailure, missingFailure } from "./errors.ts";
import { pausesOf } from "./pauses.ts";
import { type TaskSetReading, toTaskSetReading } from "./task-sets.ts";

/** ECS's own deployment inside a service; never called Deployment, which is ours. */
export interface EcsDeployment {
  id: string;
  status: string;
  taskDefinition: string;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED" | null;
  rolloutReason: string | null;
  failedTasks: number;
}

/** What ECS deploys between: two target groups, and the rules (for an NLB: listeners) that it writes. */
interface ServicePair {
  targetGroupArn: string;
  alternateTargetGroupArn: string;
  productionRule: string;
  testRule: string | null;
}

/** A container that a service or task set registers with a target group. */
interface BalancedContainer {
  targetGroupArn: string;
  container: string;
  /** Null where the entry does not say. */
  port: number | null;
}

/** One ECS service as DescribeServices tells it. */
export interface ServiceReading {
  name: string;
  arn: string;
  /** "ACTIVE", "DRAINING" or "INACTIVE". */
  status: string;
  taskDefinition: string;
  desired: number;
  running: number;
  pending: number;
  deployments: EcsDeployment[];
  /** Newest first, the last 20. */
  events: ServiceEvent[];
  /** The target groups that its tasks register with. */
  targetGroupArns: string[];
  /** Its load balancer entries: which container is behind which target group, an alternate one included. */
  balanced: BalancedContainer[];
  /** How requests reach its tasks without the load balancer, in words; left out where none do. */
  besides?: string[];
  /** "FARGATE", "EC2" or "EXTERNAL", its own or its task sets'; left out where capacity providers decide. */
  launchType?: string;
  /** "ECS", "EXTERNAL" or "CODE_DEPLOY". */
  deploymentController: string;
  /** Only with the deployment controllers EXTERNAL and CODE_DEPLOY. */
  taskSets: TaskSetReading[];
  /** "ROLLING", "BLUE_GREEN", "LINEAR" or "CANARY". */
  strategy: string;
  /** The pair of target groups that ECS deploys between; null with the strategy ROLLING. */
  pair: ServicePair | null;
  /** Where its next deployment waits for a person. */
  pauses: AwsPause[];
  /** ARN of the newest service deployment; null where ECS does not tell it. */
  serviceDeployment: string | null;
  /** ARNs of the revisions that have tasks or get some. */
  serviceRevisions: string[];
}

/** One task and the service it belongs to; null for a task that was started by itself. */
export interface TaskReading {
  task: Task;
  service: string | null;
}

/** ECS's services and tasks in our words, batched to the API's maxima. */
export interface Ecs {
  /** By service name; what is missing is a failure of kind "missing" under its name. */
  describeServices(
    cluster: string,
    names: readonly string[],
    priority: Priority,
  ): Promise<Map<string, ServiceReading | AwsFailure>>;
  /** ARNs of the cluster's or one service's tasks, at most `maxPages` pages of 100; `isComplete` is false when there are more. */
  listTasks(
    request: { cluster: string; service?: string; desiredStatus: "RUNNING" | "STOPPED"; maxPages?: number },
    priority: Priority,
  ): Promise<{ arns: string[]; pages: number; isComplete: boolean }>;
  /** Tasks that AWS no longer knows are left out. */
  describeTasks(cluster: string, arns: readonly string[], priority: Priority): Promise<TaskReading[]>;
  /** EC2 instance ids by container instance ARN; those that AWS no longer knows are left out. */
  describeContainerInstances(
    cluster: string,
    arns: readonly string[],
    priority: Priority,
  ): Promise<Map<string, string>>;
  /** Changes only what is given. Answers AWS's request id. */
  updateService(
    request: { cluster: string; service: string; taskDefinition?: string; desired?: number },
    priority: Priority,
  ): Promise<{ requestId: string | null; service: ServiceReading | null }>;
}

const SERVICES_A_CALL = 10;
const TASKS_A_CALL = 100;
const EVENTS_KEPT = 20;

/** ECS through the SDK's client. */
export function createEcs(client: ECSClient, call: Caller): Ecs {
  return {
    async describeServices(cluster, names, priority) {
      const found = new Map<string, ServiceReading | AwsFailure>();
      await Promise.all(
        chunks([...new Set(names)], SERVICES_A_CALL).map(async (services) => {
          const output = await call(
            { service: "ecs", operation: "DescribeServices", family: "ecs-service-read", priority, effect: "read" },
            (abortSignal) => client.send(new DescribeServicesCommand({ cluster, services }), { abortSignal }),
          );
          for (const service of output.services ?? []) {
            const reading = toServiceReading(service);
            found.set(reading.name, reading);
          }
          for (const name of services)
            if (!found.has(name)) {
              const reason = output.failures?.find((f) => f.arn === name || f.arn?.endsWith(`/${name}`))?.reason;
              found.set(name, missingService(cluster, name, reason ?? "MISSING"));
            }
        }),
      );
      return found;
    },

    async listTasks({ cluster, service, desiredStatus, maxPages = 10 }, priority) {
      const arns: string[] = [];
      let nextToken: string | undefined;
      let pages = 0;
      do {
        const output = await call(
          { service: "ecs", operation: "ListTasks", family: "ecs-resource-read", priority, effect: "read" },
          (abortSignal) =>
            client.send(
              new ListTasksCommand({ cluster, serviceName: service, desiredStatus, nextToken, maxResults: 100 }),
              { abortSignal },
            ),
        );
        arns.push(...(output.taskArns ?? []));
        nextToken = output.nextToken;
        pages += 1;
      } while (nextToken && pages < maxPages);
      return { arns, pages, isComplete: !nextToken };
    },

    async describeTasks(cluster, arns, priority) {
      const answers = await Promise.all(
        chunks(arns, TASKS_A_CALL).map((tasks) =>
          call(
            { service: "ecs", operation: "DescribeTasks", family: "ecs-resource-read", priority, effect: "read" },
            (abortSignal) => client.send(new DescribeTasksCommand({ cluster, tasks }), { abortSignal }),
          ),
        ),
      );
      return answers.flatMap((output) => (output.tasks ?? []).map(toTaskReading));
    },

    describeContainerInstances: (cluster, arns, priority) =>
      describeContainerInstances(client, call, { cluster, arns, priority }),

    async updateService({ cluster, service, taskDefinition, desired }, priority) {
      const output = await call(
        { service: "ecs", operation: "UpdateService", family: "ecs-service-modify", priority, effect: "write" },
        (abortSignal) =>
          client.send(new UpdateServiceCommand({ cluster, service, taskDefinition, desiredCount: desired }), {
            abortSignal,
          }),
      );
      return {
        requestId: output.$metadata.requestId ?? null,
        service: output.service ? toServiceReading(output.service) : null,
      };
    },
  };
}

/** Splits a list into parts of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}

function missingService(cluster: string, name: string, reason: string): AwsFailure {
  return missingFailure("ecs", "DescribeServices", reason, say("awsError.noService", { name, cluster }));
}

function toServiceReading(service: SdkService): ServiceReading {
  return {
    name: service.serviceName ?? lastPart(service.serviceArn ?? ""),
    arn: service.serviceArn ?? "",
    status: service.status ?? "ACTIVE",
    taskDefinition: service.taskDefinition ?? "",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    deployments: (service.deployments ?? []).map(toEcsDeployment),
    events: (service.events ?? [])
      .map((event) => ({ id: event.id ?? "", at: event.createdAt?.getTime() ?? 0, message: event.message ?? "" }))
      .sort((a, b) => b.at - a.at)
      .slice(0, EVENTS_KEPT),
    targetGroupArns: (service.loadBalancers ?? []).flatMap((lb) => (lb.targetGroupArn ? [lb.targetGroupArn] : [])),
    balanced: balancedContainers([
      ...(service.loadBalancers ?? []),
      ...(service.taskSets ?? []).flatMap((set) => set.loadBalancers ?? []),
    ]),
    ...besidesOf(service),
    ...launchTypeOf(service),
    deploymentController: service.deploymentController?.type ?? "ECS",
    taskSets: (service.taskSets ?? []).map(toTaskSetReading),
    strategy: service.deploymentConfiguration?.strategy ?? "ROLLING",
    pair: pairOf(service),
    pauses: pausesOf(service.deploymentConfiguration),
    serviceDeployment: service.currentServiceDeployment ?? null,
    serviceRevisions: (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []),
  };
}

function besidesOf(service: SdkService): Pick<ServiceReading, "besides"> {
  const besides = entrancesBesides(service);
  return besides.length > 0 ? { besides } : {};
}

/** A service of task sets has none of its own. */
function launchTypeOf({ launchType, taskSets = [] }: SdkService): Pick<ServiceReading, "launchType"> {
  const given = taskSets.find((set) => set.launchType !== undefined)?.launchType ?? launchType;
  return given ? { launchType: given } : {};
}

function balancedContainers(entries: readonly LoadBalancer[]): BalancedContainer[] {
  return entries.flatMap(({ targetGroupArn, containerName: container, containerPort, advancedConfiguration }) =>
    [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) =>
      arn && container ? [{ targetGroupArn: arn, container, port: containerPort ?? null }] : [],
    ),
  );
}

/** The first load balancer entry that names a pair. */
function pairOf(service: SdkService): ServicePair | null {
  for (const { targetGroupArn, advancedConfiguration: pair } of service.loadBalancers ?? [])
    if (targetGroupArn && pair?.alternateTargetGroupArn && pair.productionListenerRule)
      return {
        targetGroupArn,
        alternateTargetGroupArn: pair.alternateTargetGroupArn,
        productionRule: pair.productionListenerRule,
        testRule: pair.testListenerRule ?? null,
      };
  return null;
}

function toEcsDeployment(deployment: SdkDeployment): EcsDeployment {
  return {
    id: deployment.id ?? "",
    status: deployment.status ?? "",
    taskDefinition: deployment.taskDefinition ?? "",
    rolloutState: deployment.rolloutState ?? null,
    rolloutReason: deployment.rolloutStateReason ?? null,
    failedTasks: deployment.failedTasks ?? 0,
  };
}

function toTaskReading(task: SdkTask): TaskReading {
  const group = task.group ?? "";
  return {
    service: group.startsWith("service:") ? group.slice("service:".length) : null,
    task: {
      arn: task.taskArn ?? "",
      id: lastPart(task.taskArn ?? ""),
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

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
