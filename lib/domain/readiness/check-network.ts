import { say } from "../sentence/sentence.ts";
import { checkDatabase } from "./check-database.ts";
import { checkWayOut, neededEndpoints } from "./check-way-out.ts";
import { checkTaskWidth, checkWays } from "./check-ways.ts";
import { covers } from "./ingress.ts";
import { judge } from "./look.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { NetworkFact, ReadinessFacts, SecurityGroupFact, ServiceFact, Subject } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";

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
      ...checkDatabase(facts.databases, groups, ofTasks, [...tasks, ...balancers]),
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
