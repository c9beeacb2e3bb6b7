import { say } from "../sentence/sentence.ts";
import { checkDatabase } from "./check-database.ts";
import { checkWayOut, neededEndpoints } from "./check-way-out.ts";
import { checkEntranceWidth, checkTaskWidth, checkWays } from "./check-ways.ts";
import { covers } from "./ingress.ts";
import { judgeAll } from "./judge-look.ts";
import type { NetworkFact, SecurityGroupFact } from "./network-facts.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";
import type { ServiceFact } from "./service-facts.ts";
import type { Subject } from "./subject.ts";

/** Load balancer to tasks to database: open on the right port, and nowhere wider. */
export function checkSecurityGroups(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judgeAll([facts.securityGroups, facts.services], ([groups, services]) => {
    if (services.length === 0) return checkByName(facts, groups, subject);
    const tasks = idsOf(services);
    if (tasks.length === 0) return [unknown(say("check.groupsOfInstances"))];
    const missing = tasks.filter((id) => !groups.some((group) => group.id === id));
    return [
      ...missing.map((id) => fail(say("finding.noTaskGroup", { id }))),
      ...checkGroups(facts, subject, groups, { tasks, balancers: seenOf(facts.loadBalancer)?.securityGroupIds ?? [] }),
    ];
  });
}

/** Before there is a service the groups are known by their names. */
function checkByName(facts: ReadinessFacts, groups: readonly SecurityGroupFact[], subject: Subject): readonly Point[] {
  const named = (part: string) => `${subject.application}-${part}-sg`;
  const idsOfPart = (part: string) => groups.filter(({ name }) => name === named(part)).map(({ id }) => id);
  const there = ["alb", "ecs-task", "rds"].map((part) =>
    idsOfPart(part).length > 0
      ? pass(say("finding.groupThere", { name: named(part) }))
      : fail(say("finding.noGroup", { name: named(part) })),
  );
  const balancers = seenOf(facts.loadBalancer)?.securityGroupIds ?? idsOfPart("alb");
  return [...there, ...checkGroups(facts, subject, groups, { tasks: idsOfPart("ecs-task"), balancers })];
}

function checkGroups(
  facts: ReadinessFacts,
  subject: Subject,
  groups: readonly SecurityGroupFact[],
  { tasks, balancers }: { tasks: readonly string[]; balancers: readonly string[] },
): readonly Point[] {
  const ofTasks = groups.filter(({ id }) => tasks.includes(id));
  const ofBalancer = groups.filter(({ id }) => balancers.includes(id));
  if (ofTasks.length === 0) return checkEntranceWidth(ofBalancer);
  const isPublic = (seenOf(facts.services) ?? []).some(({ assignsPublicIp }) => assignsPublicIp);
  return [
    checkWayIn(ofTasks, balancers, subject.port),
    ...checkTaskWidth(ofTasks, isPublic),
    ...checkWays(ofTasks, ofBalancer, subject),
    ...checkEntranceWidth(ofBalancer),
    ...checkDatabase(facts.databases, groups, ofTasks, [...tasks, ...balancers]),
  ];
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
