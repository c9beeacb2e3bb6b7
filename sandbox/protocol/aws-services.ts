/** How one AWS service speaks on the wire, and where its schemas are. */
export interface WireService {
  /** The name a SimulatedService registers under. */
  name: string;
  protocol: "json" | "query";
  /** Prefix of X-Amz-Target; AWS JSON only. */
  targetPrefix?: string;
  /** The Version parameter and XML namespace; Query only. */
  version?: string;
  xmlNamespace?: string;
  /** The service part of the credential scope in the Authorization header. */
  signingName: string;
  /** Loaded at the first call, so that starting the sandbox does not wait for five SDK clients. */
  loadSdk(): Promise<Readonly<Record<string, unknown>>>;
}

/** Every service the sandbox can speak for. */
export const WIRE_SERVICES: readonly WireService[] = [
  {
    name: "ecs",
    protocol: "json",
    targetPrefix: "AmazonEC2ContainerServiceV20141113",
    signingName: "ecs",
    loadSdk: () => import("@aws-sdk/client-ecs"),
  },
  {
    name: "logs",
    protocol: "json",
    targetPrefix: "Logs_20140328",
    signingName: "logs",
    loadSdk: () => import("@aws-sdk/client-cloudwatch-logs"),
  },
  {
    name: "ecr",
    protocol: "json",
    targetPrefix: "AmazonEC2ContainerRegistry_V20150921",
    signingName: "ecr",
    loadSdk: () => import("@aws-sdk/client-ecr"),
  },
  {
    name: "elbv2",
    protocol: "query",
    version: "2015-12-01",
    xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    signingName: "elasticloadbalancing",
    loadSdk: () => import("@aws-sdk/client-elastic-load-balancing-v2"),
  },
  {
    name: "sts",
    protocol: "query",
    version: "2011-06-15",
    xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    signingName: "sts",
    loadSdk: () => import("@aws-sdk/client-sts"),
  },
];
