import type { Aws } from "../aws/aws.ts";
import type { GroupNames } from "../aws/code-deploy-readings.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Application } from "../domain/application/application.ts";
import { findUnapprovable } from "../domain/rules/approvable-rules.ts";
import { waitOf } from "../gather/code-deploy-mapping.ts";
import { tellStarted } from "../gather/gather-code-deploy.ts";
import { observeFresh, readService } from "../gather/read-fresh.ts";
import { refuseDrivenMisfit, refuseGroupMisfit } from "../resolve/service-fit.ts";
import { codeDeployCommands } from "./code-deploy-commands.ts";
import { AT_ONCE, eventsOf, nextAppSpec, primaryTaskSet } from "./code-deploy-spec.ts";
import type { DeploymentDriver, DeploymentNote } from "./controller.ts";
import { notApprovable } from "./not-approvable.ts";
import { planRevision, registerRevision } from "./revisions.ts";

const PRIORITY = "action";
/**
 * One ECS service that CodeDeploy deploys. The sides are the two target groups of its deployment group; CodeDeploy makes the task
 * sets, rewrites the listener and keeps the old task set for its termination wait.
 */
export function createCodeDeployController(aws: Aws, now: () => number = Date.now): DeploymentDriver {
  const read = (application: Application) => readService(aws, application, application.slots.blue.service ?? "");
  const currentOf = async (application: Application) => {
    const service = await read(application);
    return primaryTaskSet(service)?.taskDefinition ?? service.taskDefinition;
  };

  return {
    name: "code-deploy",
    driver: "aws",

    observe: (application) => observeFresh(aws, application, now),

    async planRevision(application, _slot, request) {
      return planRevision(aws, application, await currentOf(application), request);
    },

    registerRevision: (application, _slot, request, deploymentId) =>
      registerRevision(aws, application, () => currentOf(application), request, deploymentId),

    async start(application, revision, note) {
      const names = namesOf(application);
      const [group, service] = await Promise.all([aws.codeDeploy.getGroup(names, PRIORITY), read(application)]);
      refuseDrivenMisfit(application, service);
      refuseGroupMisfit(application, group);
      // Going back needs no approval.
      const refused = note.isRollback ? null : findUnapprovable(application, group);
      if (refused) throw notApprovable("codedeploy", "CreateDeployment", refused);
      const appSpec = await nextAppSpec(aws, group, service, revision.taskDefinition);
      const order = {
        ...names,
        appSpec,
        description: descriptionOf(note),
        autoRollback: { events: eventsOf(group) },
        ...(note.isRollback ? { config: AT_ONCE } : {}),
      };
      const { requestId, deployment } = await aws.codeDeploy.start(order, PRIORITY).catch(async (error: unknown) => {
        const ours = await findOurs(aws, names, note, error);
        if (ours === null) throw error;
        return { requestId: null, deployment: ours };
      });
      tellStarted(aws, application, deployment, now());
      return { requestId, value: deployment };
    },

    async answer(_application, deployment, gate, action) {
      const wait = waitOf(deployment, gate);
      if (wait === null) throw new TypeError(`${gate} is no wait of ${deployment}`);
      const { requestId } =
        action === "CONTINUE"
          ? await aws.codeDeploy.proceed(deployment, wait, PRIORITY)
          : await aws.codeDeploy.rollBack(deployment, PRIORITY);
      return { requestId, value: null };
    },

    async rollBack(_application, deployment) {
      const { requestId } = await aws.codeDeploy.rollBack(deployment, PRIORITY);
      return { requestId, value: null };
    },

    manualCommands: (application, moves) => codeDeployCommands(aws, application, moves),
  };
}

/** The application's names in CodeDeploy. */
function namesOf({ name, codeDeploy }: Pick<Application, "name" | "codeDeploy">): GroupNames {
  if (!codeDeploy) throw new TypeError(`${name} has no deployment group`);
  return codeDeploy;
}

/** Who and why, for AWS's own record; the id tells ours from everybody else's. */
function descriptionOf({ id, actor, reason }: DeploymentNote): string {
  return `Switchyard ${id} by ${actor}${reason ? `: ${reason}` : ""}`;
}

/** A start whose answer was lost is found again: CodeDeploy refuses a second one while the first goes on. */
async function findOurs(aws: Aws, names: GroupNames, { id }: DeploymentNote, error: unknown): Promise<string | null> {
  if (!(error instanceof AwsFailure) || error.code !== "DeploymentLimitExceededException") return null;
  const found = await aws.codeDeploy.describe(await aws.codeDeploy.list(names, PRIORITY), PRIORITY);
  return found.find(({ description }) => description?.startsWith(`Switchyard ${id} `))?.id ?? null;
}
