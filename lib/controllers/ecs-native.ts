import type { Aws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import { findUnapprovable } from "../domain/rules/approvable-rules.ts";
import { observeFresh, readService } from "../gather/read-fresh.ts";
import { refuseDrivenMisfit } from "../resolve/service-fit.ts";
import type { DeploymentDriver } from "./controller.ts";
import { nativeCommands } from "./native-commands.ts";
import { notApprovable } from "./not-approvable.ts";
import { planRevision, registerRevision } from "./revisions.ts";

const PRIORITY = "action";

/**
 * One ECS service that ECS deploys itself, with the strategy BLUE_GREEN, LINEAR or CANARY. The sides are the service's two target
 * groups; ECS reads which one is live from the production rule and registers the new revision in the other one.
 */
export function createEcsNative(aws: Aws, now: () => number = Date.now): DeploymentDriver {
  const read = (application: Application) => readService(aws, application, serviceOf(application));

  return {
    name: "ecs-native",
    driver: "aws",

    observe: (application) => observeFresh(aws, application, now),

    async planRevision(application, _slot, request) {
      return planRevision(aws, application, (await read(application)).taskDefinition, request);
    },

    registerRevision: (application, _slot, request, deploymentId) =>
      registerRevision(aws, application, async () => (await read(application)).taskDefinition, request, deploymentId),

    async start(application, revision, note) {
      const request = {
        cluster: application.cluster,
        service: serviceOf(application),
        taskDefinition: revision.taskDefinition,
      };
      const service = await read(application);
      const { serviceDeployment: before, pauses } = service;
      refuseDrivenMisfit(application, service);
      // Going back needs no approval.
      const refused = note.isRollback ? null : findUnapprovable(application, { pauses });
      if (refused) throw notApprovable("ecs", "UpdateService", refused);
      const { requestId, deployment } = await aws.serviceDeployments.start(request, PRIORITY);
      // Until ECS has made the new one, the answer may still name the one before.
      return { requestId, value: deployment === before ? null : deployment };
    },

    async answer(_application, deployment, gate, action) {
      const { requestId } = await aws.serviceDeployments.answer({ deployment, gate, action }, PRIORITY);
      return { requestId, value: null };
    },

    async rollBack(_application, deployment) {
      const { requestId } = await aws.serviceDeployments.rollBack(deployment, PRIORITY);
      return { requestId, value: null };
    },

    manualCommands: (application, moves) => nativeCommands(aws, application, moves),
  };
}

/** The service that both sides belong to. */
function serviceOf(application: Application): string {
  const { service } = application.slots.blue;
  if (service === null) throw new TypeError(`${application.name} has no ECS service`);
  return service;
}
