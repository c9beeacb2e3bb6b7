import type { Aws } from "../aws/aws.ts";
import { delay } from "../aws/caller.ts";
import type { ServiceReading } from "../aws/ecs.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { Application } from "../domain/application.ts";
import type { Revision, SlotColor } from "../domain/slot.ts";
import { diffTaskDefinitions } from "../domain/task-definition.ts";
import { assembleObservation, revisionOf } from "./assemble-observation.ts";
import type { Controller, Written } from "./controller.ts";
import { createFacts } from "./facts.ts";
import { gatherEcs } from "./gather-ecs.ts";
import { gatherElb, gatherElbSettings } from "./gather-elb.ts";
import { readCurrentWeights, shiftWeights } from "./shift-weights.ts";

/** Marks the task definitions that a deployment registered. RegisterTaskDefinition knows no client token. */
const DEPLOYMENT_TAG = "switchyard:deployment";

const PRIORITY = "action";
/** AWS's lists may lag behind a registration whose answer was lost. */
const FIND_AGAIN_MS = [0, 300, 700];

/** Two ECS services, each with one target group, behind one listener or rule. */
export function createPairedServices(aws: Aws, now: () => number = Date.now): Controller {
  async function getService(application: Application, slot: SlotColor): Promise<ServiceReading> {
    const name = serviceOf(application, slot);
    const reading = (await aws.ecs.describeServices(application.cluster, [name], PRIORITY)).get(name);
    if (!reading) throw new TypeError(`${name} was asked for and not answered`);
    if (reading instanceof AwsFailure) throw reading;
    return reading;
  }

  /** Makes the service as wanted; a lost answer is settled by looking. */
  async function ensureService(
    application: Application,
    slot: SlotColor,
    wanted: { taskDefinition?: string; desired: number },
  ): Promise<Written> {
    const isAsWanted = (service: ServiceReading) =>
      service.desired === wanted.desired &&
      (wanted.taskDefinition === undefined || service.taskDefinition === wanted.taskDefinition);
    if (isAsWanted(await getService(application, slot))) return { requestId: null, value: null };
    try {
      const { requestId } = await aws.ecs.updateService(
        { cluster: application.cluster, service: serviceOf(application, slot), ...wanted },
        PRIORITY,
      );
      return { requestId, value: null };
    } catch (error) {
      if (!(error instanceof AwsFailure) || !error.isOutcomeUnknown) throw error;
      if (isAsWanted(await getService(application, slot))) return { requestId: null, value: null };
      throw error;
    }
  }

  async function revisionByArn(application: Application, taskDefinition: string): Promise<Revision> {
    return revisionOf(await aws.definitions.get(taskDefinition, PRIORITY), application.container);
  }

  return {
    name: "paired-services",

    async observe(application) {
      const facts = createFacts(aws);
      await Promise.all([
        gatherEcs(aws, [application], facts, { priority: PRIORITY, now }),
        gatherElb(aws, [application], facts, { priority: PRIORITY, now }),
        gatherElbSettings(aws, [application], facts, { priority: PRIORITY, now }),
      ]);
      return assembleObservation(application, facts, now(), Number.POSITIVE_INFINITY);
    },

    async planRevision(application, slot, request) {
      const service = await getService(application, slot);
      const current = await aws.definitions.get(service.taskDefinition, PRIORITY);
      const next =
        "taskDefinition" in request
          ? await aws.definitions.get(request.taskDefinition, PRIORITY)
          : await aws.definitions.plan(
              { from: service.taskDefinition, container: application.container, image: request.image },
              PRIORITY,
            );
      return { current, next, changes: diffTaskDefinitions(current, next) };
    },

    async registerRevision(application, slot, request, deploymentId) {
      if ("taskDefinition" in request)
        return { requestId: null, value: await revisionByArn(application, request.taskDefinition) };
      const tag = { key: DEPLOYMENT_TAG, value: deploymentId };
      const service = await getService(application, slot);
      const { family } = await aws.definitions.get(service.taskDefinition, PRIORITY);
      const earlier = await aws.definitions.findByTag(family, tag, PRIORITY);
      if (earlier) return { requestId: null, value: await revisionByArn(application, earlier) };
      try {
        const { requestId, arn } = await aws.definitions.register(
          { from: service.taskDefinition, container: application.container, image: request.image, tag },
          PRIORITY,
        );
        return { requestId, value: await revisionByArn(application, arn) };
      } catch (error) {
        if (!(error instanceof AwsFailure) || !error.isOutcomeUnknown) throw error;
        for (const waitMs of FIND_AGAIN_MS) {
          if (waitMs > 0) await delay(waitMs);
          const found = await aws.definitions.findByTag(family, tag, PRIORITY);
          if (found) return { requestId: null, value: await revisionByArn(application, found) };
        }
        throw error;
      }
    },

    startSide: (application, slot, revision, desired) =>
      ensureService(application, slot, { taskDefinition: revision.taskDefinition, desired }),

    scaleSide: (application, slot, desired) => ensureService(application, slot, { desired }),

    async readWeights(application) {
      const readAt = now();
      const { weights, drift } = await readCurrentWeights(aws, application);
      return { weights, drift, readAt };
    },

    shift: (application, expected, weights) => shiftWeights(aws, application, expected, weights, now),
  };
}

function serviceOf(application: Application, slot: SlotColor): string {
  const { service } = application.slots[slot];
  if (service === null) throw new TypeError(`${application.name} has no ECS service for ${slot}`);
  return service;
}
