import type { AwsPause } from "../observation/aws-deployment.ts";

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

export interface ParameterFact {
  name: string;
  /** "SecureString", "String" or "StringList". */
  type: string;
  /** The KMS key of a SecureString; null for the account's own of Parameter Store. */
  keyId: string | null;
  /** Left out where the application is. */
  region?: string;
}
