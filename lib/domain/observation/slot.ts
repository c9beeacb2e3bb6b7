import { shortName } from "../text/short-name.ts";
import type { SideMetrics } from "./side-metrics.ts";
import type { SideScaling } from "./side-scaling.ts";

/** An identity that never moves. Live and standby are roles, read from the listener. */
export const SLOT_COLORS = ["blue", "green"] as const;
export type SlotColor = (typeof SLOT_COLORS)[number];

/** The role a slot has now. `canary` holds some but not most of the traffic; `empty` runs and wants nothing. */
export type SlotRole = "live" | "standby" | "canary" | "empty";

/** What a slot runs. `digest` and `tag` are null where the image does not carry them. */
export interface Revision {
  /** Task definition ARN. */
  taskDefinition: string;
  /** The image exactly as the task definition names it. */
  image: string;
  digest: string | null;
  tag: string | null;
}

interface TaskContainer {
  name: string;
  lastStatus: string;
  exitCode?: number;
  /** Left out where its health check did not fail, or it has none. */
  isUnhealthy?: boolean;
  reason?: string;
  /** Whether its end is its task's end; left out while the task definition is not known. */
  essential?: boolean;
  /** The container runtime's id: with it streams are named where a task definition gives no prefix. */
  runtimeId?: string;
  /** Of the image that it runs, as ECS says it; left out until it was pulled. */
  digest?: string;
  /** Ports of the task's instance that lead to it; left out where the task has an address of its own. */
  hostPorts?: number[];
}

/** One ECS task; states, codes and reasons are AWS's own words (untrusted text: render, never interpret). */
export interface Task {
  arn: string;
  id: string;
  lastStatus: string;
  desiredStatus: string;
  healthStatus: string;
  /** Epoch ms; null until the task runs. */
  startedAt: number | null;
  createdAt: number | null;
  stoppedAt: number | null;
  stopCode?: string;
  stoppedReason?: string;
  containers: TaskContainer[];
  taskDefinition: string;
  /** Private address of the task's network interface, which is its target's id; null before it has one. */
  address: string | null;
  /** Its IPv6 addresses as AWS writes them; left out where it has none. */
  ipv6?: string[];
  /** ARN of the container instance that it runs on; left out on Fargate. */
  containerInstance?: string;
  /** EC2's id of that instance; left out until it was read. */
  instanceId?: string;
  /** "FARGATE", "EC2" or "EXTERNAL". */
  launchType?: string;
  /** Such as "FARGATE_SPOT"; left out where none chose its place. */
  capacityProvider?: string;
  /** Operating system as Fargate names it, and "x86_64" or "arm64". */
  platform?: string;
  architecture?: string;
  /** ECS's id of the deployment or task set that started it. */
  startedBy?: string;
  /** Of the container that gets a new image, where its task definition tells. */
  logGroup?: string;
  logStream?: string;
  /** Where each of its containers writes, where that is told; the main one first. */
  logs?: TaskLog[];
}

/** Where one container of a task writes in CloudWatch Logs. */
export interface TaskLog {
  container: string;
  /** By name; by ARN where it is in another Region than the task. */
  group: string;
  stream: string;
}

export const TARGET_STATES = [
  "initial",
  "healthy",
  "unhealthy",
  "unhealthy.draining",
  "unused",
  "draining",
  "unavailable",
] as const;
export type TargetHealthState = (typeof TARGET_STATES)[number];

/** One registered target; `reason` is AWS's code, `description` its sentence. */
export interface Target {
  id: string;
  port: number;
  state: TargetHealthState;
  reason?: string;
  description?: string;
  /** Epoch ms at which this state was first observed. */
  since: number;
  /** The last different state and its reason code, for "was Target.Timeout". */
  previous?: { state: TargetHealthState; reason?: string };
  /** Health of the last 15 minutes, oldest first, one entry per change. */
  history: HealthSpan[];
  /** Consecutive observations in the present state. */
  consecutive: number;
  /** Epoch ms since which it was seen in this state without a gap in the looks; `since` when left out. */
  unbrokenSince?: number;
  /** Epoch ms of the oldest of the newest observations in this state that stability asks for; left out until there are as many. */
  heldSince?: number;
}

/** How a target group checks its targets. */
export interface HealthCheck {
  path: string;
  intervalSeconds: number;
}

/** From `at` (epoch ms) the target was in `state`. */
export interface HealthSpan {
  at: number;
  state: TargetHealthState;
  reason?: string;
}

interface SlotCounts {
  desired: number;
  running: number;
  pending: number;
  /** Targets in state `healthy`. */
  healthy: number;
  /** Targets registered, draining ones included. */
  total: number;
}

export interface ServiceEvent {
  id: string;
  /** Epoch ms. */
  at: number;
  message: string;
}

/** One side of an application as last observed. */
export interface Slot {
  color: SlotColor;
  role: SlotRole;
  /** Null when the side has no task definition to run, or none that was read yet. */
  revision: Revision | null;
  /** True while ECS names a task definition that has not been described yet. */
  isRevisionUnread?: true;
  /**
   * Of the image that all its tasks of the revision run; left out while that is not one, or not known. Assumed: ECS tells the
   * digest that it resolved the tag to.
   */
  digest?: string;
  counts: SlotCounts;
  /** Running and starting tasks, then those stopped within the last hour, newest first. */
  tasks: Task[];
  targets: Target[];
  /** Epoch ms at which target health was asked for; left out until it was read. */
  targetsReadAt?: number;
  /** Epoch ms at which that was answered, and at which its tasks were asked for; left out like it. */
  targetsAnsweredAt?: number;
  tasksReadAt?: number;
  targetGroupArn: string;
  targetGroupName: string;
  service?: string;
  taskSet?: string;
  events: ServiceEvent[];
  /** ECS's own rollout of this side: null when nothing is rolling out. */
  rollout: { id: string; state: "IN_PROGRESS" | "COMPLETED" | "FAILED"; reason?: string; failedTasks: number } | null;
  /** Seconds clients may stick to this side after a weight change; null when stickiness is off. */
  stickinessSeconds: number | null;
  /** Seconds a deregistered target keeps draining. */
  deregistrationDelaySeconds: number;
  /** How requests reach its tasks without the load balancer, which no switch moves, in words; left out where none do. */
  besides?: string[];
  /** Left out until it was read. */
  healthCheck?: HealthCheck;
  /** Seconds for which a target has to be healthy before it counts as stable; left out until the interval is known. */
  stableSeconds?: number;
  /** True once the target group's attributes were read; until then the two above are AWS's defaults. */
  isConfigurationKnown?: true;
  /** Requests as CloudWatch has them; null while it cannot be read or has not been. */
  metrics?: SideMetrics | null;
  /** What auto scaling may do to its service; left out where nothing scales it, and where that could not be read. */
  scaling?: SideScaling;
}

/** What the side runs, pinned to what its tasks run where the task definition names a tag alone, which may name another image later. */
export function ranRevision({ revision, digest }: Pick<Slot, "revision" | "digest">): Revision | null {
  return revision && revision.digest === null && digest !== undefined ? { ...revision, digest } : revision;
}

/** How people call a revision: its tag, else "family:revision". */
export function revisionName({ tag, taskDefinition }: Pick<Revision, "tag" | "taskDefinition">): string {
  return tag ?? shortName(taskDefinition);
}

/** The other side. */
export function otherColor(color: SlotColor): SlotColor {
  return color === "blue" ? "green" : "blue";
}
