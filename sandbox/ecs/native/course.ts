import { taskCondition } from "../task-health.ts";
import type { Deployment, EcsWorld, Service, ServiceDeployment } from "../world.ts";
import type { HookRunner } from "./hooks.ts";
import type { LifecycleStage, NativeProgress } from "./progress.ts";
import type { Script } from "./script.ts";

/** AWS gives a stage up after a day; one that waits for a person may take as long as its hook allows. */
const LONGEST_STAGE_MS = 24 * 3_600_000;

/** What the scripts of one service deployment share. */
export interface Course {
  readonly world: EcsWorld;
  readonly service: Service;
  readonly open: ServiceDeployment;
  readonly progress: NativeProgress;
  readonly hooks: HookRunner;
}

/** The deployment is in this stage from now on; every stage takes a moment at least. */
export function* enter({ world, open, progress, hooks }: Course, stage: LifecycleStage): Script {
  const now = world.base.clock.now();
  progress.stage = stage;
  open.updatedAt = now;
  const isPause = stage !== "SCALE_UP" && stage !== "BAKE_TIME" && stage !== "CLEAN_UP" && hooks.hasPause(stage);
  progress.stageEndsAt = isPause ? Number.POSITIVE_INFINITY : now + LONGEST_STAGE_MS;
  yield world.timings.stageMs;
}

/** Tasks of the deployment that pass every check. */
export function healthyTasks(world: EcsWorld, deployment: Deployment): number {
  let count = 0;
  for (const task of deployment.tasks)
    if (task.desiredStatus === "RUNNING" && taskCondition(world, task).kind === "healthy") count += 1;
  return count;
}

/** Starts the deployment's tasks and waits until enough of them pass every check. */
export function* scaleUp(
  { world, service }: Course,
  deployment: Deployment,
  enough = () => service.desiredCount,
): Script {
  deployment.isWanted = true;
  world.unsettled.add(service);
  yield () => healthyTasks(world, deployment) >= enough();
}

/** Stops the deployments' tasks and waits until the last one is gone. */
export function* scaleDown({ world, service }: Course, deployments: readonly Deployment[]): Script {
  for (const one of deployments) one.isWanted = false;
  world.unsettled.add(service);
  yield () => deployments.every((one) => one.tasks.size === 0);
}
