import type { ApprovalPolicy } from "../application/approval-policy.ts";
import type { ControllerName } from "../application/controller-name.ts";
import type { AwsPause } from "../observation/aws-deployment.ts";
import type { Told } from "../sentence/told.ts";

/** What came of one look at AWS: what is there, or why nobody could look. */
export type Look<T> =
  | { state: "seen"; value: T }
  /** AWS refused; `permission` is the IAM action that the look needs. */
  | { state: "denied"; permission: string }
  /** AWS did not answer, or there was nothing to look for yet; `why` says which. */
  | { state: "not seen"; why: Told };

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
  /** Where it is; left out where the application is. */
  logRegion?: string;
  family: string;
  container: string | null;
  /** The port of the container. */
  port: number;
  /** Where its pipeline is; null where switchyard.yaml does not say. */
  github: { repository: string; branch: string; workflow: string } | null;
  /** How it is deployed. */
  controller: ControllerName;
  /** Who has to approve what; left out where nobody has to. */
  approvals?: ApprovalPolicy;
  /** CodeDeploy's deployment group, where switchyard.yaml names it. */
  codeDeploy?: { application: string; group: string };
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
  /** "traffic-port" is the one that a target registers with. */
  healthCheckPort: string;
  /** The statuses that count as healthy, "200-299". */
  matcher: string;
  deregistrationDelaySeconds: number | null;
  /** Of the load balancers whose listeners or rules lead to it. */
  loadBalancerArns: readonly string[];
  healthyTargets: number;
  targets: number;
  /** Why targets are not healthy, in ELB's words, each once. */
  failing: readonly { reason: string; description: string }[];
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
  listeners: readonly {
    arn: string;
    port: number;
    protocol: string;
    certificates: readonly string[];
    /** Where its default action redirects to, variables as AWS writes them ("#{port}"); left out where it does not. */
    redirect?: { protocol: string; port: string; host: string };
    /** Whether its default action forwards to target groups. */
    isForwarding?: boolean;
    /** Why those beside the default certificate are not among them; left out where they are. */
    unread?: Look<readonly string[]>;
  }[];
}

/** What a listener identifies itself with. */
export interface CertificateFact {
  arn: string;
  domain: string;
  /** Every name that it is for, the domain among them; left out where nobody says. */
  names?: readonly string[];
  /** "ISSUED" when it is good. */
  status: string;
  /** Epoch ms; null where it was not issued. */
  endsAt: number | null;
}

/** A database of RDS: a cluster, or an instance that is in none. */
export interface DatabaseFact {
  name: string;
  /** Null while it is being made. */
  port: number | null;
  groupIds: readonly string[];
  /** Whether it has an address that the internet knows. */
  isPublic: boolean;
}

/** Whom one rule of a security group lets in, or where it lets out to. */
export interface IngressFact {
  /** "-1" is every protocol, with every port. */
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrs: readonly string[];
  groupIds: readonly string[];
  /** Of addresses that somebody keeps, such as CloudFront's. */
  prefixLists: readonly string[];
}

export interface SecurityGroupFact {
  id: string;
  name: string;
  vpcId: string;
  ingress: readonly IngressFact[];
  egress: readonly IngressFact[];
}

/** A way to one of AWS's services that does not leave the network. */
export interface EndpointFact {
  /** The end of its service's name: "ecr.api", "s3". */
  name: string;
  /** Null for a gateway, which stands in route tables and has none. */
  groupIds: readonly string[] | null;
  /** A gateway: the subnets whose route tables have it. */
  subnetIds: readonly string[];
  /** Whether the service's usual name leads to it. */
  hasPrivateDns: boolean;
}

export interface NetworkFact {
  subnets: readonly {
    id: string;
    vpcId: string;
    zone: string;
    cidr: string;
    hasInternet: boolean;
    hasNat: boolean;
  }[];
  endpoints: readonly EndpointFact[];
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
  /** Where AWS's own deployments of it wait for a person; left out where AWS moves no traffic, or does not say. */
  pauses?: readonly AwsPause[];
  /** What ECS moves its traffic with, one for each role; left out where ECS moves none. */
  moves?: readonly EcsMoves[];
  taskDefinition: string;
  subnetIds: readonly string[];
  securityGroupIds: readonly string[];
  assignsPublicIp: boolean;
}

