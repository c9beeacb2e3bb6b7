import type * as Rds from "@aws-sdk/client-rds";
import { AwsError, type SandboxBase, type SimulatedService } from "../service.ts";
import { checkDelete, checkInstance, toldSettings } from "./instance-settings.ts";

/** Simulated databases: what is there and how it is reached, without any data. */
export interface RdsSimulator {
  service: SimulatedService;
  reset(): void;
}

/** What RDS asks of EC2. */
export interface RdsNetwork {
  /** The VPC of a security group; null when there is none. */
  vpcOfGroup(id: string): string | null;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { mysql: 3306, mariadb: 3306, postgres: 5432 };
const LEAST_PAGE = 20;
const MOST_PAGE = 100;

/** An account without databases; what is made is available at once. */
export function createRds({ clock, place }: SandboxBase, network: RdsNetwork): RdsSimulator {
  const instances = new Map<string, Rds.DBInstance>();
  const clusters = new Map<string, Rds.DBCluster>();
  const arnOf = (kind: "db" | "cluster", name: string) =>
    `arn:aws:rds:${place.region}:${place.accountId}:${kind}:${name}`;
  const addressOf = (name: string) => `${name}.c0ffee.${place.region}.rds.amazonaws.com`;

  function vpcOf(groups: readonly string[]): string | undefined {
    const vpcs = groups.map((id) => {
      const vpc = network.vpcOfGroup(id);
      if (vpc === null)
        throw new AwsError("InvalidParameterValue", `Invalid security group , groupId= ${id}, groupName=.`);
      return vpc;
    });
    if (new Set(vpcs).size > 1)
      throw new AwsError(
        "InvalidVPCNetworkStateFault",
        "The DB instance and EC2 security group are in different VPCs.",
      );
    return vpcs[0];
  }

  return {
    service: {
      name: "rds",
      operations: {
        CreateDBCluster(input: Rds.CreateDBClusterMessage): Rds.CreateDBClusterResult {
          const name = nameOf(input.DBClusterIdentifier, "DBClusterIdentifier");
          if (clusters.has(name)) throw new AwsError("DBClusterAlreadyExistsFault", "DB Cluster already exists");
          const groups = input.VpcSecurityGroupIds ?? [];
          vpcOf(groups);
          const DBCluster: Rds.DBCluster = {
            DBClusterIdentifier: name,
            DBClusterArn: arnOf("cluster", name),
            Engine: input.Engine,
            Status: "available",
            Endpoint: addressOf(`${name}.cluster`),
            Port:
              input.Port ??
              DEFAULT_PORTS[(input.Engine ?? "").replace("aurora-", "").replace("postgresql", "postgres")],
            VpcSecurityGroups: groups.map((id) => ({ VpcSecurityGroupId: id, Status: "active" })),
            DBClusterMembers: [],
            ClusterCreateTime: new Date(clock.now()),
          };
          clusters.set(name, DBCluster);
          return { DBCluster };
        },

        CreateDBInstance(input: Rds.CreateDBInstanceMessage): Rds.CreateDBInstanceResult {
          const name = nameOf(input.DBInstanceIdentifier, "DBInstanceIdentifier");
          if (instances.has(name)) throw new AwsError("DBInstanceAlreadyExists", "DB instance already exists");
          checkInstance(input);
          const of = input.DBClusterIdentifier;
          const cluster = of === undefined ? undefined : getCluster(of);
          const groups =
            cluster?.VpcSecurityGroups?.map(({ VpcSecurityGroupId = "" }) => VpcSecurityGroupId) ??
            input.VpcSecurityGroupIds ??
            [];
          const VpcId = vpcOf(groups);
          const DBInstance: Rds.DBInstance = {
            ...toldSettings(input),
            DBInstanceIdentifier: name,
            DBInstanceArn: arnOf("db", name),
            DBInstanceClass: input.DBInstanceClass,
            DBClusterIdentifier: of,
            Engine: input.Engine,
            DBInstanceStatus: "available",
            Endpoint: {
              Address: addressOf(name),
              Port: cluster?.Port ?? input.Port ?? DEFAULT_PORTS[input.Engine ?? ""],
            },
            VpcSecurityGroups: groups.map((id) => ({ VpcSecurityGroupId: id, Status: "active" })),
            DBSubnetGroup: VpcId ? { DBSubnetGroupName: input.DBSubnetGroupName ?? "default", VpcId } : undefined,
            PubliclyAccessible: input.PubliclyAccessible ?? false,
            MultiAZ: input.MultiAZ ?? false,
            InstanceCreateTime: new Date(clock.now()),
          };
          instances.set(name, DBInstance);
          cluster?.DBClusterMembers?.push({ DBInstanceIdentifier: name, IsClusterWriter: true });
          return { DBInstance };
        },

        DescribeDBInstances(input: Rds.DescribeDBInstancesMessage): Rds.DBInstanceMessage {
          if (input.DBInstanceIdentifier !== undefined && !instances.has(input.DBInstanceIdentifier.toLowerCase()))
            throw new AwsError("DBInstanceNotFound", `DBInstance ${input.DBInstanceIdentifier} not found.`, 404);
          const { items, Marker } = page(instances, input.DBInstanceIdentifier, input);
          return { DBInstances: items, Marker };
        },

        DescribeDBClusters(input: Rds.DescribeDBClustersMessage): Rds.DBClusterMessage {
          if (input.DBClusterIdentifier !== undefined) getCluster(input.DBClusterIdentifier);
          const { items, Marker } = page(clusters, input.DBClusterIdentifier, input);
          return { DBClusters: items, Marker };
        },

        DeleteDBInstance(input: Rds.DeleteDBInstanceMessage): Rds.DeleteDBInstanceResult {
          const { DBInstanceIdentifier = "" } = input;
          const DBInstance = instances.get(DBInstanceIdentifier.toLowerCase());
          if (!DBInstance)
            throw new AwsError("DBInstanceNotFound", `DBInstance ${DBInstanceIdentifier} not found.`, 404);
          checkDelete(DBInstance, input);
          instances.delete(DBInstanceIdentifier.toLowerCase());
          return { DBInstance: { ...DBInstance, DBInstanceStatus: "deleting" } };
        },
      },
    },
    reset() {
      instances.clear();
      clusters.clear();
    },
  };

  function getCluster(name: string): Rds.DBCluster {
    const found = clusters.get(name.toLowerCase());
    if (found) return found;
    throw new AwsError("DBClusterNotFoundFault", `DBCluster ${name} not found.`, 404);
  }
}

/** Names are kept in small letters: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
function nameOf(given: string | undefined, member: string): string {
  if (given && /^[a-z](?!.*--)[a-z0-9-]{0,62}$/i.test(given) && !given.endsWith("-")) return given.toLowerCase();
  throw new AwsError(
    "InvalidParameterValue",
    `The parameter ${member} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
  );
}

function page<T>(
  all: ReadonlyMap<string, T>,
  name: string | undefined,
  { MaxRecords = MOST_PAGE, Marker }: { MaxRecords?: number; Marker?: string },
): { items: T[]; Marker: string | undefined } {
  if (MaxRecords < LEAST_PAGE || MaxRecords > MOST_PAGE)
    throw new AwsError(
      "InvalidParameterValue",
      `Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`,
    );
  const named = [...all].filter(([key]) => name === undefined || key === name.toLowerCase()).map(([, item]) => item);
  const start = Number(Marker ?? 0);
  if (!Number.isInteger(start)) throw new AwsError("InvalidParameterValue", "The marker is not valid");
  const items = named.slice(start, start + MaxRecords);
  return { items, Marker: start + MaxRecords < named.length ? String(start + MaxRecords) : undefined };
}
