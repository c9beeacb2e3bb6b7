import { ACMClient } from "@aws-sdk/client-acm";
import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import type { CredentialsProvider } from "./assumed-role.ts";
import { checkWriteGuard, isReadCommand } from "./write-guard.ts";

/** The SDK's clients, one of each a process: connections are kept alive and shared. */
export interface Clients {
  ecs: ECSClient;
  elb: ElasticLoadBalancingV2Client;
  codedeploy: CodeDeployClient;
  logs: CloudWatchLogsClient;
  cloudwatch: CloudWatchClient;
  ecr: ECRClient;
  /** ECR of another Region, where images may be as well. */
  ecrIn(region: string): ECRClient;
  sts: STSClient;
  ec2: EC2Client;
  ssm: SSMClient;
  secretsManager: SecretsManagerClient;
  iam: IAMClient;
  acm: ACMClient;
  rds: RDSClient;
  scaling: ApplicationAutoScalingClient;
  cloudtrail: CloudTrailClient;
  sqs: SQSClient;
  /** Closes every connection. */
  destroy(): void;
}

/** `endpoint` null means AWS itself. */
export interface ClientOptions {
  region: string;
  endpoint: string | null;
  /** What calls are signed with; what the SDK finds when left out. */
  credentials?: CredentialsProvider;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY; the process's own unless said otherwise. */
  proxyEnv?: { [name: string]: string | undefined };
}

/** What of every call's user agent is ours; CloudTrail keeps it. */
export const USER_AGENT = "switchyard";

const HERE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Clients without retries of their own: what is tried again, and when, our budgets and callers decide. */
export function createClients(options: ClientOptions): Clients {
  // The SDK asks no proxy of itself. What is on this machine is never behind one.
  const isHere = options.endpoint !== null && HERE.test(new URL(options.endpoint).hostname);
  const agent = { keepAlive: true, maxSockets: 64, ...(isHere ? {} : { proxyEnv: options.proxyEnv ?? process.env }) };
  const shared = {
    region: options.region,
    ...(options.endpoint === null ? {} : { endpoint: options.endpoint }),
    // "stream-" of StartLiveTail would make a host of an endpoint that has no such name.
    disableHostPrefix: options.endpoint !== null,
    ...(options.credentials ? { credentials: options.credentials } : {}),
    maxAttempts: 1,
    customUserAgent: USER_AGENT,
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs ?? 1000,
      requestTimeout: options.requestTimeoutMs ?? 5000,
      // Without it the SDK only warns.
      throwOnRequestTimeout: true,
      socketAcquisitionWarningTimeout: 60_000,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
  const clients = {
    ecs: new ECSClient(shared),
    elb: new ElasticLoadBalancingV2Client(shared),
    codedeploy: new CodeDeployClient(shared),
    logs: new CloudWatchLogsClient(shared),
    cloudwatch: new CloudWatchClient(shared),
    ecr: new ECRClient(shared),
    sts: new STSClient(shared),
    ec2: new EC2Client(shared),
    ssm: new SSMClient(shared),
    secretsManager: new SecretsManagerClient(shared),
    iam: new IAMClient(shared),
    acm: new ACMClient(shared),
    rds: new RDSClient(shared),
    scaling: new ApplicationAutoScalingClient(shared),
    cloudtrail: new CloudTrailClient(shared),
    // A queue's URL names a queue, and never where signed calls go.
    sqs: new SQSClient({ ...shared, useQueueUrlAsEndpoint: false }),
  };
  // Last of all, after budgets, credentials and signing: nothing but the socket comes between this look and the write.
  const last = { step: "deserialize", priority: "low", name: "writeGuard" } as const;
  clients.ecs.middlewareStack.add((next, { commandName = "" }) => {
    return async (args) => {
      if (!isReadCommand(commandName)) checkWriteGuard("ecs", operationOf(commandName));
      return next(args);
    };
  }, last);
  clients.elb.middlewareStack.add((next, { commandName = "" }) => {
    return async (args) => {
      if (!isReadCommand(commandName)) checkWriteGuard("elasticloadbalancing", operationOf(commandName));
      return next(args);
    };
  }, last);
  clients.codedeploy.middlewareStack.add((next, { commandName = "" }) => {
    return async (args) => {
      if (!isReadCommand(commandName)) checkWriteGuard("codedeploy", operationOf(commandName));
      return next(args);
    };
  }, last);
  clients.scaling.middlewareStack.add((next, { commandName = "" }) => {
    return async (args) => {
      if (!isReadCommand(commandName)) checkWriteGuard("application-autoscaling", operationOf(commandName));
      return next(args);
    };
  }, last);
  const elsewhere = new Map<string, ECRClient>();
  return {
    ...clients,
    ecrIn(region) {
      if (region === options.region) return clients.ecr;
      const client = elsewhere.get(region) ?? new ECRClient({ ...shared, region });
      elsewhere.set(region, client);
      return client;
    },
    destroy() {
      const all: { destroy(): void }[] = [...Object.values<{ destroy(): void }>(clients), ...elsewhere.values()];
      for (const client of all) client.destroy();
    },
  };
}

function operationOf(commandName: string): string {
  return commandName.replace(/Command$/, "");
}
