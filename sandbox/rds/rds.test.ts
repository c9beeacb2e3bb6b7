import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
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

const ALONE = { MasterUsername: "admin", MasterUserPassword: "not-told", AllocatedStorage: 20 };
const make = (DBInstanceIdentifier: string, more: Partial<CreateDBInstanceCommandInput> = {}) =>
  client.send(
    new CreateDBInstanceCommand({
      ...{ DBInstanceIdentifier, DBInstanceClass: "db.t4g.micro", Engine: "mysql", VpcSecurityGroupIds: ["sg-1"] },
      ...(more.DBClusterIdentifier === undefined ? ALONE : {}),
      ...more,
    }),
  );
const remove = (DBInstanceIdentifier: string, more: object = {}) =>
  client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, ...more }));

it("tells what an instance was given and RDS's defaults, and a password never", async () => {
  const given = {
    ...{ DBName: "library", EngineVersion: "8.4.5", StorageType: "gp3", StorageEncrypted: true, KmsKeyId: "alias/rds" },
    ...{ BackupRetentionPeriod: 7, DeletionProtection: true, CopyTagsToSnapshot: true, MaxAllocatedStorage: 100 },
    ...{ PreferredBackupWindow: "03:00-04:00", PreferredMaintenanceWindow: "sun:05:00-sun:06:00" },
  };
  const { DBInstance } = await make("full", { ...given, Tags: [{ Key: "team", Value: "shop" }] });
  expect(DBInstance).toMatchObject({
    ...given,
    ...{ MasterUsername: "admin", AllocatedStorage: 20, TagList: [{ Key: "team", Value: "shop" }] },
    ...{ AutoMinorVersionUpgrade: true, IAMDatabaseAuthenticationEnabled: false, NetworkType: "IPV4" },
  });
  expect(JSON.stringify(DBInstance)).not.toContain("not-told");
  expect((await make("plain")).DBInstance).toMatchObject({ StorageType: "gp2", BackupRetentionPeriod: 1 });
});

it.each<[string, Partial<CreateDBInstanceCommandInput>, string, string]>([
  ["no user", { MasterUsername: undefined }, "InvalidParameterValue", "The parameter MasterUsername must be provided"],
  [
    "no password",
    { MasterUserPassword: undefined },
    "InvalidParameterValue",
    "The parameter MasterUserPassword must be",
  ],
  [
    "a password twice",
    { ManageMasterUserPassword: true },
    "InvalidParameterCombination",
    "You can't specify MasterUser",
  ],
  [
    "no storage",
    { AllocatedStorage: undefined },
    "InvalidParameterValue",
    "Invalid storage size for engine name mysql",
  ],
  [
    "too little",
    { AllocatedStorage: 10 },
    "InvalidParameterValue",
    "Invalid storage size for engine name mysql and storage type gp2: 10",
  ],
  ["an unknown storage", { StorageType: "gp9" }, "InvalidParameterValue", "Invalid storage type: gp9"],
  [
    "io1 without IOPS",
    { StorageType: "io1", AllocatedStorage: 100 },
    "InvalidParameterCombination",
    "You must specify Iops",
  ],
  ["a key alone", { KmsKeyId: "alias/rds" }, "InvalidParameterCombination", "KmsKeyId can be specified only"],
  [
    "backups for 36 days",
    { BackupRetentionPeriod: 36 },
    "InvalidParameterValue",
    "Invalid backup retention period: 36",
  ],
  [
    "a member's own port",
    { DBClusterIdentifier: "any", Port: 1 },
    "InvalidParameterCombination",
    "The requested DB Instance will be a member",
  ],
])("an instance with %s is refused", async (_what, more, name, message) => {
  await expect(make("refused", more)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

it("deletes nothing protected, and asks for the last snapshot or for none", async () => {
  const refused = { name: "InvalidParameterCombination" };
  await make("kept", { DeletionProtection: true });
  await expect(remove("kept", { SkipFinalSnapshot: true })).rejects.toMatchObject(refused);
  await make("gone");
  await expect(remove("gone")).rejects.toMatchObject(refused);
  await expect(remove("gone", { SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: "last" })).rejects.toMatchObject(
    refused,
  );
  await remove("gone", { FinalDBSnapshotIdentifier: "last" });
});

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
  await remove("library-db", { SkipFinalSnapshot: true });
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
