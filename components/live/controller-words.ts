import type { ControllerName } from "@/lib/domain/application/controller-name.ts";

/** How an application is deployed, in words. */
export const CONTROLLER_WORDS: Readonly<Record<ControllerName, string>> = {
  "paired-services": "two services",
  "task-set": "task sets",
  "ecs-native": "ECS blue/green",
  "code-deploy": "CodeDeploy",
};
