import { z } from "zod";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";

/** Calls of AWS's that share a rate limit, in each account and Region: lib/aws/budget.ts has what AWS documents for each. */
export const API_FAMILIES = [
  "ecs-cluster-read",
  "ecs-service-read",
  "ecs-service-modify",
  "ecs-deployment-read",
  "ecs-resource-read",
  "ecs-definition-read",
  "ecs-definition-modify",
  "codedeploy-read",
  "codedeploy-modify",
  "elb-read",
  "elb-modify",
  "logs-filter",
  "logs-get",
  "logs-live-tail",
  "logs-insights",
  "cloudwatch-metrics",
  "cloudwatch-alarms",
  "ecr-read",
  "logs-groups",
  "ec2-read",
  "ssm-read",
  "secretsmanager-read",
  "acm-read",
  "rds-read",
  "autoscaling-read",
  "autoscaling-modify",
  "cloudtrail-read",
  "iam-read",
  "sqs",
  "sts",
] as const;
export type ApiFamily = (typeof API_FAMILIES)[number];

const CALLS_FIX = fix(say("config.callsASecond"));
const SHARE_FIX = fix(say("config.shareOfLimit"));
const calls = z.number(CALLS_FIX).min(0.1, CALLS_FIX).max(10_000, CALLS_FIX);

const rateLimit = z.strictObject(
  {
    /** Calls that AWS allows a second. */
    perSecond: calls.optional(),
    /** Calls that AWS allows at once. */
    burst: calls.min(1, CALLS_FIX).optional(),
    /** The part of it that Switchyard may use: others in the account need the rest. */
    share: z.number(SHARE_FIX).min(0.05, SHARE_FIX).max(1, SHARE_FIX).optional(),
  },
  fix(say("input.shape", { shape: "{ perSecond, burst, share }" })),
);

/** Limits of an account that differ from what AWS documents: AWS raised them, or others in the account need more of them. */
export const rateLimitsSchema = z.partialRecord(
  z.enum(API_FAMILIES, fix(say("input.oneOf", { values: API_FAMILIES.join(", ") }))),
  rateLimit,
  fix(say("input.shape", { shape: "{ elb-read: { perSecond, burst, share } }" })),
);

/** By family; one that is left out is as AWS documents it. */
export type RateLimits = z.infer<typeof rateLimitsSchema>;
