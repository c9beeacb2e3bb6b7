import { API_FAMILIES, type ApiFamily, type RateLimits } from "../config/rate-limits-config.ts";

/** One token bucket of AWS's and the part of it that is ours. */
export interface BudgetLimit {
  /** Tokens that AWS's bucket holds. */
  burst: number;
  /** Tokens that AWS adds a second. */
  perSecond: number;
  /** The part that Switchyard uses at most: half of reads, because everyone in the account shares them; all of writes. */
  share: number;
}

const READ = 0.5;
const WRITE = 1;

/**
 * AWS's documented buckets, per account and Region.
 * ECS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * ELBv2: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
 * CloudWatch Logs: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (the lower Regions' figures)
 * CloudWatch: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * CloudTrail: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 * EC2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html (its lower class of reads)
 * Nothing is documented for Application Auto Scaling, IAM, ACM, RDS, Parameter Store's metadata and DescribeLogGroups' shared part: assumed, and low.
 * ECR, Secrets Manager, STS and SQS document far higher rates than are needed here, CodeDeploy none at all; theirs are our own modest figures.
 */
export const BUDGET_LIMITS = {
  "ecs-cluster-read": { burst: 50, perSecond: 20, share: READ },
  "ecs-service-read": { burst: 100, perSecond: 20, share: READ },
  "ecs-service-modify": { burst: 50, perSecond: 5, share: WRITE },
  "ecs-deployment-read": { burst: 50, perSecond: 20, share: READ },
  "ecs-resource-read": { burst: 100, perSecond: 20, share: READ },
  "ecs-definition-read": { burst: 50, perSecond: 20, share: READ },
  "ecs-definition-modify": { burst: 20, perSecond: 1, share: WRITE },
  "codedeploy-read": { burst: 20, perSecond: 10, share: READ },
  "codedeploy-modify": { burst: 5, perSecond: 1, share: WRITE },
  "elb-read": { burst: 40, perSecond: 10, share: READ },
  "elb-modify": { burst: 20, perSecond: 3, share: WRITE },
  "logs-filter": { burst: 5, perSecond: 5, share: READ },
  "logs-get": { burst: 10, perSecond: 10, share: READ },
  "logs-live-tail": { burst: 5, perSecond: 5, share: WRITE },
  "logs-insights": { burst: 5, perSecond: 5, share: READ },
  "cloudwatch-metrics": { burst: 50, perSecond: 50, share: READ },
  "cloudwatch-alarms": { burst: 9, perSecond: 9, share: READ },
  "ecr-read": { burst: 20, perSecond: 10, share: READ },
  "logs-groups": { burst: 10, perSecond: 10, share: READ },
  "ec2-read": { burst: 50, perSecond: 10, share: READ },
  "ssm-read": { burst: 10, perSecond: 5, share: READ },
  "secretsmanager-read": { burst: 10, perSecond: 5, share: READ },
  "acm-read": { burst: 10, perSecond: 5, share: READ },
  "rds-read": { burst: 10, perSecond: 5, share: READ },
  "autoscaling-read": { burst: 10, perSecond: 5, share: READ },
  "autoscaling-modify": { burst: 10, perSecond: 2, share: WRITE },
  "cloudtrail-read": { burst: 2, perSecond: 2, share: READ },
  "iam-read": { burst: 20, perSecond: 10, share: READ },
  sqs: { burst: 10, perSecond: 10, share: WRITE },
  sts: { burst: 10, perSecond: 5, share: READ },
} as const satisfies Record<ApiFamily, BudgetLimit>;
export type BudgetFamily = ApiFamily;

/** AWS's limits with what switchyard.yaml says of this account's, for the families that it names. */
export function limitsOf(settings: RateLimits): Partial<Record<BudgetFamily, BudgetLimit>> {
  const named = API_FAMILIES.flatMap((family) => {
    const { perSecond, burst, share } = settings[family] ?? {};
    const documented: BudgetLimit = BUDGET_LIMITS[family];
    if (perSecond === undefined && burst === undefined && share === undefined) return [];
    const limit: BudgetLimit = {
      perSecond: perSecond ?? documented.perSecond,
      burst: burst ?? documented.burst,
      share: share ?? documented.share,
    };
    return [[family, limit] as const];
  });
  return Object.fromEntries(named);
}
