import type { Aws } from "../aws/aws.ts";
import type { ServiceReading } from "../aws/service-reading.ts";
import type { Application } from "../domain/application/application.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { observeFresh, readService, readWaysInFresh, readWeightsFresh, writeOrLook } from "../gather/read-fresh.ts";
import { refuseMisfit } from "../resolve/service-fit.ts";
import { addGroup } from "./add-group.ts";
import type { TrafficDriver, Written } from "./controller.ts";
import { pairedCommands } from "./paired-commands.ts";
import { planRevision, registerRevision } from "./revisions.ts";
import { onTestListener, shiftWeights } from "./shift-weights.ts";

/** Two ECS services, each with one target group, behind one listener or rule. */
export function createPairedServices(aws: Aws, now: () => number = Date.now): TrafficDriver {
  const getService = (application: Application, slot: SlotColor): Promise<ServiceReading> =>
    readService(aws, application, serviceOf(application, slot));

  /** Makes the service as wanted; a lost answer is settled by looking. */
  async function ensureService(
    application: Application,
    slot: SlotColor,
    wanted: { taskDefinition?: string; desired: number },
  ): Promise<Written> {
    const isHeld = (service: ServiceReading) =>
      wanted.taskDefinition === undefined || service.taskDefinition === wanted.taskDefinition;
    const isAsWanted = async () => {
      const service = await getService(application, slot);
      return service.desired === wanted.desired && isHeld(service);
    };
    const before = await getService(application, slot);
    // Somebody may have registered it elsewhere since its name was resolved: nothing is started there.
    if (wanted.desired > 0) refuseMisfit(application, slot, before);
    if (before.desired === wanted.desired && isHeld(before)) return { requestId: null, value: null };
    const { desired, taskDefinition } = wanted;
    // AWS takes a deregistered revision from nobody, but raises the count of a service that holds one.
    const revision = isHeld(before) || taskDefinition === undefined ? {} : { taskDefinition };
    const request = { cluster: application.cluster, service: serviceOf(application, slot), desired, ...revision };
    const requestId = await writeOrLook(
      async () => (await aws.ecs.updateService(request, "write")).requestId,
      isAsWanted,
    );
    return { requestId, value: null };
  }

  return {
    name: "paired-services",
    driver: "switchyard",

    observe: (application) => observeFresh(aws, application, now),

    async planRevision(application, slot, request) {
      const { taskDefinition } = await getService(application, slot);
      return planRevision(aws, application, taskDefinition, request);
    },

    registerRevision: (application, slot, request, deploymentId) =>
      registerRevision(
        aws,
        application,
        async () => (await getService(application, slot)).taskDefinition,
        request,
        deploymentId,
      ),

    startSide: (application, slot, revision, desired) =>
      ensureService(application, slot, { taskDefinition: revision.taskDefinition, desired }),

    scaleSide: (application, slot, desired) => ensureService(application, slot, { desired }),

    readWeights: (application) => readWeightsFresh(aws, application, now),

    readWaysIn: (application) => readWaysInFresh(aws, application, now),

    addGroup: (application, side, expected) => addGroup(aws, application, side, expected, now),
    shift: (application, expected, weights) => shiftWeights(aws, application, expected, weights, now),

    shiftTest: (application, expected, weights) =>
      shiftWeights(aws, onTestListener(application), expected, weights, now),

    manualCommands: (application, moves) => pairedCommands(aws, application, moves),
  };
}

function serviceOf(application: Application, slot: SlotColor): string {
  const { service } = application.slots[slot];
  if (service === null) throw new TypeError(`${application.name} has no ECS service for ${slot}`);
  return service;
}
