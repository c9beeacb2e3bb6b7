import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  type LoadBalancer,
  type Service,
} from "@aws-sdk/client-ecs";
import type { FoundService } from "../domain/discovery/discovery.ts";
import { taskPlatform } from "../domain/observation/image-platform.ts";
import type { ClusterFact } from "../domain/readiness/readiness-facts.ts";
import type { EcsMoves, TaskDefinitionFact } from "../domain/readiness/service-facts.ts";
import { shortName } from "../domain/text/short-name.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";
import { AwsFailure } from "./errors.ts";
import { logDestinationOf } from "./log-destination.ts";
import { everyPage } from "./networks.ts";
import { pausesOf } from "./pauses.ts";

/** What there is of ECS in an account, whoever made it. */
export interface EcsInventory {
  /** Null when there is none of this name. */
  findCluster(name: string, priority: Priority): Promise<ClusterFact | null>;
  /** Names of every active cluster. */
  listClusters(priority: Priority): Promise<string[]>;
  /** Those of these names that there are. */
  describeServices(cluster: string, names: readonly string[], priority: Priority): Promise<FoundService[]>;
  /** ARNs of every service of a cluster. */
  listServices(cluster: string, priority: Priority): Promise<string[]>;
  /** Names of a cluster's services that have all of these tags. */
  findTagged(cluster: string, tags: ReadonlyMap<string, string>, priority: Priority): Promise<string[]>;
  /** Null when there is none. `container` null means the only or first essential one. */
  findTaskDefinition(
    reference: string,
    container: string | null,
    priority: Priority,
  ): Promise<TaskDefinitionFact | null>;
}

const SERVICES_A_CALL = 10;
const MOST_PAGES = 50;

/** ECS through the SDK's client. */
export function createEcsInventory(client: ECSClient, call: Caller): EcsInventory {
  const inventory: EcsInventory = {
    async findCluster(name, priority) {
      const output = await call(
        { service: "ecs", operation: "DescribeClusters", family: "ecs-cluster-read", priority, effect: "read" },
        (abortSignal) => client.send(new DescribeClustersCommand({ clusters: [name] }), { abortSignal }),
      );
      const [found] = output.clusters ?? [];
      return found
        ? { name: found.clusterName ?? name, status: found.status ?? "", runningTasks: found.runningTasksCount ?? 0 }
        : null;
    },

    async listClusters(priority) {
      const arns = await everyPage(async (nextToken) => {
        const output = await call(
          { service: "ecs", operation: "ListClusters", family: "ecs-cluster-read", priority, effect: "read" },
          (abortSignal) => client.send(new ListClustersCommand({ nextToken, maxResults: 100 }), { abortSignal }),
        );
        return { items: output.clusterArns ?? [], next: output.nextToken };
      }, MOST_PAGES);
      return arns.map(shortName);
    },

    async describeServices(cluster, names, priority) {
      const answers = await Promise.all(
        chunks([...new Set(names)], SERVICES_A_CALL).map((services) =>
          call(
            { service: "ecs", operation: "DescribeServices", family: "ecs-service-read", priority, effect: "read" },
            (abortSignal) => client.send(new DescribeServicesCommand({ cluster, services }), { abortSignal }),
          ),
        ),
      );
      return answers.flatMap(({ services = [] }) =>
        services.filter(({ status }) => status !== "INACTIVE").map((service) => toService(cluster, service)),
      );
    },

    listServices(cluster, priority) {
      return everyPage(async (nextToken) => {
        const output = await call(
          { service: "ecs", operation: "ListServices", family: "ecs-service-read", priority, effect: "read" },
          (abortSignal) =>
            client.send(new ListServicesCommand({ cluster, nextToken, maxResults: 100 }), { abortSignal }),
        );
        return { items: output.serviceArns ?? [], next: output.nextToken };
      }, MOST_PAGES);
    },

    async findTagged(cluster, tags, priority) {
      const arns = await inventory.listServices(cluster, priority);
      const answers = await Promise.all(
        chunks(arns, SERVICES_A_CALL).map((services) =>
          call(
            { service: "ecs", operation: "DescribeServices", family: "ecs-service-read", priority, effect: "read" },
            (abortSignal) =>
              client.send(new DescribeServicesCommand({ cluster, services, include: ["TAGS"] }), { abortSignal }),
          ),
        ),
      );
      return answers
        .flatMap(({ services = [] }) => services)
        .filter((found) => found.status !== "INACTIVE")
        .filter(({ tags: own = [] }) =>
          [...tags].every(([key, value]) => own.some((t) => t.key === key && t.value === value)),
        )
        .flatMap(({ serviceName }) => serviceName ?? []);
    },

    async findTaskDefinition(taskDefinition, container, priority) {
      try {
        const output = await call(
          {
            service: "ecs",
            operation: "DescribeTaskDefinition",
            family: "ecs-definition-read",
            priority,
            effect: "read",
          },
          (abortSignal) => client.send(new DescribeTaskDefinitionCommand({ taskDefinition }), { abortSignal }),
        );
        return toTaskDefinition(output.taskDefinition, container);
      } catch (error) {
        // ECS has no code of its own for a family that does not exist: "Unable to describe task definition."
        if (error instanceof AwsFailure && (error.kind === "missing" || error.code.startsWith("ClientException")))
          return null;
        throw error;
      }
    },
  };
  return inventory;
}

