import { DescribeContainerInstancesCommand, type ECSClient } from "@aws-sdk/client-ecs";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";

const INSTANCES_A_CALL = 100;

/** The EC2 instance ("i-..."; "mi-..." outside AWS) behind each container instance's ARN. Those that AWS no longer knows are left out. */
export async function describeContainerInstances(
  client: ECSClient,
  call: Caller,
  { cluster, arns, priority }: { cluster: string; arns: readonly string[]; priority: Priority },
): Promise<Map<string, string>> {
  const unique = [...new Set(arns)];
  const parts: string[][] = [];
  for (let at = 0; at < unique.length; at += INSTANCES_A_CALL) parts.push(unique.slice(at, at + INSTANCES_A_CALL));
  const answers = await Promise.all(
    parts.map((containerInstances) =>
      call(
        {
          service: "ecs",
          operation: "DescribeContainerInstances",
          family: "ecs-resource-read",
          priority,
          effect: "read",
        },
        (abortSignal) =>
          client.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }), { abortSignal }),
      ),
    ),
  );
  return new Map(
    answers.flatMap(({ containerInstances = [] }) =>
      containerInstances.flatMap(({ containerInstanceArn, ec2InstanceId }): [string, string][] =>
        containerInstanceArn && ec2InstanceId ? [[containerInstanceArn, ec2InstanceId]] : [],
      ),
    ),
  );
}
