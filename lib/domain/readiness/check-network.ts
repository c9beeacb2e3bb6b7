import { judge, seenOf } from "./look.ts";
import { fail, type Point, pass, unknown, warn } from "./readiness.ts";
import type {
  IngressFact,
  NetworkFact,
  ReadinessFacts,
  SecurityGroupFact,
  ServiceFact,
  Subject,
} from "./readiness-facts.ts";

const EVERYBODY = new Set(["0.0.0.0/0", "::/0"]);
/** What MySQL and PostgreSQL listen on. */
const DATABASE_PORTS = [3306, 5432];
/** What a task in a subnet without a way out reaches through VPC endpoints: ECR keeps its layers in S3. */
const NEEDED_ENDPOINTS = ["ecr.api", "ecr.dkr", "s3", "logs", "ssm"];

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
      ...(ofTasks.length > 0 ? [checkWayIn(ofTasks, balancers, subject.port), ...checkWidth(ofTasks)] : []),
      ...checkDatabase(
        groups.filter(({ id }) => !tasks.includes(id) && !balancers.includes(id)),
        tasks,
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

function checkWidth(ofTasks: readonly SecurityGroupFact[]): readonly Point[] {
  const wide = ofTasks.filter(({ ingress }) => ingress.some(({ cidrs }) => cidrs.some((cidr) => EVERYBODY.has(cidr))));
  return wide.map(({ name, id }) => warn(`${name} (${id}) lets everybody reach the tasks without the load balancer`));
}

function checkDatabase(others: readonly SecurityGroupFact[], tasks: readonly string[]): readonly Point[] {
  const databases = others.filter(({ ingress }) =>
    ingress.some((rule) => rule.protocol !== "-1" && DATABASE_PORTS.some((port) => covers(rule, port))),
  );
  if (databases.length === 0)
    return [warn("no security group with a database's port (3306, 5432) was found in the VPC")];
  return databases.map(({ name, id, ingress }) => {
    const rules = ingress.filter((rule) => DATABASE_PORTS.some((port) => covers(rule, port)));
    if (rules.some(({ cidrs }) => cidrs.some((cidr) => EVERYBODY.has(cidr))))
      return fail(`${name} (${id}) opens the database to everybody`);
    return rules.some(({ groupIds }) => groupIds.some((group) => tasks.includes(group)))
      ? pass(`${name} (${id}) opens the database to the tasks`)
      : warn(`${name} (${id}) does not let the tasks reach the database`);
  });
}

/** The tasks' subnets: two zones, and a way to ECR, logs and parameters. */
export function checkSubnets(network: NetworkFact, services: readonly ServiceFact[]): readonly Point[] {
  const ids = [...new Set(services.flatMap(({ subnetIds }) => subnetIds))];
  if (ids.length === 0) return [];
  const subnets = network.subnets.filter(({ id }) => ids.includes(id));
  const zones = [...new Set(subnets.map(({ zone }) => zone))];
  const missing = ids.filter((id) => !subnets.some((subnet) => subnet.id === id));
  return [
    ...missing.map((id) => fail(`the subnet ${id} does not exist`)),
    zones.length >= 2
      ? pass(`the tasks run in ${zones.length} zones: ${zones.join(", ")}`)
      : warn(
          `the tasks run in one zone alone (${zones.join(", ") || "unknown"}): a second one keeps them up when it fails`,
        ),
    checkWayOut(
      network,
      subnets,
      services.every(({ assignsPublicIp }) => assignsPublicIp),
    ),
  ];
}

function checkWayOut(network: NetworkFact, subnets: NetworkFact["subnets"], hasPublicIp: boolean): Point {
  const closed = subnets.filter(({ hasInternet, hasNat }) => !(hasNat || (hasInternet && hasPublicIp)));
  if (subnets.length > 0 && closed.length === 0) return pass("the tasks' subnets have a way to AWS's services");
  const missing = NEEDED_ENDPOINTS.filter((name) => !network.endpoints.includes(name));
  if (missing.length === 0) return pass("VPC endpoints lead to ECR, logs and parameters");
  return fail(
    `tasks in ${closed.map(({ id }) => id).join(", ")} cannot reach ECR, logs or parameters: give them a NAT gateway, a public address in a public subnet, or VPC endpoints for ${missing.join(", ")}`,
  );
}

function idsOf(services: readonly ServiceFact[] | null): string[] {
  return [...new Set((services ?? []).flatMap(({ securityGroupIds }) => securityGroupIds))];
}

function covers({ protocol, fromPort, toPort }: IngressFact, port: number): boolean {
  return protocol === "-1" || (protocol === "tcp" && fromPort <= port && port <= toPort);
}
