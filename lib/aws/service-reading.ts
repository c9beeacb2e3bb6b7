import type { LoadBalancer, Deployment as SdkDeployment, Service as SdkService } from "@aws-sdk/client-ecs";
import type { AwsPause } from "../domain/observation/aws-deployment.ts";
import type { ServiceEvent } from "../domain/observation/slot.ts";
import { shortName } from "../domain/text/short-name.ts";
import { entrancesBesides } from "./entrances-besides.ts";
import { pausesOf } from "./pauses.ts";
import { type TaskSetReading, toTaskSetReading } from "./task-sets.ts";

/** ECS's own deployment inside a service; never called Deployment, which is ours. */
export interface EcsDeployment {
  id: string;
  status: string;
  taskDefinition: string;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED" | null;
  rolloutReason: string | null;
  failedTasks: number;
}

/** What ECS deploys between: two target groups, and the rules (for an NLB: listeners) that it writes. */
export interface ServicePair {
  targetGroupArn: string;
  alternateTargetGroupArn: string;
  productionRule: string;
  testRule: string | null;
}

/** Ids of the subnets and security groups of a service, or of its first task set that has any. */
export interface ServiceNetwork {
  subnets: readonly string[];
  securityGroups: readonly string[];
}

/** A container that a service or task set registers with a target group. */
interface BalancedContainer {
  targetGroupArn: string;
  container: string;
  /** Null where the entry does not say. */
  port: number | null;
}

/** One ECS service as DescribeServices tells it. */
export interface ServiceReading {
  name: string;
  arn: string;
  /** "ACTIVE", "DRAINING" or "INACTIVE". */
  status: string;
  taskDefinition: string;
  desired: number;
  running: number;
  pending: number;
  deployments: EcsDeployment[];
  /** Newest first, the last 20. */
  events: ServiceEvent[];
  /** The target groups that its tasks register with. */
  targetGroupArns: string[];
  /** Its load balancer entries: which container is behind which target group, an alternate one included. */
  balanced: BalancedContainer[];
  /** Where its tasks get their network interfaces; null where they get none. */
  network: ServiceNetwork | null;
  /** How requests reach its tasks without the load balancer, in words; left out where none do. */
  besides?: string[];
  /** "FARGATE", "EC2" or "EXTERNAL", its own or its task sets'; left out where capacity providers decide. */
  launchType?: string;
  /** "ECS", "EXTERNAL" or "CODE_DEPLOY". */
  deploymentController: string;
  /** Only with the deployment controllers EXTERNAL and CODE_DEPLOY. */
  taskSets: TaskSetReading[];
  /** "ROLLING", "BLUE_GREEN", "LINEAR" or "CANARY". */
  strategy: string;
  /** The pair of target groups that ECS deploys between; null with the strategy ROLLING. */
  pair: ServicePair | null;
  /** The pairs of its further load balancer entries, which ECS deploys between at the same time. */
  furtherPairs: ServicePair[];
  /** Where its next deployment waits for a person. */
  pauses: AwsPause[];
  /** ARN of the newest service deployment; null where ECS does not tell it. */
  serviceDeployment: string | null;
  /** ARNs of the revisions that have tasks or get some. */
  serviceRevisions: string[];
}

const EVENTS_KEPT = 20;

/** A service of DescribeServices or UpdateService in our words. */
export function toServiceReading(service: SdkService): ServiceReading {
  return {
    name: service.serviceName ?? shortName(service.serviceArn ?? ""),
    arn: service.serviceArn ?? "",
    status: service.status ?? "ACTIVE",
    taskDefinition: service.taskDefinition ?? "",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    deployments: (service.deployments ?? []).map(toEcsDeployment),
    events: (service.events ?? [])
      .map((event) => ({ id: event.id ?? "", at: event.createdAt?.getTime() ?? 0, message: event.message ?? "" }))
      .sort((a, b) => b.at - a.at)
      .slice(0, EVENTS_KEPT),
    targetGroupArns: (service.loadBalancers ?? []).flatMap((lb) => (lb.targetGroupArn ? [lb.targetGroupArn] : [])),
    balanced: balancedContainers([
      ...(service.loadBalancers ?? []),
      ...(service.taskSets ?? []).flatMap((set) => set.loadBalancers ?? []),
    ]),
    network: networkOf(service),
    ...besidesOf(service),
    ...launchTypeOf(service),
    deploymentController: service.deploymentController?.type ?? "ECS",
    taskSets: (service.taskSets ?? []).map(toTaskSetReading),
    strategy: service.deploymentConfiguration?.strategy ?? "ROLLING",
    ...pairsOf(service),
    pauses: pausesOf(service.deploymentConfiguration),
    serviceDeployment: service.currentServiceDeployment ?? null,
    serviceRevisions: (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []),
  };
}

function networkOf({ networkConfiguration, taskSets = [] }: SdkService): ServiceNetwork | null {
  const all = [networkConfiguration, ...taskSets.map((set) => set.networkConfiguration)];
  const own = all.find((each) => each?.awsvpcConfiguration !== undefined)?.awsvpcConfiguration;
  return own ? { subnets: own.subnets ?? [], securityGroups: own.securityGroups ?? [] } : null;
}

function besidesOf(service: SdkService): Pick<ServiceReading, "besides"> {
  const besides = entrancesBesides(service);
  return besides.length > 0 ? { besides } : {};
}

/** A service of task sets has none of its own. */
function launchTypeOf({ launchType, taskSets = [] }: SdkService): Pick<ServiceReading, "launchType"> {
  const given = taskSets.find((set) => set.launchType !== undefined)?.launchType ?? launchType;
  return given ? { launchType: given } : {};
}

function balancedContainers(entries: readonly LoadBalancer[]): BalancedContainer[] {
  return entries.flatMap(({ targetGroupArn, containerName: container, containerPort, advancedConfiguration }) =>
    [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) =>
      arn && container ? [{ targetGroupArn: arn, container, port: containerPort ?? null }] : [],
    ),
  );
}

/** The load balancer entries that name a pair. */
function pairsOf({ loadBalancers = [] }: SdkService): Pick<ServiceReading, "pair" | "furtherPairs"> {
  const [pair = null, ...furtherPairs] = loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration }) => {
    const { alternateTargetGroupArn, productionListenerRule, testListenerRule } = advancedConfiguration ?? {};
    if (!targetGroupArn || !alternateTargetGroupArn || !productionListenerRule) return [];
    const rules = { productionRule: productionListenerRule, testRule: testListenerRule ?? null };
    return [{ targetGroupArn, alternateTargetGroupArn, ...rules }];
  });
  return { pair, furtherPairs };
}

function toEcsDeployment(deployment: SdkDeployment): EcsDeployment {
  return {
    id: deployment.id ?? "",
    status: deployment.status ?? "",
    taskDefinition: deployment.taskDefinition ?? "",
    rolloutState: deployment.rolloutState ?? null,
    rolloutReason: deployment.rolloutStateReason ?? null,
    failedTasks: deployment.failedTasks ?? 0,
  };
}
