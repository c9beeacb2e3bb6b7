import type {
  CapacityProviderStrategyItem,
  ClusterConfiguration,
  ClusterSetting,
  CreateServiceRequest,
  DeploymentConfiguration,
  DeploymentRolloutState,
  TaskSet as EcsTaskSet,
  LaunchType,
  LoadBalancer,
  NetworkConfiguration,
  ServiceDeploymentRollbackMonitorsStatus,
  ServiceDeploymentStatus,
  StabilityStatus,
  Tag,
  TaskDefinition,
  TaskOverride,
  TaskStopCode,
} from "@aws-sdk/client-ecs";
import type { SandboxBase } from "../service.ts";
import type { Agenda } from "./agenda.ts";
import type { ContainerInstance, HostPort } from "./container-instance.ts";
import type { NativeProgress } from "./native/progress.ts";
import type { EcsPorts } from "./ports.ts";
import type { ServiceEventLog } from "./service-events.ts";
import type { TaskRuntime } from "./task-runtime.ts";
import type { EcsTimings } from "./timings.ts";

/** All state of the simulated ECS. */
export interface EcsWorld {
  readonly base: SandboxBase;
  readonly ports: EcsPorts;
  readonly timings: EcsTimings;
  readonly allVirtual: boolean;
  readonly agenda: Agenda;
  readonly clusters: Map<string, Cluster>;
  readonly families: Map<string, TaskDefinitionFamily>;
  readonly tasks: Map<string, Task>;
  /** Services the scheduler looks at on its next tick. Everything else it leaves alone. */
  readonly unsettled: Set<Service>;
  readonly runTaskTokens: Map<string, string[]>;
  nextOrder(): number;
}

export interface Cluster {
  readonly arn: string;
  readonly name: string;
  readonly order: number;
  status: "ACTIVE" | "INACTIVE";
  tags: Tag[];
  readonly settings: readonly ClusterSetting[];
  readonly configuration?: ClusterConfiguration;
  readonly capacityProviders: readonly string[];
  readonly defaultStrategy: readonly CapacityProviderStrategyItem[];
  readonly serviceConnectNamespace?: string;
  /** In the order in which they came. */
  readonly instances: ContainerInstance[];
  readonly services: Map<string, Service>;
  readonly tasks: Set<Task>;
}

export interface TaskDefinitionFamily {
  readonly name: string;
  readonly revisions: RegisteredTaskDefinition[];
}

export interface RegisteredTaskDefinition {
  readonly arn: string;
  /** The API's own shape; only status and deregisteredAt ever change. */
  readonly definition: TaskDefinition;
  tags: Tag[];
  /** Whether its tasks live in memory only. */
  readonly isVirtual: boolean;
}

export interface Service {
  readonly arn: string;
  readonly name: string;
  readonly order: number;
  readonly cluster: Cluster;
  readonly createdAt: number;
  readonly clientToken?: string;
  /** As created and updated since; what a new revision is made from. */
  settings: ServiceSettings;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  desiredCount: number;
  tags: Tag[];
  /** PRIMARY first, then the ones being replaced, newest first; none with task sets. */
  deployments: Deployment[];
  /** Oldest first; none unless the deployment controller is EXTERNAL. */
  taskSets: TaskSet[];
  /** CreateTaskSet's client token to the id it made, deleted ones included. */
  readonly taskSetTokens: Map<string, string>;
  /** Every revision ever deployed, oldest first. */
  readonly revisions: ServiceRevision[];
  /** Oldest first. */
  readonly serviceDeployments: ServiceDeployment[];
  /** Tasks not yet STOPPED. */
  readonly tasks: Set<Task>;
  readonly events: ServiceEventLog;
  readonly outbox: EventOutbox;
  isSteady: boolean;
}

export type ServiceSettings = Omit<
  CreateServiceRequest,
  "cluster" | "serviceName" | "taskDefinition" | "desiredCount" | "clientToken" | "tags"
> & { deploymentConfiguration: DeploymentConfiguration; launchType: LaunchType };

export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: RegisteredTaskDefinition;
  readonly loadBalancers: LoadBalancer[];
  readonly networkConfiguration?: NetworkConfiguration;
  readonly createdAt: number;
  /** Container name to digest, filled in by the first pull: later pulls of the revision use the same digest. */
  readonly digests: Map<string, string>;
  /** The load balancers with the target groups that ECS chose for it; null where they are the ones it was given. */
  resolved: LoadBalancer[] | null;
}

