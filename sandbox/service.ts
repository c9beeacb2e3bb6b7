import type { CreateTaskSetRequest, Service, TaskSet } from "@aws-sdk/client-ecs";
import type { Clock } from "./clock.ts";

/** Where the simulated world lives; ARNs are built from it. */
export interface Place {
  accountId: string;
  region: string;
}

/** What a handler knows of the call besides its input. */
export interface Call {
  requestId: string;
  /** Aborted when the client goes away; streaming operations end on it. */
  signal: AbortSignal;
  /** The Region that the request is signed for; left out where nothing was signed. */
  region?: string;
  /** Where the client reached the sandbox, "http://127.0.0.1:4566"; left out where no client did. */
  origin?: string;
  /** What it was signed with: whose call it is; left out where nothing was signed. */
  accessKeyId?: string;
  /** What the client says it is; left out where it says nothing. */
  userAgent?: string;
}

/**
 * One AWS operation: validated, decoded input (the SDK's own input type) to output (the SDK's own output type).
 * Refusals are thrown as AwsError. An event stream member of the output is an AsyncIterable.
 */
// biome-ignore lint/suspicious/noExplicitAny: each handler narrows to the SDK's own types; the table only dispatches.
export type Handler = (input: any, call: Call) => unknown;

/** One simulated AWS service: operation name to handler. The protocol layer finds schemas in the SDK client by the same name. */
export interface SimulatedService {
  /** Key of the protocol table: "ecs" | "elbv2" | "logs" | "ecr" | "cloudwatch" | "sts". */
  name: string;
  operations: Readonly<Record<string, Handler>>;
}

/** An error the API answers with, in AWS's own code and HTTP status. `fields` are further members of the modelled shape. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/* Ports between the simulated services. Each service implements the ones that others need of it. */

/** An AWS target as ECS registers it: an address, a port. */
export interface TargetKey {
  id: string;
  port: number;
}

/** What ELB says of a target; the state and reason codes are AWS's. */
export interface TargetState {
  state: "initial" | "healthy" | "unhealthy" | "unhealthy.draining" | "unused" | "draining" | "unavailable";
  reason?: string;
  description?: string;
}

/** What ELB asks of EC2: what a load balancer stands in. */
export interface NetworkLookup {
  /** Null when there is no such subnet. */
  findSubnet(id: string): { vpcId: string; zone: string; hasInternetGateway: boolean } | null;
  hasVpc(id: string): boolean;
  hasSecurityGroup(id: string): boolean;
}

/** What ECS asks of the load balancer. Calls made on ECS's behalf drain no client's throttling bucket. */
export interface TargetRegistry {
  /** @throws AwsError TargetGroupNotFound */
  register(targetGroupArn: string, target: TargetKey): void;
  /** Starts draining; an unknown target is ignored, as AWS does. */
  deregister(targetGroupArn: string, target: TargetKey): void;
  /** Null when the target is not (or no longer) registered. */
  targetState(targetGroupArn: string, target: TargetKey): TargetState | null;
  /** Whether the group exists and a load balancer uses it (CreateService refuses a group that none uses). */
  findTargetGroup(
    targetGroupArn: string,
  ): { name: string; isAssociated: boolean; targetType: string; isIpv6?: boolean } | null;
  /** From now on the instance ("i-...") can be a target. */
  addInstance(instanceId: string): void;
  /** Where requests to this port of an instance, or of an IPv6 address, really go; null closes it. */
  bindPort(target: TargetKey, reach: TargetKey | null): void;
  /**
   * What a virtual target answers to health checks from now on. Targets with an id in 10.0.0.0/8 are virtual: nothing
   * listens there, and they pass their checks as if answering 200 until told otherwise.
   */
  setVirtualHealth(targetId: string, status: number | "hang"): void;
}

/** A target group of a forward, with its weight (0 to 999). */
export interface WeightedTargetGroup {
  targetGroupArn: string;
  weight: number;
}

