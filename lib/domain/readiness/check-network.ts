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
      ...missing.map((id) => fail(`the tasks' security group ${id} does not exist`)),
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
      ? pass(`the security group ${name} is there`)
      : fail(`there is no security group ${name}`);
  });
}

function checkWayIn(ofTasks: readonly SecurityGroupFact[], balancers: readonly string[], port: number): Point {
  const open = ofTasks.flatMap(({ ingress }) => ingress).filter((rule) => covers(rule, port));
  if (balancers.length === 0)
    return unknown(`could not look: which security groups the load balancer has is not known`);
  if (open.some(({ groupIds }) => groupIds.some((id) => balancers.includes(id))))
    return pass(`the load balancer reaches the tasks on port ${port}`);
  if (open.some(({ cidrs }) => cidrs.length > 0))
    return warn(
      `port ${port} of the tasks is open to ${open.flatMap(({ cidrs }) => cidrs).join(", ")} instead of the load balancer`,
    );
  return fail(`no rule lets the load balancer (${balancers.join(", ")}) reach the tasks on port ${port}`);
}

function checkDatabase(others: readonly SecurityGroupFact[], ofTasks: readonly SecurityGroupFact[]): readonly Point[] {
  const databases = others.filter(({ ingress }) =>
    ingress.some((rule) => rule.protocol !== "-1" && DATABASE_PORTS.some((port) => covers(rule, port))),
  );
  if (databases.length === 0)
    return [warn("no security group with a database's port (3306, 5432) was found in the VPC")];
  const tasks = ofTasks.map(({ id }) => id);
  return databases.map(({ name, id, ingress }) => {
    const rules = ingress.filter((rule) => DATABASE_PORTS.some((port) => covers(rule, port)));
    const ports = DATABASE_PORTS.filter((port) => rules.some((rule) => covers(rule, port)));
    if (rules.some(({ cidrs }) => cidrs.some((cidr) => EVERYBODY.has(cidr))))
      return fail(`${name} (${id}) opens the database to everybody`);
    if (ofTasks.length > 0 && !ports.some((port) => letsOut(ofTasks, port, [id])))
      return warn(say("check.tasksNotToDatabase", { port: ports.join(", "), group: `${name} (${id})` }));
    return rules.some(({ groupIds }) => groupIds.some((group) => tasks.includes(group)))
      ? pass(`${name} (${id}) opens the database to the tasks`)
      : warn(`${name} (${id}) does not let the tasks reach the database`);
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
    ...missing.map((id) => fail(`the subnet ${id} does not exist`)),
    zones.length >= 2
      ? pass(`the tasks run in ${zones.length} zones: ${zones.join(", ")}`)
      : warn(
          `the tasks run in one zone alone (${zones.join(", ") || "unknown"}): a second one keeps them up when it fails`,
        ),
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
