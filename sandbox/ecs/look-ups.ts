import type { LoadBalancer } from "@aws-sdk/client-ecs";
import { AwsError, type Place } from "../service.ts";
import { checkPlaceOf, lastPart } from "./arns.ts";
import type { Cluster, EcsWorld, Service, ServiceRevision } from "./world.ts";

/** The cluster of that name or ARN; `default` when none is named. @throws ClusterNotFoundException */
export function getCluster(world: EcsWorld, nameOrArn: string | undefined): Cluster {
  const cluster = world.clusters.get(lastPart(nameOrArn ?? "default"));
  if (cluster?.status !== "ACTIVE") throw new AwsError("ClusterNotFoundException", "Cluster not found.");
  return cluster;
}

/** The service of that name or ARN, active or not; null when there never was one. */
export function findService(cluster: Cluster, nameOrArn: string): Service | null {
  return cluster.services.get(lastPart(nameOrArn)) ?? null;
}

/** The account and Region of the cluster's ARN. */
function placeOf({ arn }: Cluster): Place {
  const [, , , region = "", accountId = ""] = arn.split(":");
  return { region, accountId };
}

/** @throws InvalidParameterException, ServiceNotFoundException, ServiceNotActiveException */
export function getActiveService(cluster: Cluster, nameOrArn: string): Service {
  checkPlaceOf(nameOrArn, placeOf(cluster), cluster.name);
  const service = findService(cluster, nameOrArn);
  if (!service) throw new AwsError("ServiceNotFoundException", "Service not found.");
  if (service.status !== "ACTIVE") throw new AwsError("ServiceNotActiveException", "Service was not ACTIVE.");
  return service;
}

/** The load balancers the revision's tasks really serve. */
export function servedLoadBalancers(revision: ServiceRevision): LoadBalancer[] {
  return revision.resolved ?? revision.loadBalancers;
}

/** Epoch milliseconds as the API's timestamp. */
export function toDate(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
