import { say } from "../sentence/sentence.ts";
import { covers, liesWithin } from "./ingress.ts";
import type { EndpointFact, NetworkFact, SecurityGroupFact } from "./network-facts.ts";
import { fail, pass } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { TaskDefinitionFact } from "./service-facts.ts";

const SERVICES_PORT = 443;
/** What every task in a subnet without a way out reaches through VPC endpoints: ECR keeps its layers in S3. */
const ALWAYS = ["ecr.api", "ecr.dkr", "s3", "logs"];

/** What tasks without a way out need endpoints for: where their secrets are as well. Without a task definition the usual. */
export function neededEndpoints(definition: Pick<TaskDefinitionFact, "secrets"> | null): readonly string[] {
  const secrets = definition?.secrets ?? ["/usual"];
  const isOfManager = (from: string) => from.includes(":secretsmanager:");
  return [
    ...ALWAYS,
    ...(secrets.some((from) => !isOfManager(from)) ? ["ssm"] : []),
    ...(secrets.some(isOfManager) ? ["secretsmanager"] : []),
  ];
}

/** A NAT gateway, a public address, or endpoints that the tasks can reach: otherwise no task starts. */
export function checkWayOut(
  { endpoints }: NetworkFact,
  subnets: NetworkFact["subnets"],
  hasPublicIp: boolean,
  tasks: { groupIds: readonly string[]; groups: readonly SecurityGroupFact[] | null; needed: readonly string[] },
): readonly Point[] {
  const closed = subnets.filter(({ hasInternet, hasNat }) => !(hasNat || (hasInternet && hasPublicIp)));
  if (subnets.length > 0 && closed.length === 0) return [pass(say("finding.wayOut"))];
  const missing = tasks.needed.filter((name) => !endpoints.some((endpoint) => endpoint.name === name));
  if (missing.length > 0)
    return [
      fail(say("finding.noWayOut", { subnets: closed.map(({ id }) => id).join(", "), missing: missing.join(", ") })),
    ];
  const problems = endpoints
    .filter(({ name }) => tasks.needed.includes(name))
    .flatMap((endpoint) => problemsOf(endpoint, closed, tasks));
  return problems.length > 0 ? problems : [pass(say("finding.endpointsLead"))];
}

function problemsOf(
  { name, groupIds, subnetIds, hasPrivateDns }: EndpointFact,
  closed: NetworkFact["subnets"],
  tasks: { groupIds: readonly string[]; groups: readonly SecurityGroupFact[] | null },
): readonly Point[] {
  if (groupIds === null) {
    const without = closed.filter(({ id }) => !subnetIds.includes(id));
    const subnets = without.map(({ id }) => id).join(", ");
    return without.length > 0 ? [fail(say("check.gatewayNotRouted", { name, subnets }))] : [];
  }
  const points = hasPrivateDns ? [] : [fail(say("check.endpointWithoutName", { name }))];
  // Which groups there are is judged where they could not be seen.
  if (tasks.groups === null) return points;
  const rules = tasks.groups.filter(({ id }) => groupIds.includes(id)).flatMap(({ ingress }) => ingress);
  const isOpen = rules
    .filter((rule) => covers(rule, SERVICES_PORT))
    .some(
      (rule) =>
        rule.groupIds.some((id) => tasks.groupIds.includes(id)) ||
        closed.every((subnet) => rule.cidrs.some((cidr) => liesWithin(subnet.cidr, cidr))),
    );
  return isOpen ? points : [...points, fail(say("check.endpointClosed", { name, groups: groupIds.join(", ") }))];
}
