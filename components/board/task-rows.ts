import type { StateShape } from "@/components/ui/state-icon.tsx";
import type { Slot, Target, TargetHealthState, Task } from "@/lib/domain/observation/slot.ts";

/** One line of a side's table: a task, its target, or both where their address is the same. */
export interface TaskRow {
  key: string;
  task: Task | null;
  target: Target | null;
}

/** Running and starting tasks with their targets, then targets without a task; stopped tasks apart, newest first. */
export function joinTasks(slot: Pick<Slot, "tasks" | "targets">): { rows: TaskRow[]; stopped: Task[] } {
  const stopped = slot.tasks.filter((task) => task.lastStatus === "STOPPED");
  const active = slot.tasks.filter((task) => task.lastStatus !== "STOPPED");
  const taken = new Set<Target>();
  const rows = active.map((task): TaskRow => {
    const target = slot.targets.find((each) => each.id === task.address && !taken.has(each)) ?? null;
    if (target) taken.add(target);
    return { key: task.id, task, target };
  });
  const lone = slot.targets.filter((target) => !taken.has(target));
  return {
    rows: [...rows, ...lone.map((target) => ({ key: `${target.id}:${target.port}`, task: null, target }))],
    stopped: stopped.sort((a, b) => (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0)),
  };
}

const SHAPES: Readonly<Record<TargetHealthState, StateShape>> = {
  initial: "starting",
  healthy: "done",
  unhealthy: "fault",
  "unhealthy.draining": "fault",
  unused: "off",
  draining: "draining",
  unavailable: "unknown",
};

/** The sign for a target's state. */
export function targetShape(state: TargetHealthState): StateShape {
  return SHAPES[state];
}

/** A task's id as people compare it. */
export function shortTaskId(id: string): string {
  return id.slice(0, 8);
}
