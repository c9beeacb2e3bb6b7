import type * as Aas from "@aws-sdk/client-application-auto-scaling";
import { AwsError, type SandboxBase } from "../service.ts";

/** The only scalable dimension of ECS: one scalable target a service. */
export const DIMENSION = "ecs:service:DesiredCount";

/** What auto scaling asks of ECS and CloudWatch; calls of its own role, which drain no client's throttling bucket. */
export interface AutoscalingPorts {
  /** Null where there is no such active service. */
  findService(cluster: string, service: string): { desiredCount: number; isDeploying: boolean } | null;
  setDesiredCount(cluster: string, service: string, count: number): void;
  putAlarm(input: object): void;
  deleteAlarm(name: string): void;
  listAlarms(): readonly ScalingAlarm[];
  /** The newest value that the alarm was judged by; null without one. */
  newestValue(alarmName: string): number | null;
}

/** An alarm as auto scaling sees it; `actions` are what it calls when it goes off. */
export interface ScalingAlarm {
  name: string;
  arn: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  actionsEnabled: boolean;
  actions: readonly string[];
}

/** One service that is scaled, with everything that scales it. */
export interface Target {
  resourceId: string;
  arn: string;
  min: number;
  max: number;
  suspended: Required<Aas.SuspendedState>;
  createdAt: number;
  tags: Record<string, string>;
  policies: Map<string, Policy>;
  scheduled: Map<string, Scheduled>;
}

/** A scaling policy; of target tracking with the names of the alarms that it made. */
export interface Policy {
  name: string;
  arn: string;
  type: Aas.PolicyType;
  step?: Aas.StepScalingPolicyConfiguration | undefined;
  tracking?: Aas.TargetTrackingScalingPolicyConfiguration | undefined;
  predictive?: Aas.PredictiveScalingPolicyConfiguration | undefined;
  /** Of target tracking: its own alarms. */
  high: string | null;
  low: string | null;
  createdAt: number;
  /** Sandbox time at which it last scaled out or in; 0 before. */
  scaledOutAt: number;
  scaledInAt: number;
}

/** A scheduled action; `ranAt` is the minute in which it last ran. */
export interface Scheduled {
  name: string;
  arn: string;
  schedule: string;
  timezone: string | undefined;
  startAt: number | null;
  endAt: number | null;
  action: Aas.ScalableTargetAction;
  createdAt: number;
  ranAt: number;
}

/** Everything of the simulated Application Auto Scaling. */
export interface AutoscalingWorld {
  base: SandboxBase;
  ports: AutoscalingPorts;
  /** By resource id. */
  targets: Map<string, Target>;
  /** Newest first. */
  activities: Aas.ScalingActivity[];
}

/** The cluster and service of "service/cluster/name". @throws AwsError ValidationException */
export function readResourceId(resourceId: string): { cluster: string; service: string } {
  const [type, cluster, service, ...rest] = resourceId.split("/");
  if (type !== "service" || !cluster || !service || rest.length > 0)
    throw invalid("Unsupported service namespace, resource type or scalable dimension");
  return { cluster, service };
}

/** @throws AwsError ValidationException unless it is about ECS's services */
export function checkDimension(input: { ServiceNamespace?: string; ScalableDimension?: string }): void {
  const { ServiceNamespace: namespace, ScalableDimension: dimension } = input;
  if (namespace !== "ecs" || (dimension !== undefined && dimension !== DIMENSION))
    throw invalid("Unsupported service namespace, resource type or scalable dimension");
}

/** @throws AwsError ObjectNotFoundException with `what` AWS says is not there */
export function getTarget(world: AutoscalingWorld, resourceId: string, what: string): Target {
  const target = world.targets.get(resourceId);
  if (!target) throw notFound(what, resourceId);
  return target;
}

/** In AWS's words. */
export function notFound(what: string, resourceId: string): AwsError {
  return new AwsError(
    "ObjectNotFoundException",
    `No ${what} for service namespace: ecs, resource ID: ${resourceId}, scalable dimension: ${DIMENSION}`,
  );
}

/** A request that makes no sense. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** One page, 50 of them unless fewer are asked for. @throws AwsError InvalidNextTokenException */
export function pageOf<Item>(items: readonly Item[], input: { NextToken?: string; MaxResults?: number }) {
  const { NextToken: token, MaxResults: size = 50 } = input;
  if (size < 1 || size > 50) throw invalid("MaxResults must be between 1 and 50");
  const start = token === undefined ? 0 : Number(/^offset:(\d{1,9})$/.exec(decode(token))?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw new AwsError("InvalidNextTokenException", "The next token supplied was invalid");
  const end = start + size;
  const NextToken = end < items.length ? Buffer.from(`offset:${end}`).toString("base64url") : undefined;
  return { page: items.slice(start, end), NextToken };
}

function decode(token: string): string {
  return Buffer.from(token, "base64url").toString("utf8");
}
