import type { Script } from "../../script.ts";
import { taskCondition } from "../task-health.ts";
import type { Deployment, EcsWorld, Service, ServiceDeployment } from "../world.ts";
import type { HookRunner } from "./hooks.ts";
import type { LifecycleStage, NativeProgress } from "./progress.ts";

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
  progress.stageEndsAt = isPause ? Number.POSITIVE_INFINITY : now + world.timings.longestStageMs;
  yield world.timings.stageMs;
}

/** Tasks of the deployment that pass every check. */
export function healthyTasks(world: EcsWorld, deployment: Deployment): number {
  let count = 0;
  for (const task of deployment.tasks)
    if (task.desiredStatus === "RUNNING" && taskCondition(world, task).kind === "healthy") count += 1;
  return count;
}

/** Starts the deployment's tasks and waits until all of them pass every check, and still do a look of the scheduler later. */
export function* scaleUp({ world, service }: Course, deployment: Deployment): Script {
  const isUp = () => healthyTasks(world, deployment) >= service.desiredCount;
  deployment.isWanted = true;
  world.unsettled.add(service);
  do {
    yield isUp;
    yield world.timings.schedulerTickMs;
  } while (!isUp());
}

/** Starts the deployment's tasks where they do not run any more; one that passes every check is enough to send traffic back to. */
export function* revive({ world, service }: Course, deployment: Deployment): Script {
  deployment.isWanted = true;
  world.unsettled.add(service);
  yield () => healthyTasks(world, deployment) >= Math.min(1, service.desiredCount);
}

/** Stops the deployments' tasks and waits until the last one is gone. */
export function* scaleDown({ world, service }: Course, deployments: readonly Deployment[]): Script {
  for (const one of deployments) one.isWanted = false;
  world.unsettled.add(service);
  yield () => deployments.every((one) => one.tasks.size === 0);
}
