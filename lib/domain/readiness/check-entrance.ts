import { say } from "../sentence/sentence.ts";
import { checkCertificates } from "./check-certificates.ts";
import { checkHealthPaths } from "./check-health-path.ts";
import { judge } from "./look.ts";
import { fail, pass, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts, Subject, TargetGroupFact } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";

/** ELB waits this long for open requests unless told otherwise; a rollback waits as long for its targets. */
const LONG_DELAY_SECONDS = 120;

/** Both groups are there, fit the tasks, share a VPC, and a listener or rule leads to them. */
export function checkTargetGroups(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.targetGroups, (groups) => {
    if (groups.length < 2 && subject.targetGroups.length === 0)
      return [fail(`the service ${subject.services.join(", ")} names no two target groups`)];
    const missing = subject.targetGroups.filter(
      (name) => !groups.some((group) => group.name === name || group.arn === name),
    );
    const vpcs = new Set(groups.map(({ vpcId }) => vpcId));
    return [
      ...missing.map((name) => fail(`there is no target group ${name}`)),
      ...groups.flatMap(checkTargetGroup),
      ...(vpcs.size > 1 ? [fail(`the two groups are in different VPCs: ${[...vpcs].join(", ")}`)] : []),
      ...checkVpc(groups, facts),
      ...checkHealthPaths(groups, seenOf(facts.taskDefinition)?.container ?? null, subject.port),
    ];
  });
}

/** Tasks register in the VPC of their subnets alone. */
function checkVpc(groups: readonly TargetGroupFact[], facts: ReadinessFacts): readonly Point[] {
  const ids = (seenOf(facts.services) ?? []).flatMap(({ subnetIds }) => subnetIds);
  const other = seenOf(facts.network)?.subnets.find(({ id }) => ids.includes(id))?.vpcId;
  return groups
    .filter(({ vpcId }) => other !== undefined && vpcId !== other)
    .map(({ name, vpcId }) => fail(say("check.vpcOther", { group: name, vpc: vpcId, other: other ?? "" })));
}

function checkTargetGroup(group: TargetGroupFact): readonly Point[] {
  const { name, targetType, protocol, healthCheckPath, deregistrationDelaySeconds: delay } = group;
  const points = [
    targetType === "ip"
      ? pass(`${name} takes ip targets, ${protocol}:${group.port}, and asks ${healthCheckPath}`)
      : fail(`${name} takes ${targetType} targets; tasks of Fargate register by ip`),
  ];
  if (protocol !== "HTTP" && protocol !== "HTTPS") points.push(fail(`${name} speaks ${protocol}, not HTTP`));
  if (delay !== null && delay > LONG_DELAY_SECONDS)
    points.push(warn(`${name} keeps leaving targets for ${delay} s: every replaced task stays as long`));
  if (group.loadBalancerArns.length === 0)
    points.push(warn(`no listener or rule leads to ${name}, so its targets are not checked (Target.NotInUse)`));
  return points;
}

/** The load balancer serves in two zones, and the listener is there. */
export function checkLoadBalancer(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.loadBalancer, (found) => {
    if (!found) return [fail(`there is no load balancer ${subject.loadBalancer ?? "behind the configured listener"}`)];
    const { name, scheme, state, zones, listeners } = found;
    const production = listeners.find(({ port }) => port === subject.listenerPort) ?? null;
    const points: Point[] = [
      state === "active" ? pass(`${name} is active, ${scheme}`) : warn(`${name} is ${state}`),
      zones.length >= 2
        ? pass(`it stands in ${zones.length} zones`)
        : fail(`it stands in ${zones.length} zone; two are needed`),
    ];
    if (subject.listenerPort !== null && !production)
      points.push(fail(`${name} has no listener on port ${subject.listenerPort}`));
    if (production?.protocol === "HTTPS" && production.certificates.length === 0)
      points.push(fail(`its listener on port ${production.port} has no certificate`));
    if (!listeners.some(({ protocol }) => protocol === "HTTPS"))
      points.push(warn("no listener speaks HTTPS: what people send can be read on the way"));
    return [...points, ...checkCertificates(facts)];
  });
}

/** The service runs what is wanted of it, and which lever moves it is known. */
export function checkService(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.services, (services) => {
    const missing = subject.services.filter((name) => !services.some((service) => service.name === name));
    const points: Point[] = missing.map((name) => fail(`there is no ECS service ${name} in ${subject.cluster}`));
    for (const { name, status, desired, running, deploymentController, strategy } of services) {
      if (status !== "ACTIVE") points.push(fail(`${name} is ${status}`));
      else if (desired === 0) points.push(warn(`${name} wants no task`));
      else if (running === 0) points.push(fail(`${name} wants ${desired} and runs none`));
      else if (running < desired) points.push(warn(`${name} wants ${desired} and runs ${running}`));
      else
        points.push(pass(`${name} runs ${running} of ${desired}, moved by ${leverOf(deploymentController, strategy)}`));
    }
    const healthy = (seenOf(facts.targetGroups) ?? []).reduce((sum, group) => sum + group.healthyTargets, 0);
    if (points.every(({ outcome }) => outcome === "pass") && healthy === 0)
      points.push(warn("none of its targets is healthy yet"));
    return points;
  });
}

function leverOf(controller: string, strategy: string): string {
  if (controller === "CODE_DEPLOY") return "CodeDeploy";
  if (controller === "EXTERNAL") return "task sets";
  return strategy === "ROLLING" ? "rolling updates" : `ECS's own ${strategy}`;
}
