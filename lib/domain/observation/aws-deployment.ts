import type { Sentence } from "../sentence/sentence.ts";
import type { Rollout } from "./rollout.ts";
import type { Revision, SlotColor } from "./slot.ts";

/** ECS's names for the states of a service deployment, which CodeDeploy's are told in as well. */
export const AWS_DEPLOYMENT_STATUSES = [
  "PENDING",
  "IN_PROGRESS",
  "SUCCESSFUL",
  "STOP_REQUESTED",
  "STOPPED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
] as const;
export type AwsDeploymentStatus = (typeof AWS_DEPLOYMENT_STATUSES)[number];

/** A place at which AWS waits: for a person (`isForPeople`), or for a function. */
export interface AwsGate {
  /** ECS's hook id ("ecs-pause-..."), or a CodeDeploy deployment's id with its kind of wait. New for each step of a shift. */
  id: string;
  state: "AWAITING_ACTION" | "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  isForPeople: boolean;
  /** The Lambda function; left out for people. */
  target?: string;
  /** Epoch ms at which AWS goes on by itself; null where that is not told. */
  expiresAt: number | null;
  /** What AWS does then. */
  onExpiry: "ROLLBACK" | "CONTINUE";
}

/** A stage at which AWS will wait for a person in each deployment, by the service's own settings. */
export interface AwsPause {
  stage: string;
  /** What AWS does when nobody answers; null where it is not told (ECS tells of a service's pauses nothing but the stage). */
  onExpiry: "ROLLBACK" | "CONTINUE" | null;
}

/**
 * A deployment that AWS drives, in AWS's own words: an ECS service deployment or a CodeDeploy deployment. Times are epoch ms.
 * Untrusted text: reasons are rendered, never interpreted.
 */
export interface AwsDeployment {
  /** ARN of the service deployment, or CodeDeploy's id. */
  id: string;
  status: AwsDeploymentStatus;
  /** ECS's lifecycle stage; null before the first. Strings that are not known here are kept as they are. */
  stage: string | null;
  reason: string | null;
  /** `reason` in no language yet; left out where it is AWS's own text. */
  reasonSaid?: Sentence;
  /** The side that gets the new revision; null while AWS has not said so. */
  to: SlotColor | null;
  revision: Revision | null;
  /** The percentages that AWS says it asked for; a snapshot that may lag behind the rule by some seconds. Null where not told. */
  requested: { production: number | null; test: number | null };
  gates: AwsGate[];
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  /** How long AWS bakes, in minutes; null where not told. */
  bakeMinutes: number | null;
  /** Where it waits for a person, by its own copy of the settings it began with; left out where not told. */
  pauses?: AwsPause[];
  /** How AWS moves production traffic, by the service's or the group's own settings; left out where not told. */
  rollout?: Rollout;
  /** Who or what started it, where AWS says so (CodeDeploy's description and creator). */
  startedBy: string | null;
  /** CodeDeploy's id of the deployment that rolls this one back; null where there is none. */
  rolledBackBy: string | null;
  /** It is STOPPED because it failed where nothing rolls back: no person and no later deployment stopped it. */
  isFailed?: true;
}

const OVER: ReadonlySet<AwsDeploymentStatus> = new Set([
  "SUCCESSFUL",
  "STOPPED",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
]);

/** Whether AWS is done with it. */
export function isAwsDeploymentOver({ status }: Pick<AwsDeployment, "status">): boolean {
  return OVER.has(status);
}

type Gated = Pick<AwsDeployment, "gates" | "status"> | null | undefined;

/** The gates that wait for a person now: a stage with several pauses has them all at once, in no order that AWS promises. */
export function openGates(deployment: Gated): AwsGate[] {
  if (deployment?.status !== "IN_PROGRESS") return [];
  return deployment.gates.filter((gate) => gate.isForPeople && gate.state === "AWAITING_ACTION");
}

/** One gate that waits for a person now; null while none does. */
export function findOpenGate(deployment: Gated): AwsGate | null {
  return openGates(deployment)[0] ?? null;
}

/** ARNs of the Lambda functions behind the hooks that failed or gave no answer in time. */
export function failedFunctions({ gates }: Pick<AwsDeployment, "gates">): string[] {
  return gates.flatMap(({ state, target }) =>
    target && (state === "FAILED" || state === "TIMED_OUT") ? [target] : [],
  );
}

/** "check-orders" of the function's ARN, with or without a version or alias behind it. */
export function functionName(arn: string): string {
  return arn.split(":")[6] ?? arn;
}