function toService(cluster: string, service: Service): FoundService {
  const taskSets = (service.taskSets ?? []).filter(({ status }) => status !== "DRAINING");
  const primary = taskSets.find(({ status }) => status === "PRIMARY") ?? taskSets[0];
  const vpc = (service.networkConfiguration ?? primary?.networkConfiguration)?.awsvpcConfiguration;
  const balancers = [...(service.loadBalancers ?? []), ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
  const groups = new Map(
    balancers.map(({ targetGroupArn = "", containerName = "", containerPort = 0 }) => [
      targetGroupArn,
      { arn: targetGroupArn, container: containerName, port: containerPort },
    ]),
  );
  const moves = movesOf(balancers);
  const advanced = balancers.find(({ advancedConfiguration }) => advancedConfiguration)?.advancedConfiguration;
  const deploymentController = service.deploymentController?.type ?? "ECS";
  const strategy = service.deploymentConfiguration?.strategy ?? "ROLLING";
  const isNative = deploymentController === "ECS" && strategy !== "ROLLING";
  return {
    cluster,
    name: service.serviceName ?? "",
    status: service.status ?? "",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    deploymentController,
    strategy,
    ...(isNative ? { pauses: pausesOf(service.deploymentConfiguration) } : {}),
    ...(isNative && moves.length > 0 ? { moves } : {}),
    taskDefinition: service.taskDefinition ?? primary?.taskDefinition ?? "",
    subnetIds: vpc?.subnets ?? [],
    securityGroupIds: vpc?.securityGroups ?? [],
    assignsPublicIp: vpc?.assignPublicIp === "ENABLED",
    groups: [...groups.values()].filter(({ arn }) => arn !== ""),
    native: advanced?.alternateTargetGroupArn ? { alternateGroupArn: advanced.alternateTargetGroupArn } : null,
  };
}

function movesOf(balancers: readonly LoadBalancer[]): EcsMoves[] {
  const moves = new Map<string, { rules: Set<string>; targetGroups: Set<string> }>();
  for (const { targetGroupArn, advancedConfiguration: pair } of balancers) {
    if (!pair?.roleArn) continue;
    const { rules, targetGroups } = moves.get(pair.roleArn) ?? { rules: new Set(), targetGroups: new Set() };
    for (const arn of [pair.productionListenerRule, pair.testListenerRule]) if (arn) rules.add(arn);
    for (const arn of [targetGroupArn, pair.alternateTargetGroupArn]) if (arn) targetGroups.add(arn);
    moves.set(pair.roleArn, { rules, targetGroups });
  }
  return [...moves].map(([roleArn, { rules, targetGroups }]) => ({
    roleArn,
    rules: [...rules],
    targetGroups: [...targetGroups],
  }));
}

function toTaskDefinition(
  found:
    | {
        taskDefinitionArn?: string;
        status?: string;
        requiresCompatibilities?: string[];
        networkMode?: string;
        runtimePlatform?: { cpuArchitecture?: string; operatingSystemFamily?: string };
        cpu?: string;
        memory?: string;
        executionRoleArn?: string;
        taskRoleArn?: string;
        containerDefinitions?: readonly {
          name?: string;
          image?: string;
          essential?: boolean;
          portMappings?: { containerPort?: number }[];
          secrets?: { valueFrom: string | undefined }[];
          logConfiguration?: { logDriver?: string; options?: Record<string, string> };
          healthCheck?: { command: string[] | undefined };
        }[];
      }
    | undefined,
  name: string | null,
): TaskDefinitionFact | null {
  if (!found) return null;
  const containers = found.containerDefinitions ?? [];
  const main =
    name === null
      ? (containers.find(({ essential }) => essential !== false) ?? containers[0])
      : containers.find((one) => one.name === name);
  const isFargate = (found.requiresCompatibilities ?? []).includes("FARGATE");
  return {
    arn: found.taskDefinitionArn ?? "",
    status: found.status ?? "",
    isFargate,
    registersBy: isFargate || found.networkMode === "awsvpc" ? "ip" : "instance",
    platform: taskPlatform({
      cpuArchitecture: found.runtimePlatform?.cpuArchitecture ?? null,
      operatingSystemFamily: found.runtimePlatform?.operatingSystemFamily ?? null,
      requiresFargate: isFargate,
    }),
    cpu: found.cpu ?? null,
    memory: found.memory ?? null,
    executionRoleArn: found.executionRoleArn ?? null,
    taskRoleArn: found.taskRoleArn ?? null,
    container: main
      ? {
          name: main.name ?? "",
          image: main.image ?? "",
          ports: (main.portMappings ?? []).map(({ containerPort = 0 }) => containerPort),
          ...logOf(main.name ?? "", main.logConfiguration),
          healthPath: healthPathOf(main.healthCheck?.command),
        }
      : null,
    secrets: containers.flatMap(({ secrets = [] }) => secrets.map(({ valueFrom = "" }) => valueFrom)),
  };
}

/** Null for a driver that does not end in CloudWatch Logs. */
function logOf(name: string, log: { logDriver?: string; options?: Record<string, string> } | undefined) {
  const { logGroup, logRegion } = logDestinationOf(name, log?.logDriver ?? null, log?.options ?? {});
  return { logGroup, ...(logRegion ? { logRegion } : {}) };
}

/** What a command such as `curl -f http://localhost:8081/health || exit 1` asks. */
function healthPathOf(command: readonly string[] | undefined): string | null {
  const address = /\bhttps?:\/\/[^/\s"']+(\/[^\s"'|;&)]*)?/.exec((command ?? []).join(" "));
  return address ? (address[1] ?? "/") : null;
}