/** An infrastructure role of ECS's for load balancers, with what ECS writes by it. */
export interface EcsMoves {
  roleArn: string;
  /** ARNs of rules, or of listeners of a network load balancer. */
  rules: readonly string[];
  targetGroups: readonly string[];
}

/** What IAM says of such a role. */
export interface InfrastructureFact {
  arn: string;
  role: Look<RoleFact | null>;
  may: Look<readonly MayFact[]>;
}

export interface TaskDefinitionFact {
  arn: string;
  status: string;
  isFargate: boolean;
  cpu: string | null;
  memory: string | null;
  executionRoleArn: string | null;
  taskRoleArn: string | null;
  /** What its tasks register with in target groups: their own address, or their instance's. */
  registersBy: "ip" | "instance";
  /** Of its tasks, as images name it: "linux/amd64"; null where the instance decides. */
  platform: string | null;
  container: {
    name: string;
    image: string;
    ports: readonly number[];
    logGroup: string | null;
    /** The Region that it writes to; left out where its driver names none. */
    logRegion?: string;
    /** What its own health check asks over HTTP; null where it has none that does. */
    healthPath: string | null;
  } | null;
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
  /** The KMS key of a SecureString; null for the account's own of Parameter Store. */
  keyId: string | null;
  /** Left out where the application is. */
  region?: string;
}

/** One answer of IAM's policy simulator. */
export interface MayFact {
  action: string;
  resource: string;
  isAllowed: boolean;
  /** A policy asks for something of the request that the simulator was not told, so that a refusal is no answer. */
  needsContext: boolean;
}

/** What Switchyard itself may do of what it needs. */
export interface OwnRights {
  /** By IAM's simulator or, where that is denied, by what AWS answered and denied to this look. */
  way: "simulated" | "tried";
  /** Why the simulator could not be asked; null where it was. */
  why: string | null;
  answers: readonly { action: string; answer: "allowed" | "denied" | "unknown" }[];
}

/** What GitHub answers of a repository; null where it says that there is none, or that the token may not know. */
export interface GithubFacts {
  branch: Look<{ isProtected: boolean } | null>;
  /** Names; never values. */
  secrets: Look<readonly string[] | null>;
  variables: Look<readonly string[] | null>;
  /** The workflow's newest run on the branch; `conclusion` is null while it runs. */
  run: Look<{ status: string; conclusion: string | null; at: number | null } | null>;
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
  own: Look<OwnRights>;
  repository: Look<RepositoryFact | null>;
  /** The newest tagged image of the repository. */
  newestImage: Look<ImageFact | null>;
  /** What the newest image was built for, "linux/amd64". */
  platforms: Look<readonly string[]>;
  /** The image that the task definition names, as ECR has it. */
  runningImage: Look<ImageFact | null>;
  /** What that one was built for. */
  runningPlatforms: Look<readonly string[]>;
  cluster: Look<ClusterFact | null>;
  /** Those of the two that there are. */
  targetGroups: Look<readonly TargetGroupFact[]>;
  loadBalancer: Look<LoadBalancerFact | null>;
  /** Those of the load balancer's listeners. */
  certificates: Look<readonly CertificateFact[]>;
  /** Every one that the load balancer, the tasks and the VPC's databases have. */
  databases: Look<readonly DatabaseFact[]>;
  securityGroups: Look<readonly SecurityGroupFact[]>;
  network: Look<NetworkFact>;
  /** Those of the application's that there are. */
  services: Look<readonly ServiceFact[]>;
  taskDefinition: Look<TaskDefinitionFact | null>;
  executionRole: Look<RoleFact | null>;
  taskRole: Look<RoleFact | null>;
  /** Whether the execution role may read the parameters and write the log. */
  executionMay: Look<readonly MayFact[]>;
  /** Roles by which ECS moves the services' traffic; left out where it moves none. */
  infrastructure?: readonly InfrastructureFact[];
  parameters: Look<readonly ParameterFact[]>;
  /** By ARN where AWS told it: it may be in another Region than the application. */
  logGroup: Look<{ name: string; arn?: string; retentionDays: number | null } | null>;
  /** OpenID Connect providers, as "token.actions.githubusercontent.com", with the audiences that they take. */
  providers: Look<readonly { url: string; audiences: readonly string[] }[]>;
  /** Not seen where no token is given, or switchyard.yaml names no repository. */
  github: Look<GithubFacts>;
  /** Newest first. */
  deployments: Look<readonly DeploymentFact[]>;
}
