import { say } from "../sentence/sentence.ts";
import { judge } from "./judge-look.ts";
import { fail, pass, unknown } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { InfrastructureFact, MayFact } from "./role-facts.ts";

/** Who has to be trusted by the role. */
const ECS = "ecs.amazonaws.com";
/** How ECS changes where requests go: default rules and listeners by the first, other rules by the second. */
const SHIFTS = ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"];

/** ECS can assume its infrastructure role, and move targets and traffic with it. */
export function checkInfrastructure({ arn, role, may }: InfrastructureFact): readonly Point[] {
  return judge(role, (found) => {
    if (!found) return [fail(say("finding.infrastructureMissing", { arn }))];
    if (found.trusts.length === 0) return [unknown(say("finding.infrastructureUnread", { arn }))];
    if (!found.trusts.includes(ECS))
      return [fail(say("finding.infrastructureTrusts", { arn, trusts: found.trusts.join(", ") }))];
    return judge(may, (answers) => judgeMay(arn, answers));
  });
}

function judgeMay(arn: string, answers: readonly MayFact[]): readonly Point[] {
  const shifts = answers.filter(({ action }) => SHIFTS.includes(action));
  const points = answers.filter((one) => !shifts.includes(one)).map((one) => pointOf(arn, one));
  const rules = shifts.map(({ resource }) => resource).filter((one) => listenerOf(one) !== one);
  const others = shifts
    .map(({ resource }) => resource)
    .filter((one) => !rules.some((rule) => listenerOf(rule) === one));
  for (const resource of new Set([...rules, ...others])) {
    // Which of the two it takes depends on whether the rule is a default one, so that either is enough.
    const ways = shifts.filter((one) => one.resource === resource || one.resource === listenerOf(resource));
    const best = ways.find(({ isAllowed }) => isAllowed) ?? ways.find(({ needsContext }) => needsContext) ?? ways[0];
    if (best) points.push(pointOf(arn, best));
  }
  const open = points.filter(({ outcome }) => outcome !== "pass");
  return open.length > 0 ? open : [pass(say("finding.infrastructureMay", { arn }))];
}

/** The listener of a rule, by its ARN; anything else stays. */
export function listenerOf(arn: string): string {
  return arn.includes(":listener-rule/") ? arn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "") : arn;
}

function pointOf(arn: string, { action, resource, isAllowed, needsContext }: MayFact): Point {
  const asked = { arn, action, resource };
  if (isAllowed) return pass(say("finding.infrastructureMay", { arn }));
  return needsContext
    ? unknown(say("finding.infrastructureDepends", asked))
    : fail(say("finding.infrastructureMayNot", asked));
}
