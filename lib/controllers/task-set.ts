import { randomUUID } from "node:crypto";
import type { Aws } from "../aws/aws.ts";
import type { Application } from "../domain/application/application.ts";
import type { Revision, SlotColor } from "../domain/observation/slot.ts";
import { observeFresh, readWaysInFresh, readWeightsFresh } from "../gather/read-fresh.ts";
import { clientTokenOf, externalIdOf } from "../gather/task-set-sides.ts";
import { addGroup } from "./add-group.ts";
import type { TrafficDriver } from "./controller.ts";
import { planRevision, registerRevision } from "./revisions.ts";
import { onTestListener, shiftWeights } from "./shift-weights.ts";
import { taskSetCommands } from "./task-set-commands.ts";
import { createTaskSetWrites, type SharedService, settingsSource } from "./task-set-writes.ts";

/**
 * One ECS service with the EXTERNAL deployment controller; blue and green are task sets of it, told apart by their target
 * groups. A task set never changes its revision: a side gets a new one by a new task set.
 */
export function createTaskSetController(aws: Aws, now: () => number = Date.now): TrafficDriver {
  const writes = createTaskSetWrites(aws);

  /** What a new revision of the side is made from: its own, else the other side's. */
  async function currentDefinition(application: Application, slot: SlotColor): Promise<string> {
    return settingsSource(await writes.read(application), slot).like.taskDefinition;
  }

  async function createSet(
    application: Application,
    service: SharedService,
    slot: SlotColor,
    revision: Revision,
    desired: number,
    deploymentId: string,
  ): Promise<string | null> {
    const { like, from } = settingsSource(service, slot);
    const side = service.sides[slot];
    const predecessors = [side.current, ...side.older].map((set) => set?.id);
    const { slots } = application;
    const serviceDesired = await writes.makeRoom(application, service, slot, desired);
    return writes.create(application, service, {
      taskDefinition: revision.taskDefinition,
      externalId: externalIdOf(slot),
      tasks: desired,
      serviceDesired,
      like,
      targetGroup: { from: slots[from].targetGroupArn, to: slots[slot].targetGroupArn },
      clientToken: clientTokenOf([deploymentId, slot, revision.taskDefinition, ...predecessors]),
    });
  }

  return {
    name: "task-set",
    driver: "switchyard",

    observe: (application) => observeFresh(aws, application, now),

    async planRevision(application, slot, request) {
      return planRevision(aws, application, await currentDefinition(application, slot), request);
    },

    registerRevision: (application, slot, request, deploymentId) =>
      registerRevision(aws, application, () => currentDefinition(application, slot), request, deploymentId),

    async startSide(application, slot, revision, desired, deploymentId = randomUUID()) {
      const service = await writes.read(application);
      const { current, older } = service.sides[slot];
      if (current?.taskDefinition === revision.taskDefinition) {
        const requestId = await writes.scale(application, service, slot, desired);
        // Left over from a replacement that was cut off; while the side has traffic they stay.
        if (older.length > 0 && (await writes.isIdle(application, slot))) await writes.remove(application, slot, older);
        return { requestId, value: null };
      }
      const replaced = [...(current ? [current] : []), ...older];
      if (replaced.length > 0) await writes.refuseWithWeight(application, slot);
      // The new one first: when it is refused, the old one still stands.
      const requestId = await createSet(application, service, slot, revision, desired, deploymentId);
      if (replaced.length > 0) await writes.remove(application, slot, replaced);
      return { requestId, value: null };
    },

    async scaleSide(application, slot, desired) {
      const service = await writes.read(application);
      if (!service.sides[slot].current && desired === 0) return { requestId: null, value: null };
      return { requestId: await writes.scale(application, service, slot, desired), value: null };
    },

    readWeights: (application) => readWeightsFresh(aws, application, now),

    readWaysIn: (application) => readWaysInFresh(aws, application, now),

    addGroup: (application, side, expected) => addGroup(aws, application, side, expected, now),
    shift: (application, expected, weights) => shiftWeights(aws, application, expected, weights, now),

    shiftTest: (application, expected, weights) =>
      shiftWeights(aws, onTestListener(application), expected, weights, now),

    async afterShift(application, live) {
      return { requestId: await writes.promote(application, live), value: null };
    },

    async retireSide(application, slot) {
      await writes.refuseWithWeight(application, slot);
      const service = await writes.read(application);
      const { current, older } = service.sides[slot];
      if (!current) return { requestId: null, value: null };
      const requestId = await writes.scale(application, service, slot, 0);
      await writes.remove(application, slot, [current, ...older]);
      return { requestId, value: null };
    },

    manualCommands: (application, moves) => taskSetCommands(aws, writes, application, moves),
  };
}
