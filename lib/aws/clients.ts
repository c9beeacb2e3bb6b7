import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { STSClient } from "@aws-sdk/client-sts";

/** The SDK's clients, one of each a process: connections are kept alive and shared. */
export interface Clients {
  ecs: ECSClient;
  elb: ElasticLoadBalancingV2Client;
  logs: CloudWatchLogsClient;
  cloudwatch: CloudWatchClient;
  ecr: ECRClient;
  sts: STSClient;
  /** Closes every connection. */
  destroy(): void;
}

/** `endpoint` null means AWS itself. */
export interface ClientOptions {
  region: string;
  endpoint: string | null;
  connectTimeoutMs?: number;
  requestTimeoutMs?: number;
}

/** Clients without retries of their own: what is tried again, and when, our budgets and callers decide. */
export function createClients(options: ClientOptions): Clients {
  const shared = {
    region: options.region,
    ...(options.endpoint === null ? {} : { endpoint: options.endpoint }),
    // "stream-" of StartLiveTail would make a host of an endpoint that has no such name.
    disableHostPrefix: options.endpoint !== null,
    maxAttempts: 1,
    customUserAgent: "switchyard",
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs ?? 1000,
      requestTimeout: options.requestTimeoutMs ?? 5000,
      // Without it the SDK only warns.
      throwOnRequestTimeout: true,
      socketAcquisitionWarningTimeout: 60_000,
      httpAgent: { keepAlive: true, maxSockets: 64 },
      httpsAgent: { keepAlive: true, maxSockets: 64 },
    },
  };
  const clients = {
    ecs: new ECSClient(shared),
    elb: new ElasticLoadBalancingV2Client(shared),
    logs: new CloudWatchLogsClient(shared),
    cloudwatch: new CloudWatchClient(shared),
    ecr: new ECRClient(shared),
    sts: new STSClient(shared),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
