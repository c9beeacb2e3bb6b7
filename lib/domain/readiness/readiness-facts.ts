import type { ControllerName } from "../application/controller-name.ts";

/** What came of one look at AWS: what is there, or why nobody could look. */
export type Look<T> =
  | { state: "seen"; value: T }
  /** AWS refused; `permission` is the IAM action that the look needs. */
  | { state: "denied"; permission: string }
  /** AWS did not answer, or there was nothing to look for yet; `why` says which. */
  | { state: "not seen"; why: string };

/** The names that an application is set up with: switchyard.yaml's, or those that are proposed before there is one. */
export interface Subject {
  application: string;
  /** Whether switchyard.yaml has it; false for the one that is proposed to an empty installation. */
  isConfigured: boolean;
  region: string;
  cluster: string;
  /** Null where switchyard.yaml names none. */
  repository: string | null;
  /** By name, or by ARN where switchyard.yaml gives that; none where ECS says which they are. */
  targetGroups: readonly string[];
  /** Null where switchyard.yaml names the listener by its ARN. */
  loadBalancer: string | null;
  listenerPort: number | null;
  /** Without repetition, blue's first. */
  services: readonly string[];
  logGroup: string | null;
  family: string;
  container: string | null;
  /** The port of the container. */
  port: number;
  /** How it is deployed. */
  controller: ControllerName;
  /** What commands have to be told where something else than AWS answers; null with AWS. */
  standIn: StandIn | null;
}

/** What answers in AWS's place on this machine, and the switchyard.yaml of whoever asks it. */
export interface StandIn {
  endpoint: string;
  configPath: string;
}

export interface IdentityFact {
  accountId: string;
  arn: string;
}

export interface RepositoryFact {
  name: string;
  isImmutable: boolean;
  scansOnPush: boolean;
}

export interface ImageFact {
  tag: string;
  digest: string;
  pushedAt: number | null;
}

export interface ClusterFact {
  name: string;
  /** "ACTIVE" when tasks can run in it. */
  status: string;
  runningTasks: number;
}

export interface TargetGroupFact {
  arn: string;
  name: string;
  targetType: string;
  protocol: string;
  port: number;
  vpcId: string;
  healthCheckPath: string;
  deregistrationDelaySeconds: number | null;
  /** Of the load balancers whose listeners or rules lead to it. */
  loadBalancerArns: readonly string[];
  healthyTargets: number;
  targets: number;
}

export interface LoadBalancerFact {
  arn: string;
  name: string;
  scheme: string;
  /** "active" when it serves. */
  state: string;
  vpcId: string;
  zones: readonly string[];
  securityGroupIds: readonly string[];
  listeners: readonly { port: number; protocol: string; certificates: number }[];
}

/** Who one rule of a security group lets in. */
export interface IngressFact {
  /** "-1" is every protocol, with every port. */
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrs: readonly string[];
  groupIds: readonly string[];
}

export interface SecurityGroupFact {
  id: string;
  name: string;
  vpcId: string;
  ingress: readonly IngressFact[];
}

export interface NetworkFact {
  subnets: readonly { id: string; vpcId: string; zone: string; hasInternet: boolean; hasNat: boolean }[];
  /** What VPC endpoints lead to, by the end of their names: "ecr.api", "s3". */
  endpoints: readonly string[];
}

export interface ServiceFact {
  name: string;
  status: string;
  desired: number;
  running: number;
  /** "ECS", "EXTERNAL" or "CODE_DEPLOY". */
  deploymentController: string;
  /** "ROLLING", or a strategy with which ECS moves traffic itself. */
  strategy: string;
  taskDefinition: string;
  subnetIds: readonly string[];
  securityGroupIds: readonly string[];
  assignsPublicIp: boolean;
}

export interface TaskDefinitionFact {
  arn: string;
  status: string;
  isFargate: boolean;
  cpu: string | null;
  memory: string | null;
  executionRoleArn: string | null;
  taskRoleArn: string | null;
  container: { name: string; image: string; ports: readonly number[]; logGroup: string | null } | null;
  /** What its secrets are read from: ARNs or names, never values. */
  secrets: readonly string[];
}

export interface RoleFact {
  arn: string;
  /** Services that may assume it, such as "ecs-tasks.amazonaws.com". */
  trusts: readonly string[];
}

export interface ParameterFact {
  name: string;
  /** "SecureString", "String" or "StringList". */
  type: string;
}

/** One answer of IAM's policy simulator. */
export interface MayFact {
  action: string;
  resource: string;
  isAllowed: boolean;
}

/** A finished or running deployment of Switchyard's record. */
export interface DeploymentFact {
  id: string;
  status: string;
  kind: string;
  byPipeline: boolean;
  /** Whether its shift of production traffic is done. */
  hasShifted: boolean;
  startedAt: number;
  finishedAt: number | null;
}

/** Everything that the checks judge, as of one moment. A null value says that there is none. */
export interface ReadinessFacts {
  at: number;
  identity: Look<IdentityFact>;
  /** What Switchyard itself may do of what it needs. */
  own: Look<readonly MayFact[]>;
  repository: Look<RepositoryFact | null>;
  /** The newest tagged image of the repository. */
  newestImage: Look<ImageFact | null>;
  /** The image that the task definition names, as ECR has it. */
  runningImage: Look<ImageFact | null>;
  cluster: Look<ClusterFact | null>;
  /** Those of the two that there are. */
  targetGroups: Look<readonly TargetGroupFact[]>;
  loadBalancer: Look<LoadBalancerFact | null>;
  /** Every one that the load balancer, the tasks and the VPC's databases have. */
  securityGroups: Look<readonly SecurityGroupFact[]>;
  network: Look<NetworkFact>;
  /** Those of the application's that there are. */
  services: Look<readonly ServiceFact[]>;
  taskDefinition: Look<TaskDefinitionFact | null>;
  executionRole: Look<RoleFact | null>;
  taskRole: Look<RoleFact | null>;
  /** Whether the execution role may read the parameters and write the log. */
  executionMay: Look<readonly MayFact[]>;
  parameters: Look<readonly ParameterFact[]>;
  logGroup: Look<{ name: string; retentionDays: number | null } | null>;
  /** OpenID Connect providers, as "token.actions.githubusercontent.com", with the audiences that they take. */
  providers: Look<readonly { url: string; audiences: readonly string[] }[]>;
  /** Newest first. */
  deployments: Look<readonly DeploymentFact[]>;
}
