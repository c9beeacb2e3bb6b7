import type { Aws } from "../aws/aws.ts";
import { createCodeDeployController } from "./code-deploy.ts";
import type { DeploymentDriver, TrafficDriver } from "./controller.ts";
import { createEcsNative } from "./ecs-native.ts";
import { createPairedServices } from "./paired-services.ts";
import { createTaskSetController } from "./task-set.ts";

/** Every controller by the name switchyard.yaml gives it. */
export interface Controllers {
  readonly "paired-services": TrafficDriver;
  readonly "task-set": TrafficDriver;
  readonly "ecs-native": DeploymentDriver;
  readonly "code-deploy": DeploymentDriver;
}

/** The controllers of one Aws. */
export function createControllers(aws: Aws, now: () => number = Date.now): Controllers {
  return {
    "paired-services": createPairedServices(aws, now),
    "task-set": createTaskSetController(aws, now),
    "ecs-native": createEcsNative(aws, now),
    "code-deploy": createCodeDeployController(aws, now),
  };
}
