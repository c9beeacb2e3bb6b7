import { say } from "../sentence/sentence.ts";
import { checkWayOut, neededEndpoints } from "./check-way-out.ts";
import { checkTaskWidth, checkWays } from "./check-ways.ts";
import { covers, EVERYBODY, letsOut } from "./ingress.ts";
import { judge } from "./look.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { NetworkFact, ReadinessFacts, SecurityGroupFact, ServiceFact, Subject } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";

/** What MySQL and PostgreSQL listen on. */
const DATABASE_PORTS = [3306, 5432];
/** Load balancer to tasks to database: open on the right port, and nowhere wider. */
export function checkSecurityGroups(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.securityGroups, (groups) => {
    const tasks = idsOf(seenOf(facts.services));
    if (tasks.length === 0) return checkByName(groups, subject);
    const balancers = seenOf(facts.loadBalancer)?.securityGroupIds ?? [];
    const ofTasks = groups.filter(({ id }) => tasks.includes(id));
    const missing = tasks.filter((id) => !groups.some((group) => group.id === id));
    return [
      ...missing.map((id) => fail(say("finding.noTaskGroup", { id }))),
      ...(ofTasks.length > 0
        ? [
            checkWayIn(ofTasks, balancers, subject.port),
            ...checkTaskWidth(ofTasks),
            ...checkWays(
              ofTasks,
              groups.filter(({ id }) => balancers.includes(id)),
              subject,
            ),
          ]
        : []),
      ...checkDatabase(
        groups.filter(({ id }) => !tasks.includes(id) && !balancers.includes(id)),
        ofTasks,
      ),
    ];
  });
}

/** Before there is a service the groups are known by their names alone. */
function checkByName(groups: readonly SecurityGroupFact[], { application }: Subject): readonly Point[] {
  return ["alb", "ecs-task", "rds"].map((part) => {
    const name = `${application}-${part}-sg`;
    return groups.some((group) => group.name === name)
      ? pass(say("finding.groupThere", { name }))
      : fail(say("finding.noGroup", { name }));
  });
}

function checkWayIn(ofTasks: readonly SecurityGroupFact[], balancers: readonly string[], port: number): Point {
  const open = ofTasks.flatMap(({ ingress }) => ingress).filter((rule) => covers(rule, port));
  if (balancers.length === 0) return unknown(say("finding.balancerGroupsUnknown"));
  if (open.some(({ groupIds }) => groupIds.some((id) => balancers.includes(id))))
    return pass(say("finding.balancerReaches", { port }));
  if (open.some(({ cidrs }) => cidrs.length > 0))
    return warn(say("finding.openInstead", { port, to: open.flatMap(({ cidrs }) => cidrs).join(", ") }));
  return fail(say("finding.balancerNotReaches", { balancers: balancers.join(", "), port }));
}

function checkDatabase(others: readonly SecurityGroupFact[], ofTasks: readonly SecurityGroupFact[]): readonly Point[] {
  const databases = others.filter(({ ingress }) =>
    ingress.some((rule) => rule.protocol !== "-1" && DATABASE_PORTS.some((port) => covers(rule, port))),
  );
  if (databases.length === 0) return [warn(say("finding.noDatabaseGroup"))];
  const tasks = ofTasks.map(({ id }) => id);
  return databases.map(({ name, id, ingress }) => {
    const rules = ingress.filter((rule) => DATABASE_PORTS.some((port) => covers(rule, port)));
    const ports = DATABASE_PORTS.filter((port) => rules.some((rule) => covers(rule, port)));
    if (rules.some(({ cidrs }) => cidrs.some((cidr) => EVERYBODY.has(cidr))))
      return fail(say("finding.databaseOpen", { name, id }));
    if (ofTasks.length > 0 && !ports.some((port) => letsOut(ofTasks, port, [id])))
      return warn(say("check.tasksNotToDatabase", { port: ports.join(", "), group: `${name} (${id})` }));
    return rules.some(({ groupIds }) => groupIds.some((group) => tasks.includes(group)))
      ? pass(say("finding.databaseTasks", { name, id }))
      : warn(say("finding.databaseClosed", { name, id }));
  });
}

/** The tasks' subnets: two zones, and a way to ECR, logs and parameters. */
export function checkSubnets(
  network: NetworkFact,
  services: readonly ServiceFact[],
  facts: Pick<ReadinessFacts, "securityGroups" | "taskDefinition">,
): readonly Point[] {
  const ids = [...new Set(services.flatMap(({ subnetIds }) => subnetIds))];
  if (ids.length === 0) return [];
  const subnets = network.subnets.filter(({ id }) => ids.includes(id));
  const zones = [...new Set(subnets.map(({ zone }) => zone))];
  const missing = ids.filter((id) => !subnets.some((subnet) => subnet.id === id));
  const hasPublicIp = services.every(({ assignsPublicIp }) => assignsPublicIp);
  return [
    ...missing.map((id) => fail(say("finding.noSubnet", { id }))),
    zones.length >= 2
      ? pass(say("finding.taskZones", { count: zones.length, zones: zones.join(", ") }))
      : warn(say("finding.taskOneZone", { zones: zones.join(", ") || "-" })),
    ...checkWayOut(network, subnets, hasPublicIp, {
      groupIds: idsOf(services),
      groups: seenOf(facts.securityGroups),
      needed: neededEndpoints(seenOf(facts.taskDefinition)),
    }),
  ];
}

function idsOf(services: readonly ServiceFact[] | null): string[] {
  return [...new Set((services ?? []).flatMap(({ securityGroupIds }) => securityGroupIds))];
}
