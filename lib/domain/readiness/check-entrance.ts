import { findUnapprovable } from "../rules/approvable-rules.ts";
import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";
import { checkCertificates } from "./check-certificates.ts";
import { checkHealthPaths } from "./check-health-path.ts";
import { checkInfrastructure } from "./check-infrastructure.ts";
import { checkRedirect } from "./check-redirect.ts";
import { judge } from "./judge-look.ts";
import type { LoadBalancerFact, TargetGroupFact } from "./load-balancer-facts.ts";
import { fail, pass, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import { seenOf } from "./seen-of.ts";
import type { ServiceFact, TaskDefinitionFact } from "./service-facts.ts";
import type { Subject } from "./subject.ts";

/** ELB waits this long for open requests unless told otherwise; a rollback waits as long for its targets. */
const LONG_DELAY_SECONDS = 120;

/** Both groups are there, fit the tasks, share a VPC, and a listener or rule leads to them. */
export function checkTargetGroups(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.targetGroups, (groups) => {
    if (groups.length < 2 && subject.targetGroups.length === 0)
      return [fail(say("finding.noTwoGroups", { services: subject.services.join(", ") }))];
    const missing = subject.targetGroups.filter(
      (name) => !groups.some((group) => group.name === name || group.arn === name),
    );
    const vpcs = new Set(groups.map(({ vpcId }) => vpcId));
    return [
      ...missing.map((name) => fail(say("finding.noTargetGroup", { name }))),
      ...groups.flatMap((group) => checkTargetGroup(group, seenOf(facts.taskDefinition))),
      ...checkInUse(groups, seenOf(facts.loadBalancer), subject),
      ...(vpcs.size > 1 ? [fail(say("finding.twoVpcs", { vpcs: [...vpcs].join(", ") }))] : []),
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

/** Without a listener or rule a group gets no request, and its targets no health check. CodeDeploy puts the second one in itself. */
function checkInUse(
  groups: readonly TargetGroupFact[],
  balancer: Pick<LoadBalancerFact, "arn" | "name"> | null,
  { controller }: Pick<Subject, "controller">,
): readonly Point[] {
  // Before there is a load balancer none can be in use.
  if (!balancer) return groups.filter(isIdle).map(({ name }) => warn(say("finding.notInUse", { name })));
  const unused = groups.filter(({ loadBalancerArns }) => !loadBalancerArns.includes(balancer.arn));
  if (controller === "code-deploy" && unused.length < groups.length) return [];
  return unused.map((group) =>
    fail(
      isIdle(group)
        ? say("finding.notInUse", { name: group.name })
        : say("check.groupElsewhere", { group: group.name, balancer: balancer.name }),
    ),
  );
}

const isIdle = ({ loadBalancerArns }: TargetGroupFact) => loadBalancerArns.length === 0;

function checkTargetGroup(group: TargetGroupFact, definition: TaskDefinitionFact | null): readonly Point[] {
  const { name, targetType, protocol, port, healthCheckPath, deregistrationDelaySeconds: delay } = group;
  const wanted = definition?.registersBy ?? "ip";
  const ports = definition?.container?.ports ?? [];
  const points = [
    targetType === wanted
      ? pass(say("finding.takesIp", { name, type: targetType, protocol, port, path: healthCheckPath }))
      : fail(say("finding.takesOther", { name, type: targetType, wanted })),
  ];
  if (targetType === "ip" && ports.length > 0 && !ports.includes(port))
    points.push(warn(say("check.groupPortOther", { group: name, port, listens: ports.join(", ") })));
  if (protocol !== "HTTP" && protocol !== "HTTPS") points.push(fail(say("finding.speaks", { name, protocol })));
  if (delay !== null && delay > LONG_DELAY_SECONDS) points.push(warn(say("finding.keepsLeaving", { name, delay })));
  return points;
}

/** The load balancer serves in two zones, and the listener is there. */
export function checkLoadBalancer(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.loadBalancer, (found) => {
    if (!found)
      return [
        fail(
          subject.loadBalancer
            ? say("finding.noBalancer", { name: subject.loadBalancer })
            : say("finding.noBalancerConfigured"),
        ),
      ];
    const { name, scheme, state, zones, listeners } = found;
    const production = listeners.find(({ port }) => port === subject.listenerPort) ?? null;
    const points: Point[] = [
      state === "active"
        ? pass(say("finding.balancerActive", { name, scheme }))
        : warn(say("finding.stateIs", { name, state })),
      zones.length >= 2
        ? pass(say("finding.zones", { zones: zones.length }))
        : fail(say("finding.oneZone", { zones: zones.length })),
    ];
    if (subject.listenerPort !== null && !production)
      points.push(fail(say("finding.noListener", { name, port: subject.listenerPort })));
    if (production?.protocol === "HTTPS" && production.certificates.length === 0)
      points.push(fail(say("finding.noCertificate", { port: production.port })));
    if (!listeners.some(({ protocol }) => protocol === "HTTPS")) points.push(warn(say("finding.noHttps")));
    return [...points, ...checkRedirect(found), ...checkCertificates(facts)];
  });
}

/** The service runs what is wanted of it, and which lever moves it is known. */
export function checkService(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  return judge(facts.services, (services) => {
    const missing = subject.services.filter((name) => !services.some((service) => service.name === name));
    const points: Point[] = missing.map((name) => fail(say("finding.noService", { name, cluster: subject.cluster })));
    for (const { name, status, desired, running, deploymentController, strategy } of services) {
      if (status !== "ACTIVE") points.push(fail(say("finding.stateIs", { name, state: status })));
      else if (desired === 0) points.push(warn(say("finding.wantsNone", { name })));
      else if (running === 0) points.push(fail(say("finding.runsNone", { name, desired })));
      else if (running < desired) points.push(warn(say("finding.runsFewer", { name, desired, running })));
      else
        points.push(
          pass(say("finding.runs", { name, running, desired, lever: leverOf(deploymentController, strategy) })),
        );
    }
    points.push(...services.flatMap((service) => checkApprovable(service, subject)));
    points.push(...(facts.infrastructure ?? []).flatMap(checkInfrastructure));
    if (points.some(({ outcome }) => outcome !== "pass")) return points;
    return [...points, ...judge(facts.targetGroups, checkHealthy)];
  });
}

function checkHealthy(groups: readonly TargetGroupFact[]): readonly Point[] {
  return groups.some(({ healthyTargets }) => healthyTargets > 0) ? [] : [warn(say("finding.noneHealthy"))];
}

/** Where people have to approve and AWS moves traffic, it has to wait for them: without that no release is ever started. */
function checkApprovable({ name, pauses }: ServiceFact, { approvals, controller }: Subject): readonly Point[] {
  if (!pauses || !approvals?.release) return [];
  const found = findUnapprovable({ approvals, controller }, { pauses: [...pauses] });
  if (found?.said === undefined) return [pass(say("finding.approvable", { name }))];
  const why = say("told.why", { what: name, why: found.said });
  return [fail(found.fixSaid ? say("told.also", { first: why, second: found.fixSaid }) : why)];
}

function leverOf(controller: string, strategy: string): Told {
  if (controller === "CODE_DEPLOY") return "CodeDeploy";
  if (controller === "EXTERNAL") return say("finding.lever.taskSets");
  return strategy === "ROLLING" ? say("finding.lever.rolling") : say("finding.lever.own", { strategy });
}