/** ECS's rolling deployment, which DescribeServices lists as `deployments`; a task set holds one of its own. */
export interface Deployment {
  readonly id: string;
  readonly revision: ServiceRevision;
  status: "PRIMARY" | "ACTIVE" | "INACTIVE";
  readonly createdAt: number;
  updatedAt: number;
  rolloutState: DeploymentRolloutState;
  rolloutStateReason: string;
  failedTasks: number;
  /** Whether failures still count: false once it has settled. */
  isWatched: boolean;
  /** Consecutive rounds of tasks that never reached RUNNING. */
  failedRounds: number;
  /** No task is started before this moment. */
  retryAt: number;
  /** Tasks not yet STOPPED. */
  readonly tasks: Set<Task>;
  /** Whether it should run the desired number of tasks, else none; a rolling deployment goes by its place in the list. */
  isWanted: boolean;
  /** Only of a task set: its news are told apart from those of the service. */
  readonly outbox?: EventOutbox;
}

export interface ServiceDeployment {
  readonly arn: string;
  readonly order: number;
  readonly target: Deployment;
  readonly sources: ServiceRevision[];
  readonly configuration: DeploymentConfiguration;
  readonly createdAt: number;
  startedAt?: number;
  updatedAt: number;
  finishedAt?: number;
  stoppedAt?: number;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  rollback?: { reason: string; startedAt: number; deployment: Deployment };
  /** The last count before it was reset for the rollback. */
  failureCount: number;
  circuitBreaker: ServiceDeploymentRollbackMonitorsStatus;
  /** Of a blue/green, linear or canary deployment; null for a rolling one. */
  readonly native: NativeProgress | null;
}

/** A part of a service with the EXTERNAL or CODE_DEPLOY deployment controller: one revision, scaled by a percentage of the service. */
export interface TaskSet {
  readonly arn: string;
  /** The id, the revision and the tasks; nothing rolls out in it. */
  readonly deployment: Deployment;
  readonly settings: TaskSetSettings;
  status: "PRIMARY" | "ACTIVE" | "DRAINING";
  /** Percent of the service's desired count. */
  scale: number;
  updatedAt: number;
  tags: Tag[];
  stability: StabilityStatus;
  /** Since when the stability is so. */
  stabilityAt: number;
}

/** What a task set brings instead of its service; the primary one's are shown as the service's own. */
interface TaskSetSettings {
  launchType: LaunchType;
  platformVersion?: string;
  capacityProviderStrategy?: EcsTaskSet["capacityProviderStrategy"];
  networkConfiguration?: NetworkConfiguration;
  loadBalancers: LoadBalancer[];
  serviceRegistries: EcsTaskSet["serviceRegistries"];
  externalId?: string;
}

/** What happened since the scheduler last spoke; one event each per tick. */
export interface EventOutbox {
  started: string[];
  stoppedRunning: string[];
  stoppedPending: number;
  registered: Map<string, number>;
  deregistered: Map<string, number>;
  /** Deployment id to tasks that began draining. */
  draining: Map<string, number>;
}

export type TaskStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "DEPROVISIONING"
  | "STOPPED";

/** A task, kept small: ids nobody asks for by name are derived when it is described. */
export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly order: number;
  readonly cluster: Cluster;
  readonly definition: RegisteredTaskDefinition;
  readonly service?: Service;
  readonly deployment?: Deployment;
  readonly group: string;
  readonly startedBy?: string;
  readonly launchType: LaunchType;
  readonly overrides?: TaskOverride;
  readonly enableExecuteCommand?: boolean;
  readonly createdAt: number;
  tags: Tag[];
  lastStatus: TaskStatus;
  desiredStatus: "RUNNING" | "STOPPED";
  version: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  connectivityAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  executionStoppedAt?: number;
  stoppedAt?: number;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
  /** Where its main container listens; known from ACTIVATING on. */
  address?: string;
  port?: number;
  /** Only with the launch type EC2. */
  instance?: ContainerInstance;
  /** Ports of its instance that are its own; none with an interface of its own. */
  hostPorts?: HostPort[];
  /** Target groups it is registered with. */
  targetGroups: string[];
  digests?: ReadonlyMap<string, string>;
  /** Of the main container. */
  exitCode?: number;
  containerReason?: string;
  /** What it answers to health checks, as far as the sandbox was told or the image's kind says. */
  reportedHealth: number | "hang";
  reportedHealthSince: number;
  hasBeenHealthy: boolean;
  /** The event that told of it being unhealthy, while it is. */
  complaint?: string;
  runtime?: TaskRuntime;
}
