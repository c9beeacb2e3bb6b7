import type { EcsDeployment, ServiceReading } from "../aws/service-reading.ts";
import type { TaskSetReading } from "../aws/task-sets.ts";
import type { Application } from "../domain/application/application.ts";
import { CAPABILITIES, type Capabilities } from "../domain/application/capabilities.ts";
import type { ServiceEvent, Slot, SlotColor, Task } from "../domain/observation/slot.ts";
import { otherColor } from "../domain/observation/slot.ts";
import { type Facts, serviceKey } from "./facts.ts";
import { nativeSides, startedByOf } from "./native-sides.ts";
import { sidesOf, sideTaskSets } from "./task-set-sides.ts";

/** What ECS says of one side, be it a service of its own or task sets of one that both sides share. */
export interface SideReading {
  /** Empty when the side has nothing to run. */
  taskDefinition: string;
  desired: number;
  running: number;
  pending: number;
  events: ServiceEvent[];
  rollout: Slot["rollout"];
  /** Null where the side is a whole service, or has no task set. */
  taskSet: string | null;
  tasks: Task[];
}

/** The side as last read; what was not read yet is empty. Null where ECS knows no side. */
export function readSide(application: Application, color: SlotColor, facts: Facts): SideReading | null {
  const name = application.slots[color].service;
  if (name === null) return null;
  const key = serviceKey(application.cluster, name);
  const service = facts.services.find(key)?.value ?? null;
  const tasks = facts.tasks.find(key)?.value ?? [];
  return READ[CAPABILITIES[application.controller].sides](application, color, service, tasks, facts);
}

type Read = (
  application: Application,
  color: SlotColor,
  service: ServiceReading | null,
  tasks: Task[],
  facts: Facts,
) => SideReading;

const READ: Readonly<Record<Capabilities["sides"], Read>> = {
  services: (_application, _color, service, tasks) => readService(service, tasks),
  "task sets": readTaskSets,
  "service revisions": readNative,
};

function readService(service: ServiceReading | null, tasks: Task[]): SideReading {
  return {
    taskDefinition: service?.taskDefinition ?? "",
    desired: service?.desired ?? 0,
    running: service?.running ?? 0,
    pending: service?.pending ?? 0,
    events: service?.events ?? [],
    rollout: service ? rolloutOf(service) : null,
    taskSet: null,
    tasks,
  };
}

/** ECS's own rollout is told by its deployment; events and tasks are told apart by the revision that they name. */
function readNative(
  application: Application,
  color: SlotColor,
  service: ServiceReading | null,
  tasks: readonly Task[],
  facts: Facts,
): SideReading {
  const sides = nativeSides(application, service, facts);
  for (const { revision, color: side } of sides.all) facts.taskSetSides.set(startedByOf(revision), [side]);
  const { taskDefinition, desired, running, pending } = sides[color];
  return {
    taskDefinition,
    desired,
    running,
    pending,
    events: (service?.events ?? []).filter((event) => !isOfOther(application, color, event, tasks, facts)),
    rollout: null,
    taskSet: null,
    tasks: tasks.filter((task) => facts.taskSetSides.get(task.startedBy ?? "")?.includes(color)),
  };
}

function readTaskSets(
  application: Application,
  color: SlotColor,
  service: ServiceReading | null,
  tasks: readonly Task[],
  facts: Facts,
): SideReading {
  const sets = service?.taskSets ?? [];
  for (const set of sets) facts.taskSetSides.set(set.id, sidesOf(application, set));
  const { current, older, draining } = sideTaskSets(application, color, sets);
  const sum = (count: (set: TaskSetReading) => number) =>
    [current, ...older].reduce((total, set) => total + (set ? count(set) : 0), 0);
  const own = (id: string | undefined, side: SlotColor) =>
    id !== undefined && facts.taskSetSides.get(id)?.includes(side) === true;
  return {
    taskDefinition: current?.taskDefinition ?? "",
    desired: current?.desired ?? 0,
    running: sum((set) => set.running),
    pending: sum((set) => set.pending),
    events: (service?.events ?? []).filter((event) => !isOfOther(application, color, event, tasks, facts)),
    rollout: taskSetRollout(current, [...older, ...draining]),
    taskSet: current?.id ?? null,
    tasks: tasks.filter((task) => own(task.startedBy, color)),
  };
}

/** The service speaks for both sides: what names the other's task set, target group or tasks is left out. */
function isOfOther(
  application: Application,
  color: SlotColor,
  event: ServiceEvent,
  tasks: readonly Task[],
  facts: Facts,
): boolean {
  const other = otherColor(color);
  const sides = (id: string | undefined) => (id === undefined ? undefined : facts.taskSetSides.get(id));
  const isOthers = (found: SlotColor[] | undefined) => found?.includes(other) === true && !found.includes(color);
  const named = /\b(ecs-svc\/\d+)/.exec(event.message)?.[1];
  if (isOthers(sides(named))) return true;
  if (event.message.includes(application.slots[other].targetGroupArn)) return true;
  const task = tasks.find((one) => event.message.includes(one.id));
  return isOthers(sides(task?.startedBy));
}

/** Task sets know no rollout; one that is not steady, or has a predecessor with tasks left, is under way all the same. */
function taskSetRollout(current: TaskSetReading | null, leaving: readonly TaskSetReading[]): Slot["rollout"] {
  if (!current) return null;
  if (current.isSteady && leaving.every((set) => set.running + set.pending === 0)) return null;
  return { id: current.id, state: "IN_PROGRESS", failedTasks: 0 };
}

/** A completed rollout is none any more, unless older deployments still have tasks to lose. */
function rolloutOf(service: ServiceReading): Slot["rollout"] {
  const primary: EcsDeployment | undefined = service.deployments.find((d) => d.status === "PRIMARY");
  if (!primary?.rolloutState) return null;
  if (primary.rolloutState === "COMPLETED" && service.deployments.length === 1) return null;
  return {
    id: primary.id,
    state: primary.rolloutState,
    ...(primary.rolloutReason ? { reason: primary.rolloutReason } : {}),
    failedTasks: primary.failedTasks,
  };
}
