import type { CreateTaskSetResponse } from "@aws-sdk/client-ecs";
import type { TaskSetDriver } from "../service.ts";
import { lastPart } from "./arns.ts";
import { describeService } from "./service-view.ts";
import { taskSetOperations } from "./task-set-operations.ts";
import type { EcsWorld } from "./world.ts";

/** The task sets of services with the CODE_DEPLOY deployment controller, for CodeDeploy and for CreateService. */
export function createTaskSetDriver(world: EcsWorld): TaskSetDriver {
  const operations = taskSetOperations(world, "CODE_DEPLOY");
  const call = (operation: string, input: object): unknown =>
    operations[operation]?.(input, { requestId: "codedeploy", signal: new AbortController().signal });
  return {
    findService(cluster, name) {
      const service = world.clusters.get(lastPart(cluster))?.services.get(lastPart(name));
      return service?.status === "ACTIVE" ? describeService(world, service, false) : null;
    },
    createTaskSet(input) {
      const { taskSet } = call("CreateTaskSet", input) as CreateTaskSetResponse;
      if (!taskSet) throw new Error("CreateTaskSet answered without a task set.");
      return taskSet;
    },
    makePrimary: (cluster, service, primaryTaskSet) =>
      void call("UpdateServicePrimaryTaskSet", { cluster, service, primaryTaskSet }),
    deleteTaskSet: (cluster, service, taskSet) =>
      void call("DeleteTaskSet", { cluster, service, taskSet, force: true }),
  };
}
