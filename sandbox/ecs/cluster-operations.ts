import type {
  ClusterField,
  CreateClusterRequest,
  CreateClusterResponse,
  DeleteClusterRequest,
  DeleteClusterResponse,
  DescribeCapacityProvidersRequest,
  DescribeCapacityProvidersResponse,
  DescribeClustersRequest,
  DescribeClustersResponse,
  Cluster as EcsCluster,
  KeyValuePair,
  ListClustersRequest,
  ListClustersResponse,
} from "@aws-sdk/client-ecs";
import { AwsError, type Handler } from "../service.ts";
import { ecsArn, invalidParameter, lastPart } from "./arns.ts";
import { FARGATE_PROVIDERS, unknownProvider } from "./launch-checks.ts";
import { getCluster } from "./look-ups.ts";
import { takePage } from "./paging.ts";
import type { Cluster, EcsWorld } from "./world.ts";

const INSIGHTS_OFF = { name: "containerInsights", value: "disabled" } as const;
const ALL_PARTS: readonly ClusterField[] = ["TAGS", "SETTINGS", "CONFIGURATIONS", "STATISTICS"];

/** What is not asked for by `include` is left out; lists are then there and empty. */
const describeCluster = (cluster: Cluster, include: readonly ClusterField[]): EcsCluster => {
  let running = 0;
  let pending = 0;
  for (const task of cluster.tasks) {
    if (task.lastStatus === "RUNNING") running += 1;
    else if (task.desiredStatus === "RUNNING") pending += 1;
  }
  const services = [...cluster.services.values()].filter((service) => service.status !== "INACTIVE");
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: cluster.instances.length,
    runningTasksCount: running,
    pendingTasksCount: pending,
    activeServicesCount: services.length,
    statistics: include.includes("STATISTICS") ? statisticsOf(cluster) : [],
    tags: include.includes("TAGS") ? cluster.tags : [],
    settings: include.includes("SETTINGS") ? [...cluster.settings] : [],
    ...(include.includes("CONFIGURATIONS") ? { configuration: cluster.configuration } : {}),
    capacityProviders: [...cluster.capacityProviders],
    defaultCapacityProviderStrategy: [...cluster.defaultStrategy],
    ...(cluster.serviceConnectNamespace === undefined
      ? {}
      : { serviceConnectDefaults: { namespace: cluster.serviceConnectNamespace } }),
  };
};

function statisticsOf(cluster: Cluster): KeyValuePair[] {
  const running = { EC2: 0, FARGATE: 0 };
  const pending = { EC2: 0, FARGATE: 0 };
  for (const { lastStatus, desiredStatus, launchType } of cluster.tasks) {
    const counts = lastStatus === "RUNNING" ? running : desiredStatus === "RUNNING" ? pending : null;
    if (counts) counts[launchType === "EC2" ? "EC2" : "FARGATE"] += 1;
  }
  return [
    { name: "runningEC2TasksCount", value: String(running.EC2) },
    { name: "runningFargateTasksCount", value: String(running.FARGATE) },
    { name: "pendingEC2TasksCount", value: String(pending.EC2) },
    { name: "pendingFargateTasksCount", value: String(pending.FARGATE) },
  ];
}

/** Operations on clusters. */
export function clusterOperations(world: EcsWorld): Record<string, Handler> {
  return {
    CreateCluster(input: CreateClusterRequest): CreateClusterResponse {
      const name = input.clusterName ?? "default";
      if (!/^[a-zA-Z0-9][\w-]{0,254}$/.test(name)) throw invalidParameter("Invalid cluster name.");
      const existing = world.clusters.get(name);
      if (existing?.status === "ACTIVE") return { cluster: describeCluster(existing, ALL_PARTS) };
      const { capacityProviders = [], defaultCapacityProviderStrategy = [] } = input;
      const unknown = capacityProviders.find((one) => !FARGATE_PROVIDERS.includes(lastPart(one)));
      if (unknown !== undefined) throw invalidParameter(unknownProvider(unknown));
      const other = defaultCapacityProviderStrategy.find(
        ({ capacityProvider = "" }) => !capacityProviders.some((one) => lastPart(one) === lastPart(capacityProvider)),
      );
      // Assumption: AWS's words.
      if (other)
        throw invalidParameter(
          `The capacity provider '${other.capacityProvider}' of the default strategy is not associated with the cluster.`,
        );
      const cluster: Cluster = {
        arn: ecsArn(world.base.place, `cluster/${name}`),
        name,
        order: world.nextOrder(),
        status: "ACTIVE",
        tags: input.tags ?? [],
        settings: input.settings?.length ? input.settings : [INSIGHTS_OFF],
        configuration: input.configuration,
        capacityProviders: capacityProviders.map(lastPart),
        defaultStrategy: defaultCapacityProviderStrategy,
        serviceConnectNamespace: input.serviceConnectDefaults?.namespace,
        instances: [],
        services: new Map(),
        tasks: new Set(),
      };
      world.clusters.delete(name);
      world.clusters.set(name, cluster);
      return { cluster: describeCluster(cluster, ALL_PARTS) };
    },

    DescribeClusters(input: DescribeClustersRequest): DescribeClustersResponse {
      const names = input.clusters?.length ? input.clusters : ["default"];
      if (names.length > 100) throw invalidParameter("Clusters cannot have more than 100 elements.");
      const clusters: EcsCluster[] = [];
      const failures = [];
      for (const nameOrArn of names) {
        const cluster = world.clusters.get(lastPart(nameOrArn));
        if (cluster) clusters.push(describeCluster(cluster, input.include ?? []));
        else failures.push({ arn: ecsArn(world.base.place, `cluster/${lastPart(nameOrArn)}`), reason: "MISSING" });
      }
      return { clusters, failures };
    },

    DescribeCapacityProviders(input: DescribeCapacityProvidersRequest): DescribeCapacityProvidersResponse {
      const wanted = input.capacityProviders ?? FARGATE_PROVIDERS;
      const isThere = (nameOrArn: string) => FARGATE_PROVIDERS.includes(lastPart(nameOrArn));
      return {
        capacityProviders: wanted.filter(isThere).map((name) => ({
          capacityProviderArn: ecsArn(world.base.place, `capacity-provider/${lastPart(name)}`),
          name: lastPart(name),
          status: "ACTIVE" as const,
          tags: [],
        })),
        failures: wanted
          .filter((name) => !isThere(name))
          .map((name) => ({ arn: ecsArn(world.base.place, `capacity-provider/${lastPart(name)}`), reason: "MISSING" })),
      };
    },

    ListClusters(input: ListClustersRequest): ListClustersResponse {
      const active = [...world.clusters.values()].filter((cluster) => cluster.status === "ACTIVE");
      const { page, nextToken } = takePage(active, input);
      return { clusterArns: page.map((cluster) => cluster.arn), nextToken };
    },

    DeleteCluster(input: DeleteClusterRequest): DeleteClusterResponse {
      const cluster = getCluster(world, input.cluster);
      if ([...cluster.services.values()].some((service) => service.status === "ACTIVE"))
        throw new AwsError(
          "ClusterContainsServicesException",
          "The Cluster cannot be deleted while Services are active.",
        );
      if ([...cluster.tasks].some((task) => task.lastStatus !== "STOPPED"))
        throw new AwsError("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.");
      cluster.status = "INACTIVE";
      return { cluster: describeCluster(cluster, []) };
    },
  };
}
