import type { Aws } from "../aws/aws.ts";
import type { Priority } from "../aws/budget.ts";
import { listenerOf } from "../domain/readiness/check-infrastructure.ts";
import type { Look } from "../domain/readiness/look.ts";
import type { InfrastructureFact, RoleFact } from "../domain/readiness/role-facts.ts";
import type { EcsMoves } from "../domain/readiness/service-facts.ts";
import { say } from "../domain/sentence/sentence.ts";
import { shortName } from "../domain/text/short-name.ts";
import { lookAt, lookOn, notYet } from "./look-at.ts";

/** What ECS needs of the groups; https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html */
const ON_GROUPS = ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"];

/** What IAM says of the role by which ECS moves traffic: whether it is there, whom it trusts, and what its policies allow. */
export async function lookAtInfrastructure(
  aws: Pick<Aws, "roles">,
  { roleArn, rules, targetGroups }: EcsMoves,
  /** Null where it is not known. */
  accountId: string | null,
  priority: Priority,
): Promise<InfrastructureFact> {
  const role = await lookAtRole(aws, roleArn, accountId, priority);
  const asked = [
    { actions: ON_GROUPS, resources: targetGroups },
    { actions: ["elasticloadbalancing:ModifyRule"], resources: rules.filter((arn) => arn.includes(":listener-rule/")) },
    { actions: ["elasticloadbalancing:ModifyListener"], resources: [...new Set(rules.map(listenerOf))] },
  ].filter(({ resources }) => resources.length > 0);
  const may = await lookOn(role, (found) =>
    found === null
      ? notYet<never>(say("finding.infrastructureMissing", { arn: roleArn }))
      : lookAt(async () => {
          const answers = await Promise.all(
            asked.map(({ actions, resources }) => aws.roles.simulate(found.arn, actions, resources, priority)),
          );
          return answers.flat();
        }),
  );
  return { arn: roleArn, role, may };
}

/** One of this account's roles; those of others cannot be looked at from here. */
export async function lookAtRole(
  aws: Pick<Aws, "roles">,
  arn: string,
  accountId: string | null,
  priority: Priority,
): Promise<Look<RoleFact | null>> {
  if (accountId !== null && arn.split(":")[4] !== accountId) return notYet(say("finding.why.otherAccount", { arn }));
  return lookAt(() => aws.roles.findRole(shortName(arn), priority));
}
