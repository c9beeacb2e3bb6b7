import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import { createRds } from "./rds.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;
let client: RDSClient;

beforeEach(async () => {
  const vpcOfGroup = (id: string) => (id === "sg-1" ? "vpc-1" : id === "sg-2" ? "vpc-2" : null);
  server = await startTestServer({ services: [createRds(testBase(), { vpcOfGroup }).service] });
  client = new RDSClient(server.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

const make = (DBInstanceIdentifier: string, more: object = {}) =>
  client.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier, DBInstanceClass: "db.t4g.micro", Engine: "mysql", VpcSecurityGroupIds: ["sg-1"] },
      ...more,
    }),
  );

it("tells an instance's port, groups, VPC and whether it has a public address, through the SDK's own client", async () => {
  await make("Library-db", { PubliclyAccessible: true });
  const { DBInstances } = await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "library-DB" }));
  expect(DBInstances).toMatchObject([
    {
      ...{ DBInstanceIdentifier: "library-db", Engine: "mysql", PubliclyAccessible: true },
      Endpoint: { Port: 3306 },
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1", Status: "active" }],
      DBSubnetGroup: { VpcId: "vpc-1" },
    },
  ]);
  await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "library-db" }));
  const gone = client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "library-db" }));
  await expect(gone).rejects.toMatchObject({ name: "DBInstanceNotFoundFault", $metadata: { httpStatusCode: 404 } });
});

it("tells a cluster with its members, which have its port and groups", async () => {
  const cluster = { DBClusterIdentifier: "shop", Engine: "aurora-postgresql", VpcSecurityGroupIds: ["sg-1"] };
  await client.send(new CreateDBClusterCommand(cluster));
  await make("shop-1", { DBClusterIdentifier: "shop", Engine: "aurora-postgresql", VpcSecurityGroupIds: undefined });
  const { DBClusters } = await client.send(new DescribeDBClustersCommand({}));
  expect(DBClusters).toMatchObject([{ Port: 5432, DBClusterMembers: [{ DBInstanceIdentifier: "shop-1" }] }]);
  const { DBInstances } = await client.send(new DescribeDBInstancesCommand({}));
  expect(DBInstances).toMatchObject([{ DBClusterIdentifier: "shop", Endpoint: { Port: 5432 } }]);
});

it("lists page by page, and refuses what AWS refuses", async () => {
  for (let index = 0; index < 25; index += 1) await make(`db-${index}`);
  const first = await client.send(new DescribeDBInstancesCommand({ MaxRecords: 20 }));
  const rest = await client.send(new DescribeDBInstancesCommand({ MaxRecords: 20, Marker: first.Marker }));
  expect([first.DBInstances?.length, rest.DBInstances?.length, rest.Marker]).toEqual([20, 5, undefined]);
  await expect(client.send(new DescribeDBInstancesCommand({ MaxRecords: 5 }))).rejects.toThrow(/between 20 and 100/);
  await expect(make("1db")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(make("db-0")).rejects.toThrow(/already exists/);
  await expect(make("other", { VpcSecurityGroupIds: ["sg-none"] })).rejects.toThrow(/Invalid security group/);
  await expect(make("other", { VpcSecurityGroupIds: ["sg-1", "sg-2"] })).rejects.toThrow(/different VPCs/);
});
