import type {
  DeploymentLifecycleHookAction,
  DeploymentLifecycleHookStage,
  DeploymentLifecycleHookStatus,
  DeploymentLifecycleHookTargetType,
  ServiceDeploymentLifecycleStage,
  ServiceDeploymentRollbackMonitorsStatus,
} from "@aws-sdk/client-ecs";
import type { ScriptRun } from "../../script.ts";

/**
 * Assumption: AWS's text names PRE_PRODUCTION_TRAFFIC_SHIFT as a value of `lifecycleStage`, its model does not; the sandbox
 * shows it, as whoever reads stages has to bear values he does not know.
 */
export type LifecycleStage = ServiceDeploymentLifecycleStage | DeploymentLifecycleHookStage;

/** Percent of one kind of traffic by deployment id; who is not named has none. */
export type TrafficShares = ReadonlyMap<string, number>;

/** One run of a lifecycle hook. */
export interface HookRun {
  readonly id: string;
  readonly type: DeploymentLifecycleHookTargetType;
  readonly targetArn?: string;
  readonly stage: DeploymentLifecycleHookStage;
  status: DeploymentLifecycleHookStatus;
  readonly expiresAt: number;
  readonly timeoutAction: DeploymentLifecycleHookAction;
  /** Why the deployment rolls back because of it. */
  failure?: string;
  /** Somebody answered ROLLBACK. */
  isRefused?: boolean;
}

/** How far a blue/green, linear or canary deployment is. */
export interface NativeProgress {
  stage: LifecycleStage | null;
  /** When ECS gives the stage up; epoch ms. */
  stageEndsAt: number;
  /** Every run so far, oldest first. */
  readonly hooks: HookRun[];
  /** As ECS last asked for. */
  requested: { production: TrafficShares; test: TrafficShares };
  /** The snapshot of it that the API shows. */
  shown: { production: TrafficShares; test: TrafficShares };
  alarms: ServiceDeploymentRollbackMonitorsStatus;
  triggeredAlarms: string[];
  /** What carries the deployment on; null before it begins. */
  run: ScriptRun | null;
}

/** Nothing has happened yet. */
export function createProgress(): NativeProgress {
  const nobody = { production: new Map(), test: new Map() };
  return {
    stage: null,
    stageEndsAt: Number.POSITIVE_INFINITY,
    hooks: [],
    requested: nobody,
    shown: nobody,
    alarms: "DISABLED",
    triggeredAlarms: [],
    run: null,
  };
}
