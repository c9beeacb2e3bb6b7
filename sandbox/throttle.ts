import type { Clock } from "./clock.ts";
import type { Interceptor } from "./protocol/api-call.ts";
import { AwsError } from "./service.ts";

/** One of AWS's token buckets: `burst` tokens at most, `perSecond` more every second. */
export interface Bucket {
  family: string;
  burst: number;
  perSecond: number;
}

// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
const ECS: Readonly<Record<string, Bucket>> = {
  clusterRead: bucket("ecs cluster read", 50, 20),
  clusterModify: bucket("ecs cluster modify", 20, 1),
  serviceRead: bucket("ecs service read", 100, 20),
  serviceModify: bucket("ecs service modify", 50, 5),
  deployments: bucket("ecs service deployments", 50, 20),
  revisions: bucket("ecs service revisions", 50, 20),
  resourceRead: bucket("ecs cluster resource read", 100, 20),
  resourceModify: bucket("ecs cluster resource modify", 100, 40),
  definitionRead: bucket("ecs task definition read", 50, 20),
  definitionModify: bucket("ecs task definition modify", 20, 1),
  tagRead: bucket("ecs tag read", 50, 20),
  tagModify: bucket("ecs tag modify", 20, 10),
};

// https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
const ELB: Readonly<Record<string, Bucket>> = {
  read: bucket("elbv2 non-mutating", 40, 10),
  registration: bucket("elbv2 registration", 20, 4),
  intensive: bucket("elbv2 resource-intensive", 10, 0.2),
  modify: bucket("elbv2 mutating", 20, 3),
};

/** Rates of ap-northeast-2, per operation; https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const LOGS_PER_SECOND: Readonly<Record<string, number>> = {
  FilterLogEvents: 10,
  GetLogEvents: 25,
  StartLiveTail: 5,
  DescribeLogGroups: 10,
  DescribeLogStreams: 25,
  CreateLogGroup: 10,
  CreateLogStream: 50,
  DeleteLogGroup: 10,
  DeleteLogStream: 15,
  PutLogEvents: 5000,
};

/** Per operation; https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const CLOUDWATCH_PER_SECOND: Readonly<Record<string, number>> = {
  GetMetricData: 50,
  GetMetricStatistics: 400,
  ListMetrics: 25,
  PutMetricData: 500,
  DescribeAlarms: 9,
};

/**
 * EC2's groups of operations, each operation with its own bucket; https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 * Describe* without filters or paging has 50 and 10 a second, most changes 50 and 5.
 */
const EC2_READ = { burst: 50, perSecond: 10 };
const EC2_WRITE = { burst: 50, perSecond: 5 };
/** Of Parameter Store's metadata calls, of IAM and of auto scaling nothing is documented: assumed, and rather low. */
const QUIET = { burst: 10, perSecond: 5 };

/** The bucket a call draws from, in AWS's documented families. */
export function bucketOf(service: string, operation: string): Bucket {
  if (service === "ecs") return ecsBucket(operation);
  if (service === "elbv2") {
    if (operation.startsWith("Describe")) return ELB.read as Bucket;
    if (/^(Register|Deregister)Targets$/.test(operation)) return ELB.registration as Bucket;
    if (/^(CreateLoadBalancer|SetSubnets)$/.test(operation)) return ELB.intensive as Bucket;
    return ELB.modify as Bucket;
  }
  if (service === "logs") {
    const perSecond = LOGS_PER_SECOND[operation] ?? 10;
    return bucket(`logs ${operation}`, perSecond, perSecond);
  }
  if (service === "cloudwatch") {
    const perSecond = CLOUDWATCH_PER_SECOND[operation] ?? 3;
    return bucket(`cloudwatch ${operation}`, perSecond, perSecond);
  }
  if (service === "ec2") {
    const { burst, perSecond } = operation.startsWith("Describe") ? EC2_READ : EC2_WRITE;
    return bucket(`ec2 ${operation}`, burst, perSecond);
  }
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
  if (service === "cloudtrail") return bucket(`cloudtrail ${operation}`, 2, 2);
  if (["ssm", "secretsmanager", "iam", "acm", "rds", "application-autoscaling"].includes(service))
    return bucket(`${service} ${operation}`, QUIET.burst, QUIET.perSecond);
  return bucket(`${service} ${operation}`, 1000, 200);
}

/** The error with which a service refuses a call for its rate. */
export function throttlingError(service: string): AwsError {
  if (service === "ec2") return new AwsError("RequestLimitExceeded", "Request limit exceeded.", 503);
  return new AwsError(
    service === "iam" || service === "rds" || service === "elbv2" || service === "cloudwatch"
      ? "Throttling"
      : "ThrottlingException",
    "Rate exceeded",
  );
}

/** Refuses calls beyond AWS's token buckets, which fill on sandbox time. */
export function createThrottle(clock: Clock): Interceptor {
  const levels = new Map<string, { tokens: number; at: number }>();
  return (call, next) => {
    const { family, burst, perSecond } = bucketOf(call.service, call.operation);
    const now = clock.now();
    const level = levels.get(family) ?? { tokens: burst, at: now };
    level.tokens = Math.min(burst, level.tokens + ((now - level.at) / 1000) * perSecond);
    level.at = now;
    levels.set(family, level);
    // Refilling adds fractions: a token short by a rounding error counts as whole.
    if (level.tokens < 1 - 1e-9) return Promise.reject(throttlingError(call.service));
    level.tokens -= 1;
    return next();
  };
}

function ecsBucket(operation: string): Bucket {
  const isRead = /^(Describe|List)/.test(operation);
  let family: keyof typeof ECS;
  if (/Tag/.test(operation)) family = isRead ? "tagRead" : "tagModify";
  else if (/ServiceDeployment/.test(operation)) family = isRead ? "deployments" : "serviceModify";
  else if (/ServiceRevision/.test(operation)) family = "revisions";
  else if (/TaskDefinition/.test(operation)) family = isRead ? "definitionRead" : "definitionModify";
  else if (/Service|TaskSet/.test(operation)) family = isRead ? "serviceRead" : "serviceModify";
  else if (/Cluster/.test(operation)) family = isRead ? "clusterRead" : "clusterModify";
  else family = isRead ? "resourceRead" : "resourceModify";
  return ECS[family] as Bucket;
}

function bucket(family: string, burst: number, perSecond: number): Bucket {
  return { family, burst, perSecond };
}