/** What ECS and CodeDeploy do to listeners and rules with roles of their own: no client's throttling bucket is drained. */
export interface TrafficRules {
  /** The groups a rule forwards to, none when it does something else; null when there is no such rule. */
  readForward(ruleArn: string): readonly WeightedTargetGroup[] | null;
  /**
   * Replaces the groups of the rule's forward; the rule reads so at once, requests follow after `dataPlaneLagMs`.
   * @throws AwsError RuleNotFound, TargetGroupNotFound
   */
  writeForward(ruleArn: string, groups: readonly WeightedTargetGroup[], dataPlaneLagMs?: number): void;
  /** ARNs of a listener's rules in the order of evaluation, the default rule last; null when there is no such listener. */
  rulesOfListener(listenerArn: string): readonly string[] | null;
}

/** What deployments ask of CloudWatch's alarms. */
export interface AlarmStates {
  /** Null when there is no such alarm. */
  stateOf(alarmName: string): "OK" | "ALARM" | "INSUFFICIENT_DATA" | null;
}

/**
 * ECS as CodeDeploy calls it with its role: the task sets of services with the CODE_DEPLOY deployment controller, which nobody
 * else may change. Everything here throws ECS's own AwsErrors.
 */
export interface TaskSetDriver {
  /** Null when there is no such active service. */
  findService(cluster: string, service: string): Service | null;
  createTaskSet(input: CreateTaskSetRequest): TaskSet;
  makePrimary(cluster: string, service: string, taskSet: string): void;
  deleteTaskSet(cluster: string, service: string, taskSet: string): void;
}

/** What tasks write to: `logs` implements it. Creates the group and stream where missing, as the awslogs driver may. */
export interface LogSink {
  /** In the world's own Region unless another one is named. */
  write(
    logGroup: string,
    logStream: string,
    events: readonly { timestamp: number; message: string }[],
    region?: string,
  ): void;
}

/** How a container of an image behaves in the sandbox. */
export interface ImageBehaviour {
  /** What the sample application reports as its version. */
  tag: string;
  digest: string;
  /** What it was built for, "linux/amd64". */
  platforms: readonly string[];
  /** "healthy"; "unhealthy" never passes its check; "crash" exits 1 soon after start; "slow" is healthy after 20 s; "errors" fails 1 request in 5. */
  kind: "healthy" | "unhealthy" | "crash" | "slow" | "errors";
}

/** What ECS asks of the registry. Null means the pull fails with CannotPullContainerError. */
export interface ImageRegistry {
  /** `image` is `repo:tag`, `repo@sha256:…` or `repo:tag@sha256:…` with the registry's host in front. */
  findImage(image: string): ImageBehaviour | null;
}

/** What passed through one target group in some span of time; the answers are its targets' own. */
export interface TargetGroupReport {
  /** As CloudWatch names it: "targetgroup/library-blue-tg/73e2d6bc24d8a067". */
  targetGroup: string;
  healthy: number;
  unhealthy: number;
  requests: number;
  target2xx: number;
  target3xx: number;
  target4xx: number;
  target5xx: number;
  connectionErrors: number;
  responseTimeMsSum: number;
  /** How many answers took from `lowMs` to `highMs`; spans without any are left out. */
  responseTimes: readonly { lowMs: number; highMs: number; count: number }[];
}

/** What passed through one load balancer in some span of time. */
export interface LoadBalancerReport {
  /** As CloudWatch names it: "app/library-alb/50dc6c495c0c9188". */
  loadBalancer: string;
  /** Answers of the load balancer itself. */
  elb4xx: number;
  elb5xx: number;
  elb502: number;
  elb503: number;
  elb504: number;
  /** The groups that it forwards to now. */
  targetGroups: readonly TargetGroupReport[];
}

/** What CloudWatch asks of the load balancers: `elb` implements it. */
export interface TrafficReports {
  /** Whole seconds in [fromMs, toMs), at most 15 minutes back; host counts are those of now. */
  report(fromMs: number, toMs: number): readonly LoadBalancerReport[];
}

/** What every simulated service is built from. */
export interface SandboxBase {
  clock: Clock;
  place: Place;
  /** Deterministic when seeded; the sandbox's only source of randomness (ids, jitter). */
  random: () => number;
}
