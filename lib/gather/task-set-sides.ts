import { createHash } from "node:crypto";
import type { TaskSetReading } from "../aws/task-sets.ts";
import type { Application } from "../domain/application/application.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";

/** The task sets of one side. */
export interface SideTaskSets {
  /** The newest that is not on its way out; null when the side has none. */
  current: TaskSetReading | null;
  /** Older ones beside it, which a replacement left behind. */
  older: TaskSetReading[];
  /** Those on their way out. */
  draining: TaskSetReading[];
}

const NAME = "switchyard:";

/** How a task set of this side is marked, for the case that it registers with no target group. */
export function externalIdOf(color: SlotColor): string {
  return `${NAME}${color}`;
}

/** The sides a task set belongs to: those of its target groups, else the one its external id names. Both is a mistake to show. */
export function sidesOf(application: Application, set: TaskSetReading): SlotColor[] {
  const byGroup = SLOT_COLORS.filter((color) => set.targetGroupArns.includes(application.slots[color].targetGroupArn));
  if (byGroup.length > 0) return byGroup;
  return SLOT_COLORS.filter((color) => set.externalId === externalIdOf(color));
}

/** The side's task sets among those of its service. */
export function sideTaskSets(
  application: Application,
  color: SlotColor,
  sets: readonly TaskSetReading[],
): SideTaskSets {
  const own = sets.filter((set) => sidesOf(application, set).includes(color));
  const [current = null, ...older] = own
    .filter((set) => set.status !== "DRAINING")
    .sort((a, b) => b.createdAt - a.createdAt || b.id.localeCompare(a.id));
  return { current, older, draining: own.filter((set) => set.status === "DRAINING") };
}

/** The percentage at which ECS, which rounds up, runs exactly `tasks` of `serviceDesired` tasks. */
export function percentFor(tasks: number, serviceDesired: number): number {
  if (tasks <= 0 || serviceDesired <= 0) return 0;
  if (tasks >= serviceDesired) return 100;
  // Two decimals rounded down stay above the next smaller number of tasks for any service below 10,000.
  return Math.floor((tasks / serviceDesired) * 10_000) / 100;
}

/** A client token of up to 36 characters. Predecessors are part of it, so that a revision may come back to a side within one deployment. */
export function clientTokenOf(parts: readonly (string | undefined)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
