import type { CertificateFact, LoadBalancerFact, TargetGroupFact } from "./load-balancer-facts.ts";
import type { Look } from "./look.ts";
import type { ManagedSecretFact } from "./managed-secret.ts";
import type { DatabaseFact, NetworkFact, SecurityGroupFact } from "./network-facts.ts";
import type { InfrastructureFact, MayFact, OwnRights, RoleFact } from "./role-facts.ts";
import type { ParameterFact, ServiceFact, TaskDefinitionFact } from "./service-facts.ts";

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
  /** Those of Secrets Manager that the task definition names. */
  managedSecrets: readonly ManagedSecretFact[];
  /** By ARN where AWS told it: it may be in another Region than the application. */
  logGroup: Look<{ name: string; arn?: string; retentionDays: number | null } | null>;
  /** OpenID Connect providers, as "token.actions.githubusercontent.com", with the audiences that they take. */
  providers: Look<readonly { url: string; audiences: readonly string[] }[]>;
  /** Not seen where no token is given, or switchyard.yaml names no repository. */
  github: Look<GithubFacts>;
  /** Newest first. */
  deployments: Look<readonly DeploymentFact[]>;
}
