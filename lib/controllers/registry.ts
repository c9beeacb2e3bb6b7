import type { Aws } from "../aws/aws.ts";
import type { ControllerName } from "../domain/application/controller-name.ts";
import type { Controller } from "./controller.ts";
import { createPairedServices } from "./paired-services.ts";
import { createTaskSetController } from "./task-set.ts";

/** Every controller by the name switchyard.yaml gives it; undefined means not built yet. */
export type Controllers = Readonly<Record<ControllerName, Controller | undefined>>;

/** The controllers of one Aws. */
export function createControllers(aws: Aws, now: () => number = Date.now): Controllers {
  return {
    "paired-services": createPairedServices(aws, now),
    "task-set": createTaskSetController(aws, now),
    "ecs-native": undefined,
    "code-deploy": undefined,
  };
}
