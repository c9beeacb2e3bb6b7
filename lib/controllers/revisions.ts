import type { Aws } from "../aws/aws.ts";
import { delay } from "../aws/caller.ts";
import { AwsFailure } from "../aws/errors.ts";
import { DEPLOYMENT_TAG } from "../aws/task-definitions.ts";
import type { Application } from "../domain/application/application.ts";
import type { Revision } from "../domain/observation/slot.ts";
import {
  diffTaskDefinitions,
  type TaskDefinitionReading,
  type TaskDefinitionSummary,
} from "../domain/observation/task-definition.ts";
import { revisionOf } from "../gather/revision-of.ts";
import type { Controller, RevisionRequest, Written } from "./controller.ts";

const PRIORITY = "write";
/** AWS's lists may lag behind a registration whose answer was lost. */
const FIND_AGAIN_MS = [0, 300, 700];

/** What `current`, a task definition's ARN, would become with this request. Registers nothing. */
export async function planRevision(
  aws: Aws,
  application: Application,
  currentArn: string,
  request: RevisionRequest,
): ReturnType<Controller["planRevision"]> {
  const current = await aws.definitions.get(currentArn, PRIORITY);
  const next =
    "taskDefinition" in request
      ? await aws.definitions.get(request.taskDefinition, PRIORITY)
      : await aws.definitions.plan(
          { from: request.from ?? currentArn, ...containersOf(application), image: request.image },
          PRIORITY,
        );
  return { current: summaryOf(current), next: summaryOf(next), changes: diffTaskDefinitions(current, next) };
}

/** Registers what `getCurrent` names with the request's image, once for a deployment however often it is asked. */
export async function registerRevision(
  aws: Aws,
  application: Application,
  getCurrent: () => Promise<string>,
  request: RevisionRequest,
  deploymentId: string,
): Promise<Written<Revision>> {
  const byArn = async (arn: string) => revisionOf(await aws.definitions.get(arn, PRIORITY), application.container);
  if ("taskDefinition" in request) return { requestId: null, value: await byArn(request.taskDefinition) };
  const tag = { key: DEPLOYMENT_TAG, value: deploymentId };
  const from = request.from ?? (await getCurrent());
  const { family } = await aws.definitions.get(from, PRIORITY);
  const earlier = await aws.definitions.findByTag(family, tag, PRIORITY);
  if (earlier) return { requestId: null, value: await byArn(earlier) };
  try {
    const { requestId, arn } = await aws.definitions.register(
      { from, ...containersOf(application), image: request.image, tag },
      PRIORITY,
    );
    return { requestId, value: await byArn(arn) };
  } catch (error) {
    if (!(error instanceof AwsFailure) || !error.isOutcomeUnknown) throw error;
    for (const waitMs of FIND_AGAIN_MS) {
      if (waitMs > 0) await delay(waitMs);
      const found = await aws.definitions.findByTag(family, tag, PRIORITY);
      if (found) return { requestId: null, value: await byArn(found) };
    }
    throw error;
  }
}

function containersOf({ container, containers }: Application): Pick<Application, "container" | "containers"> {
  return { container, ...(containers ? { containers } : {}) };
}

/** What pages show of it beside the changes; its fields stay on the server. */
function summaryOf({ fields: _, platform: __, ...summary }: TaskDefinitionReading): TaskDefinitionSummary {
  return summary;
}
