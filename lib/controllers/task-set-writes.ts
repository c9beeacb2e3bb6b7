import type { Aws } from "../aws/aws.ts";
import { AwsFailure } from "../aws/errors.ts";
import type { NewTaskSet, TaskSetReading } from "../aws/task-sets.ts";
import type { Application } from "../domain/application/application.ts";
import { otherColor, SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { readCurrentWeights } from "../gather/current-weights.ts";
import { readService, writeOrLook } from "../gather/read-fresh.ts";
import { percentFor, type SideTaskSets, sidesOf, sideTaskSets } from "../gather/task-set-sides.ts";
import { refuseMisfit } from "../resolve/service-fit.ts";

const PRIORITY = "write";

/** The one service as it is now, with the task sets of each side. */
export interface SharedService {
  name: string;
  /** What percentages of task sets refer to. */
  desired: number;
  sides: Record<SlotColor, SideTaskSets>;
}

/** Writes on the task sets of one service. Each looks first, and settles a lost answer by looking again. */
export interface TaskSetWrites {
  /** @throws AwsFailure when there is no such service, or a task set registers with both target groups */
  read(application: Application): Promise<SharedService>;
  /** Whether a fresh read gives the side no weight. */
  isIdle(application: Application, slot: SlotColor): Promise<boolean>;
  /** @throws AwsFailure "SideHoldsWeight" unless a fresh read gives the side no weight */
  refuseWithWeight(application: Application, slot: SlotColor): Promise<void>;
  /** Raises the service's desired count where it is below `tasks`, holding the other side at its number. Answers the count. */
  makeRoom(application: Application, service: SharedService, slot: SlotColor, tasks: number): Promise<number>;
  create(
    application: Application,
    service: SharedService,
    set: Omit<NewTaskSet, "cluster" | "service" | "scale"> & { tasks: number; serviceDesired: number },
  ): Promise<string | null>;
  /** Makes the side's task set run `tasks` tasks. */
  scale(application: Application, service: SharedService, slot: SlotColor, tasks: number): Promise<string | null>;
  /** Makes the side's task set the primary one. */
  promote(application: Application, slot: SlotColor): Promise<string | null>;
  /**
   * Scales task sets of a side to zero and removes them, by one more fresh read of the weights. One that AWS will not part with
   * stays at zero, and goes with the next replacement.
   */
  remove(application: Application, slot: SlotColor, sets: readonly TaskSetReading[]): Promise<void>;
}

/** The writes through one Aws. */
export function createTaskSetWrites(aws: Aws): TaskSetWrites {
  const key = (application: Application, id: string) => ({
    cluster: application.cluster,
    service: serviceName(application),
    taskSet: id,
  });

  async function read(application: Application): Promise<SharedService> {
    const name = serviceName(application);
    const reading = await readService(aws, application, name);
    refuseMisfit(application, "blue", reading);
    const { desired, taskSets } = reading;
    const both = taskSets.find((set) => set.status !== "DRAINING" && sidesOf(application, set).length > 1);
    if (both)
      throw taskSetFailure(
        "TaskSetOnBothSides",
        say("awsError.setOnBothSides", { id: both.id, service: name }),
        "DescribeServices",
      );
    return {
      name,
      desired,
      sides: {
        blue: sideTaskSets(application, "blue", taskSets),
        green: sideTaskSets(application, "green", taskSets),
      },
    };
  }

  async function findSet(application: Application, id: string): Promise<TaskSetReading | null> {
    const { taskSets } = await readService(aws, application, serviceName(application));
    return taskSets.find((set) => set.id === id) ?? null;
  }

  /** What traffic the side may have, in words; null when a fresh read gives it none. */
  async function findWeight(application: Application, slot: SlotColor): Promise<Sentence | null> {
    const { weights, drift } = await readCurrentWeights(aws, application);
    if (drift !== null) return say("awsError.weightUnknown", { side: slot, why: drift });
    return weights[slot] === 0 ? null : say("awsError.holdsWeight", { side: slot, weight: weights[slot] });
  }

  async function isIdle(application: Application, slot: SlotColor): Promise<boolean> {
    return (await findWeight(application, slot)) === null;
  }

  async function refuseWithWeight(application: Application, slot: SlotColor): Promise<void> {
    const weight = await findWeight(application, slot);
    if (weight !== null)
      throw taskSetFailure("SideHoldsWeight", say("awsError.setKept", { why: weight }), "DeleteTaskSet");
  }

  async function setPercent(application: Application, set: TaskSetReading, percent: number) {
    return writeOrLook(
      () => aws.taskSets.scale(key(application, set.id), percent, PRIORITY),
      async () => (await findSet(application, set.id))?.scale === percent,
    );
  }

  async function makeRoom(application: Application, service: SharedService, slot: SlotColor, tasks: number) {
    if (tasks <= service.desired) return service.desired;
    const { cluster } = application;
    await writeOrLook(
      async () => (await aws.ecs.updateService({ cluster, service: service.name, desired: tasks }, PRIORITY)).requestId,
      async () => (await readService(aws, application, service.name)).desired >= tasks,
    );
    // Every percentage means more tasks now. The count goes up first, so that the other side never runs fewer than before;
    // a task set that was changed since it was read keeps its percentage.
    const now = (await read(application)).sides[otherColor(slot)].current;
    const before = service.sides[otherColor(slot)].current;
    if (before && before.desired > 0 && now?.id === before.id && now.scale === before.scale)
      await setPercent(application, before, percentFor(before.desired, tasks));
    return tasks;
  }

  async function promote(application: Application, slot: SlotColor): Promise<string | null> {
    const { current } = (await read(application)).sides[slot];
    if (!current || current.status === "PRIMARY") return null;
    return writeOrLook(
      () => aws.taskSets.makePrimary(key(application, current.id), PRIORITY),
      async () => (await findSet(application, current.id))?.status === "PRIMARY",
    );
  }

  async function removeOne(application: Application, slot: SlotColor, id: string): Promise<void> {
    const now = await findSet(application, id);
    if (!now || now.status === "DRAINING") return;
    // AWS keeps the primary one. Whatever else there is takes its place: the live side's, else this side's newer one.
    if (now.status === "PRIMARY") {
      const { sides } = await read(application);
      if (sides[otherColor(slot)].current) await promote(application, otherColor(slot));
      else if (sides[slot].current?.id !== id) await promote(application, slot);
      else return;
    }
    if (now.scale > 0) await setPercent(application, now, 0);
    await writeOrLook(
      () => aws.taskSets.remove(key(application, id), { force: false }, PRIORITY),
      async () => (await findSet(application, id))?.status !== "ACTIVE",
    ).catch((error) => {
      const isLeft = error instanceof AwsFailure && (error.kind === "missing" || error.kind === "invalid");
      if (!isLeft) throw error;
    });
  }

  return {
    read,
    isIdle,
    refuseWithWeight,
    makeRoom,
    promote,

    async create(application, service, { tasks, serviceDesired, ...set }) {
      const request = {
        ...set,
        cluster: application.cluster,
        service: service.name,
        scale: percentFor(tasks, serviceDesired),
      };
      try {
        return (await aws.taskSets.create(request, PRIORITY)).requestId;
      } catch (error) {
        // The token makes a second try safe: it answers with what the first one made, if it made it.
        if (!(error instanceof AwsFailure) || !error.isOutcomeUnknown) throw error;
        return (await aws.taskSets.create(request, PRIORITY)).requestId;
      }
    },

    async scale(application, service, slot, tasks) {
      const { current } = service.sides[slot];
      if (!current)
        throw taskSetFailure(
          "NoTaskSet",
          say("awsError.noTaskSet", { service: service.name, side: slot }),
          "UpdateTaskSet",
        );
      if (current.desired === tasks && (tasks > 0 || current.scale === 0)) return null;
      const serviceDesired = await makeRoom(application, service, slot, tasks);
      return setPercent(application, current, percentFor(tasks, serviceDesired));
    },

    async remove(application, slot, sets) {
      await refuseWithWeight(application, slot);
      for (const set of sets) await removeOne(application, slot, set.id);
    },
  };
}

/** A refusal of ours, or something that AWS has not and we need. */
function taskSetFailure(code: string, message: Sentence, operation: string): AwsFailure {
  return new AwsFailure({
    code,
    message,
    kind: "invalid",
    retryable: false,
    requestId: null,
    service: "ecs",
    operation,
    isOutcomeUnknown: false,
  });
}

/** Both sides name the same service. */
function serviceName(application: Application): string {
  for (const color of SLOT_COLORS) {
    const { service } = application.slots[color];
    if (service !== null) return service;
  }
  throw new TypeError(`${application.name} has no ECS service`);
}

/** The task set that a new one of the side takes its network, launch type and container from, and whose side's it is. */
export function settingsSource(
  { name, sides }: SharedService,
  slot: SlotColor,
): { like: TaskSetReading; from: SlotColor } {
  const own = sides[slot].current ?? sides[slot].older[0];
  if (own) return { like: own, from: slot };
  const from = otherColor(slot);
  const { current } = sides[from];
  if (current) return { like: current, from };
  throw taskSetFailure("NoTaskSet", say("awsError.noTaskSetLike", { service: name }), "DescribeServices");
}
