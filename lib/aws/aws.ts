import type { CredentialsProvider } from "./assumed-role.ts";
import { type Budgets, createBudgets } from "./budget.ts";
import type { BudgetFamily, BudgetLimit } from "./budget-limits.ts";
import { createCaller, type UnacceptedPart } from "./caller.ts";
import { type Certificates, createCertificates } from "./certificates.ts";
import { createClients } from "./clients.ts";
import { type Cloudwatch, createCloudwatch } from "./cloudwatch.ts";
import { type CodeDeploy, createCodeDeploy } from "./code-deploy.ts";
import { createDatabases, type Databases } from "./databases.ts";
import { createEcr, type Ecr } from "./ecr.ts";
import { createEcs, type Ecs } from "./ecs.ts";
import { createElb, type Elb } from "./elb.ts";
import { createImages, type Images } from "./images.ts";
import { createLogInsights, type LogInsights } from "./insights.ts";
import { createInventory, type Inventory } from "./inventory.ts";
import { createLockedObjects, type LockedObjects } from "./locked-objects.ts";
import { createLogReader, type LogReader } from "./logs.ts";
import { createManagedSecrets, type ManagedSecrets } from "./managed-secrets.ts";
import { createNetworks, type Networks } from "./networks.ts";
import { createOciRegistry } from "./oci-registry.ts";
import { createParameters, type Parameters } from "./parameters.ts";
import { createQueues, type Queues } from "./queues.ts";
import { createRoles, type Roles } from "./roles.ts";
import { createScaling, type Scaling } from "./scaling.ts";
import { createServiceDeployments, type ServiceDeployments } from "./service-deployments.ts";
import { createSts, type Sts } from "./sts.ts";
import { createTaskDefinitions, type TaskDefinitions } from "./task-definitions.ts";
import { createTaskSets, type TaskSets } from "./task-sets.ts";
import { createTrail, type Trail } from "./trail.ts";

/** AWS in our words: everything that Switchyard asks or tells it goes through here and through the budgets. */
export interface Aws {
  readonly region: string;
  /** Null means AWS itself. */
  readonly endpoint: string | null;
  readonly budgets: Budgets;
  /** What AWS did not accept of the newest call; null while it accepts them. */
  unaccepted(): UnacceptedPart | null;
  readonly ecs: Ecs;
  readonly definitions: TaskDefinitions;
  readonly taskSets: TaskSets;
  readonly serviceDeployments: ServiceDeployments;
  readonly codeDeploy: CodeDeploy;
  readonly elb: Elb;
  readonly ecr: Ecr;
  readonly images: Images;
  readonly logs: LogReader;
  readonly insights: LogInsights;
  readonly cloudwatch: Cloudwatch;
  readonly scaling: Scaling;
  readonly sts: Sts;
  readonly inventory: Inventory;
  readonly networks: Networks;
  readonly parameters: Parameters;
  readonly managedSecrets: ManagedSecrets;
  readonly roles: Roles;
  readonly certificates: Certificates;
  readonly trail: Trail;
  readonly queues: Queues;
  readonly databases: Databases;
  /** What AWS said to the newest call of an IAM action, such as "ecs:DescribeServices"; null where none was made. */
  heard(action: string): "allowed" | "denied" | null;
  readonly lockedObjects: LockedObjects;
  /** Closes every connection. */
  destroy(): void;
}

export interface AwsOptions {
  region: string;
  endpoint: string | null;
  /** Known beforehand, so that STS is never asked. */
  accountId?: string;
  /** What calls are signed with; what the SDK finds when left out. */
  credentials?: CredentialsProvider;
  now?: () => number;
  /** Limits that differ from the documented ones. */
  limits?: Partial<Record<BudgetFamily, BudgetLimit>>;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
  /** How registries outside AWS are asked; the platform's own fetch unless said otherwise. */
  registryFetch?: typeof fetch;
}

/** One a process, account and Region. */
export function createAws(options: AwsOptions): Aws {
  const clients = createClients(options);
  const budgets = createBudgets(options.now, options.limits);
  let unaccepted: UnacceptedPart | null = null;
  const heard = new Map<string, "allowed" | "denied">();
  const call = createCaller(
    budgets,
    (part) => {
      unaccepted = part;
    },
    (action, answer) => heard.set(action, answer),
  );
  const ecr = createEcr(clients.ecrIn, options.region, call);
  const sts = createSts(clients.sts, call, options.accountId ?? null);
  return {
    region: options.region,
    endpoint: options.endpoint,
    budgets,
    unaccepted: () => unaccepted,
    ecs: createEcs(clients.ecs, call),
    definitions: createTaskDefinitions(clients.ecs, call),
    taskSets: createTaskSets(clients.ecs, call),
    serviceDeployments: createServiceDeployments(clients.ecs, call),
    codeDeploy: createCodeDeploy(clients.codedeploy, call),
    elb: createElb(clients.elb, call),
    ecr,
    images: createImages(ecr, createOciRegistry(options.registryFetch)),
    logs: createLogReader(clients.logs, call),
    insights: createLogInsights(clients.logs, call),
    cloudwatch: createCloudwatch(clients.cloudwatch, call),
    scaling: createScaling(clients.scaling, call),
    sts,
    inventory: createInventory(clients, call),
    networks: createNetworks(clients.ec2, call),
    lockedObjects: createLockedObjects(clients.ecs, options),
    parameters: createParameters(clients.ssm, call),
    managedSecrets: createManagedSecrets(clients.secretsManager, call),
    roles: createRoles(clients.iam, call),
    certificates: createCertificates(clients.acm, call),
    trail: createTrail(clients.cloudtrail, call),
    queues: createQueues(clients.sqs, call),
    databases: createDatabases(clients.rds, call),
    heard: (action) => heard.get(action) ?? null,
    destroy: clients.destroy,
  };
}
