import { DescribeDBClustersCommand, DescribeDBInstancesCommand, type RDSClient } from "@aws-sdk/client-rds";
import type { DatabaseFact } from "../domain/readiness/network-facts.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { everyPage } from "./networks.ts";

/** RDS's databases in our words; nothing of them is ever changed. */
export interface Databases {
  /** Clusters, and instances that are in none. */
  list(priority: Priority): Promise<DatabaseFact[]>;
}

/** RDS through the SDK's client. */
export function createDatabases(client: RDSClient, call: Caller): Databases {
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "rds", operation, family: "rds-read", priority, effect: "read" }, send);

  return {
    async list(priority) {
      const [instances, clusters] = await Promise.all([
        everyPage(async (Marker) => {
          const output = await read("DescribeDBInstances", priority, (abortSignal) =>
            client.send(new DescribeDBInstancesCommand({ Marker }), { abortSignal }),
          );
          return { items: output.DBInstances ?? [], next: output.Marker };
        }),
        everyPage(async (Marker) => {
          const output = await read("DescribeDBClusters", priority, (abortSignal) =>
            client.send(new DescribeDBClustersCommand({ Marker }), { abortSignal }),
          );
          return { items: output.DBClusters ?? [], next: output.Marker };
        }),
      ]);
      const membersOf = (cluster: string) => instances.filter((one) => one.DBClusterIdentifier === cluster);
      return [
        ...clusters.map(({ DBClusterIdentifier: name = "", Port, VpcSecurityGroups }) => ({
          ...{ name, port: Port ?? null, groupIds: groupsOf(VpcSecurityGroups) },
          isPublic: membersOf(name).some(({ PubliclyAccessible }) => PubliclyAccessible === true),
        })),
        ...instances
          .filter(({ DBClusterIdentifier: of }) => !clusters.some((one) => one.DBClusterIdentifier === of))
          .map(({ DBInstanceIdentifier: name = "", Endpoint, VpcSecurityGroups, PubliclyAccessible }) => ({
            // An instance that is being made has no endpoint yet.
            ...{ name, port: Endpoint?.Port ?? null, groupIds: groupsOf(VpcSecurityGroups) },
            isPublic: PubliclyAccessible === true,
          })),
      ];
    },
  };
}

function groupsOf(groups: readonly { VpcSecurityGroupId?: string }[] | undefined): string[] {
  return (groups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []);
}
