/** AWS's ways to put a call into HTTP that the sandbox knows. */
export type WireProtocol = "json" | "query" | "cbor";

/** How one AWS service speaks on the wire, and where its schemas are. */
export interface WireService {
  /** The name a SimulatedService registers under. */
  name: string;
  /** Its first one. A service with a `targetPrefix` speaks JSON and CBOR too, one with a `version` Query. */
  protocol: WireProtocol;
  /** Prefix of X-Amz-Target, and the service's name in a CBOR request's path. */
  targetPrefix?: string;
  /** AWS JSON's version, where it is not 1.1. */
  jsonVersion?: "1.0";
  /** True for EC2's own dialect of Query: lists without ".member", answers without a result element, errors of another form. */
  isEc2?: true;
  /** What a request that does not fit its model is refused with, where it is not the protocol's usual code. */
  validationCode?: string;
  /** The same by the member that does not fit, where a service has an error for each; the first pattern that its path matches. */
  memberCodes?: readonly (readonly [RegExp, string])[];
  /** The Version parameter and XML namespace of Query. */
  version?: string;
  xmlNamespace?: string;
  /** The service part of the credential scope in the Authorization header. */
  signingName: string;
  /** Loaded at the first call, so that starting the sandbox does not wait for every SDK client. */
  loadSdk(): Promise<Readonly<Record<string, unknown>>>;
}

/** As its operations list them. Which one a length or an enum meets is documented; that its words are those of other services is an assumption. */
const CODEDEPLOY_CODES = [
  [/^applicationName$/, "InvalidApplicationNameException"],
  [/deploymentGroupName$/i, "InvalidDeploymentGroupNameException"],
  [/^deploymentConfigName$/, "InvalidDeploymentConfigNameException"],
  [/^computePlatform$/, "InvalidComputePlatformException"],
  [/^deploymentWaitType$/, "InvalidDeploymentWaitTypeException"],
  [/^fileExistsBehavior$/, "InvalidFileExistsBehaviorException"],
  [/^revision/, "InvalidRevisionException"],
  [/^autoRollbackConfiguration/, "InvalidAutoRollbackConfigException"],
  [/^deploymentStyle/, "InvalidDeploymentStyleException"],
  [/^blueGreenDeploymentConfiguration/, "InvalidBlueGreenDeploymentConfigurationException"],
  [/^triggerConfigurations/, "InvalidTriggerConfigException"],
  [/^ec2Tag/, "InvalidEC2TagException"],
  [/^onPremises/, "InvalidTagException"],
  [/^minimumHealthyHosts/, "InvalidMinimumHealthyHostValueException"],
  [/^trafficRoutingConfig/, "InvalidTrafficRoutingConfigurationException"],
  [/^zonalConfig/, "InvalidZonalDeploymentConfigurationException"],
  [/^includeOnlyStatuses/, "InvalidDeploymentStatusException"],
  [/^status$/, "InvalidLifecycleEventHookExecutionStatusException"],
] as const;

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
    name: "codedeploy",
    protocol: "json",
    targetPrefix: "CodeDeploy_20141006",
    validationCode: "InvalidInputException",
    memberCodes: CODEDEPLOY_CODES,
    signingName: "codedeploy",
    loadSdk: () => import("@aws-sdk/client-codedeploy"),
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
    // A Query service that moved on: current clients speak CBOR or JSON, and are told Query's error codes in a header.
    name: "cloudwatch",
    protocol: "cbor",
    targetPrefix: "GraniteServiceVersion20100801",
    jsonVersion: "1.0",
    version: "2010-08-01",
    xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
    signingName: "monitoring",
    loadSdk: () => import("@aws-sdk/client-cloudwatch"),
  },
  {
    name: "sts",
    protocol: "query",
    version: "2011-06-15",
    xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    signingName: "sts",
    loadSdk: () => import("@aws-sdk/client-sts"),
  },
  {
    name: "ec2",
    protocol: "query",
    isEc2: true,
    validationCode: "InvalidParameterValue",
    version: "2016-11-15",
    xmlNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
    signingName: "ec2",
    loadSdk: () => import("@aws-sdk/client-ec2"),
  },
  {
    name: "iam",
    protocol: "query",
    version: "2010-05-08",
    xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    signingName: "iam",
    loadSdk: () => import("@aws-sdk/client-iam"),
  },
  {
    name: "ssm",
    protocol: "json",
    targetPrefix: "AmazonSSM",
    validationCode: "ValidationException",
    signingName: "ssm",
    loadSdk: () => import("@aws-sdk/client-ssm"),
  },
  {
    name: "secretsmanager",
    protocol: "json",
    targetPrefix: "secretsmanager",
    validationCode: "ValidationException",
    signingName: "secretsmanager",
    loadSdk: () => import("@aws-sdk/client-secrets-manager"),
  },
  {
    name: "acm",
    protocol: "json",
    targetPrefix: "CertificateManager",
    validationCode: "ValidationException",
    signingName: "acm",
    loadSdk: () => import("@aws-sdk/client-acm"),
  },
  {
    name: "rds",
    protocol: "query",
    validationCode: "InvalidParameterValue",
    version: "2014-10-31",
    xmlNamespace: "http://rds.amazonaws.com/doc/2014-10-31/",
    signingName: "rds",
    loadSdk: () => import("@aws-sdk/client-rds"),
  },
  {
    name: "application-autoscaling",
    protocol: "json",
    targetPrefix: "AnyScaleFrontendService",
    validationCode: "ValidationException",
    signingName: "application-autoscaling",
    loadSdk: () => import("@aws-sdk/client-application-auto-scaling"),
  },
  {
    name: "sqs",
    protocol: "json",
    targetPrefix: "AmazonSQS",
    jsonVersion: "1.0",
    validationCode: "InvalidParameterValue",
    signingName: "sqs",
    loadSdk: () => import("@aws-sdk/client-sqs"),
  },
  {
    name: "cloudtrail",
    protocol: "json",
    targetPrefix: "CloudTrail_20131101",
    signingName: "cloudtrail",
    loadSdk: () => import("@aws-sdk/client-cloudtrail"),
  },
];
