import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { TARGET_STATES } from "../domain/observation/slot.ts";
import type { Priority } from "./budget.ts";
import { chunks } from "./chunks.ts";
import type { ElbCalls } from "./elb-calls.ts";
import {
  type GroupAttributes,
  type GroupReading,
  missingGroup,
  type TargetReading,
  toHealthCheck,
} from "./elb-readings.ts";
import { AwsFailure } from "./errors.ts";
import { readBatch } from "./read-batch.ts";

/** ELBv2's documented default, where a group's attributes do not say. */
const DEFAULT_DEREGISTRATION_DELAY_SECONDS = 300;
const ARNS_A_CALL = 20;

/** What ELBv2 tells about target groups. */
export interface ElbTargetGroups {
  describeTargetHealth(targetGroupArn: string, priority: Priority): Promise<TargetReading[]>;
  describeGroupAttributes(targetGroupArn: string, priority: Priority): Promise<GroupAttributes>;
  /** Who uses each group and how it checks its targets, by ARN; what is missing is a failure under its ARN. */
  describeGroups(
    targetGroupArns: readonly string[],
    priority: Priority,
  ): Promise<Map<string, GroupReading | AwsFailure>>;
  /** ARNs by name. @throws AwsFailure when one does not exist. */
  findTargetGroups(names: readonly string[], priority: Priority): Promise<Map<string, string>>;
}

/** Target groups and the health of their targets. */
export function createTargetGroups(calls: ElbCalls): ElbTargetGroups {
  const { client, read } = calls;
  return {
    async describeTargetHealth(targetGroupArn, priority) {
      const output = await read("DescribeTargetHealth", priority, (abortSignal) =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }), { abortSignal }),
      );
      return (output.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
        id: Target?.Id ?? "",
        port: Target?.Port ?? 0,
        state: TARGET_STATES.find((state) => state === TargetHealth?.State) ?? "unavailable",
        ...(TargetHealth?.Reason ? { reason: TargetHealth.Reason } : {}),
        ...(TargetHealth?.Description ? { description: TargetHealth.Description } : {}),
      }));
    },

    async describeGroupAttributes(targetGroupArn, priority) {
      const output = await read("DescribeTargetGroupAttributes", priority, (abortSignal) =>
        client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn }), { abortSignal }),
      );
      const attributes = new Map((output.Attributes ?? []).map(({ Key, Value }) => [Key, Value]));
      const type = attributes.get("stickiness.type") ?? "lb_cookie";
      const seconds = Number(attributes.get(`stickiness.${type}.duration_seconds`) ?? 86_400);
      return {
        stickinessSeconds: attributes.get("stickiness.enabled") === "true" ? seconds : null,
        deregistrationDelaySeconds: Number(
          attributes.get("deregistration_delay.timeout_seconds") ?? DEFAULT_DEREGISTRATION_DELAY_SECONDS,
        ),
      };
    },

    async describeGroups(targetGroupArns, priority) {
      const batches = chunks([...new Set(targetGroupArns)], ARNS_A_CALL).map((arns) =>
        readBatch(arns, (part) => readGroups(calls, part, priority), missingGroup),
      );
      return new Map((await Promise.all(batches)).flatMap((part) => [...part]));
    },

    async findTargetGroups(names, priority) {
      const found = new Map<string, string>();
      for (const part of chunks([...new Set(names)], ARNS_A_CALL))
        for (const [name, arn] of await readBatch(
          part,
          (some) => readGroupNames(calls, some, priority),
          missingGroup,
        )) {
          if (arn instanceof AwsFailure) throw arn.kind === "missing" ? missingGroup(name) : arn;
          found.set(name, arn);
        }
      return found;
    },
  };
}

async function readGroups({ client, read }: ElbCalls, arns: string[], priority: Priority) {
  const output = await read("DescribeTargetGroups", priority, (abortSignal) =>
    client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: arns }), { abortSignal }),
  );
  return new Map(
    (output.TargetGroups ?? []).map((group) => [
      group.TargetGroupArn ?? "",
      {
        healthCheck: toHealthCheck(group),
        targetType: group.TargetType ?? "instance",
        loadBalancerArns: group.LoadBalancerArns ?? [],
      },
    ]),
  );
}

async function readGroupNames({ client, read }: ElbCalls, names: string[], priority: Priority) {
  const output = await read("DescribeTargetGroups", priority, (abortSignal) =>
    client.send(new DescribeTargetGroupsCommand({ Names: names }), { abortSignal }),
  );
  return new Map((output.TargetGroups ?? []).map((group) => [group.TargetGroupName ?? "", group.TargetGroupArn ?? ""]));
}
