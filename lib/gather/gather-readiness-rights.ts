import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { parameterNameOf } from "../domain/readiness/check-task.ts";
import type { IdentityFact, Look, MayFact, ReadinessFacts, RoleFact } from "../domain/readiness/readiness-facts.ts";
import { lookAt, lookOn, notYet } from "./look-at.ts";

/**
 * What Switchyard reads with, as far as IAM knows no resources for it: a policy that names resources would be judged wrongly
 * with "*". Of what it changes with, a write that is refused says so itself.
 */
const OWN_ACTIONS = [
  "ecs:DescribeTaskDefinition",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
  "cloudwatch:GetMetricData",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeRouteTables",
  "ec2:DescribeVpcEndpoints",
  "ssm:DescribeParameters",
];

type Seen = Pick<ReadinessFacts, "identity" | "taskDefinition" | "logGroup">;
type Rights = Pick<ReadinessFacts, "own" | "executionRole" | "taskRole" | "executionMay">;

/** The task's two roles, what the execution role may do, and what Switchyard itself may do. */
export async function gatherRights(aws: Aws, seen: Seen, priority: Priority): Promise<Rights> {
  const definition = seen.taskDefinition.state === "seen" ? seen.taskDefinition.value : null;
  const [own, executionRole, taskRole] = await Promise.all([
    lookOn(seen.identity, (identity) => lookAtOwn(aws, identity, priority)),
    lookAtRole(aws, definition?.executionRoleArn ?? null, seen.identity, priority),
    lookAtRole(aws, definition?.taskRoleArn ?? null, seen.identity, priority),
  ]);
  const executionMay = await lookOn(executionRole, (role) => lookAtMay(aws, role, seen, priority));
  return { own, executionRole, taskRole, executionMay };
}

async function lookAtOwn(aws: Aws, { arn }: IdentityFact, priority: Priority): Promise<Look<readonly MayFact[]>> {
  return lookAt(async () => aws.roles.simulate(await principalOf(aws, arn, priority), OWN_ACTIONS, ["*"], priority));
}

/** The simulator takes a role, not one of its sessions; only IAM knows the role's path. */
async function principalOf(aws: Aws, arn: string, priority: Priority): Promise<string> {
  const name = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (name === undefined) return arn;
  return (await aws.roles.findRole(name, priority))?.arn ?? arn;
}

async function lookAtRole(
  aws: Aws,
  arn: string | null,
  identity: Look<IdentityFact>,
  priority: Priority,
): Promise<Look<RoleFact | null>> {
  if (arn === null) return notYet("there is no task definition that names it");
  const account = arn.split(":")[4];
  if (identity.state === "seen" && account !== identity.value.accountId)
    return notYet(`${arn} belongs to another account`);
  return lookAt(() => aws.roles.findRole(arn.slice(arn.lastIndexOf("/") + 1), priority));
}

async function lookAtMay(
  aws: Aws,
  role: RoleFact | null,
  { taskDefinition, logGroup, identity }: Seen,
  priority: Priority,
): Promise<Look<readonly MayFact[]>> {
  if (role === null) return notYet("there is no execution role");
  const secrets = taskDefinition.state === "seen" ? (taskDefinition.value?.secrets ?? []) : [];
  const account = identity.state === "seen" ? identity.value.accountId : (role.arn.split(":")[4] ?? "");
  const parameters = secrets
    .map(parameterNameOf)
    .filter((name) => name !== null)
    .map((name) => `arn:aws:ssm:${aws.region}:${account}:parameter${name.startsWith("/") ? "" : "/"}${name}`);
  const group = logGroup.state === "seen" ? logGroup.value : null;
  const streams = group ? [`arn:aws:logs:${aws.region}:${account}:log-group:${group.name}:log-stream:*`] : [];
  return lookAt(async () => {
    const answers = await Promise.all([
      parameters.length > 0 ? aws.roles.simulate(role.arn, ["ssm:GetParameters"], parameters, priority) : [],
      streams.length > 0
        ? aws.roles.simulate(role.arn, ["logs:CreateLogStream", "logs:PutLogEvents"], streams, priority)
        : [],
    ]);
    return answers.flat();
  });
}
