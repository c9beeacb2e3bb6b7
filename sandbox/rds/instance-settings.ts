import type * as Rds from "@aws-sdk/client-rds";
import { AwsError } from "../service.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html; the least of MySQL, MariaDB and PostgreSQL. */
const LEAST_GIB: Readonly<Record<string, number>> = { gp2: 20, gp3: 20, io1: 100, io2: 100, standard: 5 };
const MOST_GIB = 65_536;
const MOST_RETENTION_DAYS = 35;
/** What a member of a cluster has from it. */
const OF_CLUSTER = {
  MasterUsername: "master user name",
  MasterUserPassword: "master user password",
  Port: "endpoint port",
};

const badValue = (text: string) => new AwsError("InvalidParameterValue", text);
const badCombination = (text: string) => new AwsError("InvalidParameterCombination", text);

/** Refuses what RDS refuses at once. Assumption: the words of the combinations; the rest is AWS's. */
export function checkInstance(input: Rds.CreateDBInstanceMessage): void {
  if (input.DBClusterIdentifier !== undefined) {
    for (const [member, words] of Object.entries(OF_CLUSTER))
      if (input[member as keyof typeof OF_CLUSTER] !== undefined)
        throw badCombination(
          `The requested DB Instance will be a member of a DB Cluster. Set ${words} for the DB Cluster.`,
        );
    return;
  }
  if (!input.MasterUsername) throw badValue("The parameter MasterUsername must be provided and must not be blank.");
  if (input.ManageMasterUserPassword && input.MasterUserPassword)
    throw badCombination("You can't specify MasterUserPassword for an instance with ManageMasterUserPassword enabled.");
  if (!input.ManageMasterUserPassword && !input.MasterUserPassword)
    throw badValue("The parameter MasterUserPassword must be provided and must not be blank.");
  checkStorage(input);
  const days = input.BackupRetentionPeriod ?? 1;
  if (days < 0 || days > MOST_RETENTION_DAYS)
    throw badValue(`Invalid backup retention period: ${days}. Must be between 0 and ${MOST_RETENTION_DAYS}.`);
}

function checkStorage({ Engine, StorageType = "gp2", AllocatedStorage = 0, ...input }: Rds.CreateDBInstanceMessage) {
  const least = Object.hasOwn(LEAST_GIB, StorageType) ? LEAST_GIB[StorageType] : undefined;
  if (least === undefined) throw badValue(`Invalid storage type: ${StorageType}`);
  if (AllocatedStorage < least || AllocatedStorage > MOST_GIB)
    throw badValue(
      `Invalid storage size for engine name ${Engine} and storage type ${StorageType}: ${AllocatedStorage}`,
    );
  if (StorageType.startsWith("io") && input.Iops === undefined)
    throw badCombination(`You must specify Iops with storage type ${StorageType}.`);
  if (input.KmsKeyId !== undefined && !input.StorageEncrypted)
    throw badCombination("KmsKeyId can be specified only with StorageEncrypted.");
}

/** What RDS tells again of what it was given, with its defaults; a password never. */
export function toldSettings(input: Rds.CreateDBInstanceMessage): Partial<Rds.DBInstance> {
  return {
    AllocatedStorage: input.AllocatedStorage ?? 1,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    AvailabilityZone: input.AvailabilityZone,
    BackupRetentionPeriod: input.BackupRetentionPeriod ?? 1,
    CACertificateIdentifier: input.CACertificateIdentifier ?? "rds-ca-rsa2048-g1",
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    DBName: input.DBName,
    DeletionProtection: input.DeletionProtection ?? false,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports,
    EngineVersion: input.EngineVersion,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
    Iops: input.Iops,
    KmsKeyId: input.KmsKeyId,
    LicenseModel: input.LicenseModel,
    MasterUsername: input.MasterUsername,
    MaxAllocatedStorage: input.MaxAllocatedStorage,
    MonitoringInterval: input.MonitoringInterval ?? 0,
    NetworkType: input.NetworkType ?? "IPV4",
    PerformanceInsightsEnabled: input.EnablePerformanceInsights ?? false,
    PreferredBackupWindow: input.PreferredBackupWindow,
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
    PromotionTier: input.PromotionTier,
    StorageEncrypted: input.StorageEncrypted ?? false,
    StorageThroughput: input.StorageThroughput,
    StorageType: input.StorageType ?? "gp2",
    TagList: input.Tags ?? [],
  };
}

/** Refuses to delete what is protected, and to leave open whether a snapshot is kept. */
export function checkDelete(instance: Rds.DBInstance, input: Rds.DeleteDBInstanceMessage): void {
  if (instance.DeletionProtection)
    throw badCombination("Cannot delete protected DB Instance, please disable deletion protection and try again.");
  // The last snapshot of a cluster's member is the cluster's.
  if (instance.DBClusterIdentifier !== undefined) return;
  if (!input.SkipFinalSnapshot && input.FinalDBSnapshotIdentifier === undefined)
    throw badCombination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
  if (input.SkipFinalSnapshot && input.FinalDBSnapshotIdentifier !== undefined)
    throw badCombination("FinalDBSnapshotIdentifier cannot be specified when SkipFinalSnapshot is specified.");
}
