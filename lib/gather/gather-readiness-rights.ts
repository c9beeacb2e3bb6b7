import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import type { Look } from "../domain/readiness/look.ts";
import type { IdentityFact, ReadinessFacts } from "../domain/readiness/readiness-facts.ts";
import type { MayFact, OwnRights, RoleFact } from "../domain/readiness/role-facts.ts";
import { seenOf } from "../domain/readiness/seen-of.ts";
import type { Subject } from "../domain/readiness/subject.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lookAtInfrastructure, lookAtRole } from "./infrastructure-role.ts";
import { lookAt, lookOn, notYet } from "./look-at.ts";

/**
 * What Switchyard reads with, as far as IAM knows no resources for it: a policy that names resources would be judged wrongly
 * with "*".
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
  "secretsmanager:DescribeSecret",
];

type Seen = Pick<
  ReadinessFacts,
  "identity" | "taskDefinition" | "logGroup" | "loadBalancer" | "services" | "parameters"
>;
type Rights = Pick<ReadinessFacts, "own" | "executionRole" | "taskRole" | "executionMay" | "infrastructure">;

/** The task's two roles, what the execution role may do, what ECS moves traffic with, and what Switchyard itself may do. */
export async function gatherRights(aws: Aws, seen: Seen, subject: Subject, priority: Priority): Promise<Rights> {
  const definition = seenOf(seen.taskDefinition);
  const account = seenOf(seen.identity)?.accountId ?? null;
  const roleOf = (arn: string | null | undefined) =>
    arn ? lookAtRole(aws, arn, account, priority) : notYet<null>(say("finding.why.noDefinition"));
  const moves = (seenOf(seen.services) ?? []).flatMap((service) => service.moves ?? []);
  const [own, executionRole, taskRole, infrastructure] = await Promise.all([
    lookOn(seen.identity, (identity) => lookAtOwn(aws, identity, changesOf(aws, identity, seen, subject), priority)),
    roleOf(definition?.executionRoleArn),
    roleOf(definition?.taskRoleArn),
    Promise.all(moves.map((one) => lookAtInfrastructure(aws, one, account, priority))),
  ]);
  const executionMay = await lookOn(executionRole, (role) => lookAtMay(aws, role, seen, priority));
  return { own, executionRole, taskRole, executionMay, ...(infrastructure.length > 0 ? { infrastructure } : {}) };
}

/** Actions with the resources that they are needed on. */
interface Asked {
  actions: readonly string[];
  resources: readonly string[];
}

/** What a switch and a release change, on the very listener and services: a policy that names them is judged rightly. */
function changesOf(
  aws: Aws,
  { accountId, arn }: IdentityFact,
  seen: Seen,
  { controller, cluster, listenerPort }: Subject,
): Asked[] {
  const partition = arn.split(":")[1] ?? "aws";
  const listeners = (seenOf(seen.loadBalancer)?.listeners ?? []).filter(
    ({ port }) => listenerPort === null || port === listenerPort,
  );
  const services = (seenOf(seen.services) ?? []).map(
    ({ name }) => `arn:${partition}:ecs:${aws.region}:${accountId}:service/${cluster}/${name}`,
  );
  const { moves, sides } = CAPABILITIES[controller];
  const isShiftedHere = moves === "Switchyard";
  const onServices = sides === "task sets" ? "ecs:UpdateServicePrimaryTaskSet" : "ecs:UpdateService";
  return [
    {
      actions: ["elasticloadbalancing:ModifyListener"],
      resources: isShiftedHere ? listeners.map((one) => one.arn) : [],
    },
    { actions: [onServices], resources: moves === "CodeDeploy" ? [] : services },
  ].filter(({ resources }) => resources.length > 0);
}

/** By the simulator; where that is denied, by what AWS answered and denied to the calls of this process. Nothing is guessed. */
async function lookAtOwn(
  aws: Aws,
  { arn }: IdentityFact,
  changes: readonly Asked[],
  priority: Priority,
): Promise<Look<OwnRights>> {
  const asked: readonly Asked[] = [{ actions: OWN_ACTIONS, resources: ["*"] }, ...changes];
  const look = await lookAt(async () => {
    const principal = await principalOf(aws, arn, priority);
    return Promise.all(
      asked.map(({ actions, resources }) => aws.roles.simulate(principal, actions, resources, priority)),
    );
  });
  if (look.state === "seen")
    return {
      state: "seen",
      value: { way: "simulated", why: null, answers: look.value.flat().map(toAnswer) },
    };
  if (look.state !== "denied") return look;
  const answers = asked.flatMap(({ actions }) =>
    actions.map((action) => ({ action, answer: aws.heard(action) ?? ("unknown" as const) })),
  );
  return { state: "seen", value: { way: "tried", why: `denied ${look.permission}`, answers } };
}

function toAnswer({ action, isAllowed, needsContext }: MayFact): OwnRights["answers"][number] {
  return { action, answer: isAllowed ? "allowed" : needsContext ? "unknown" : "denied" };
}

/** The simulator takes a role, not one of its sessions; only IAM knows the role's path. */
async function principalOf(aws: Aws, arn: string, priority: Priority): Promise<string> {
  const name = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (name === undefined) return arn;
  return (await aws.roles.findRole(name, priority))?.arn ?? arn;
}

async function lookAtMay(
  aws: Aws,
  role: RoleFact | null,
  seen: Seen,
  priority: Priority,
): Promise<Look<readonly MayFact[]>> {
  if (role === null) return notYet(say("finding.why.noExecutionRole"));
  const [, partition = "aws", , , ofRole = ""] = role.arn.split(":");
  const account = seenOf(seen.identity)?.accountId ?? ofRole;
  const arnOf = (service: string, resource: string) =>
    `arn:${partition}:${service}:${aws.region}:${account}:${resource}`;
  const secrets = seenOf(seen.taskDefinition)?.secrets ?? [];
  const parameters = secrets.flatMap((from) => {
    if (from.startsWith("arn:")) return from.includes(":ssm:") ? [from] : [];
    return [arnOf("ssm", `parameter${from.startsWith("/") ? "" : "/"}${from}`)];
  });
  const group = seenOf(seen.logGroup);
  const keys = (seenOf(seen.parameters) ?? []).flatMap(({ keyId }) => (keyId === null ? [] : [keyId]));
  const asked: Asked[] = [
    { actions: ["ssm:GetParameters"], resources: parameters },
    // A secret's ARN may go on with the member and version that is wanted of it.
    {
      actions: ["secretsmanager:GetSecretValue"],
      resources: secrets
        .filter((from) => from.includes(":secretsmanager:"))
        .map((from) => from.split(":").slice(0, 7).join(":")),
    },
    // By an alias nobody knows which key a policy would have to name.
    {
      actions: ["kms:Decrypt"],
      resources: keys
        .filter((key) => !key.startsWith("alias/"))
        .map((key) => (key.startsWith("arn:") ? key : arnOf("kms", `key/${key}`))),
    },
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: group ? [`${group.arn || arnOf("logs", `log-group:${group.name}`)}:log-stream:*`] : [],
    },
  ].filter(({ resources }) => resources.length > 0);
  return lookAt(async () => {
    const answers = await Promise.all(
      asked.map(({ actions, resources }) => aws.roles.simulate(role.arn, actions, [...new Set(resources)], priority)),
    );
    return answers.flat();
  });
}
