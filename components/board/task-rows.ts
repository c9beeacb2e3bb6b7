import type { StateShape } from "@/components/ui/state-icon.tsx";
import type { Slot, Target, TargetHealthState, Task } from "@/lib/domain/observation/slot.ts";
import { joinTargets } from "@/lib/domain/observation/task-target.ts";

/** One line of a side's table: a task, its target, or both where the target is the task's. */
export interface TaskRow {
  key: string;
  task: Task | null;
  target: Target | null;
}

/** Running and starting tasks with their targets, then targets without a task; stopped tasks apart, newest first. */
export function joinTasks(slot: Pick<Slot, "tasks" | "targets">): { rows: TaskRow[]; stopped: Task[] } {
  const stopped = slot.tasks.filter((task) => task.lastStatus === "STOPPED");
  const active = slot.tasks.filter((task) => task.lastStatus !== "STOPPED");
  const { targetsOf } = joinTargets(active, slot.targets);
  const taken = new Set<Target>();
  const rows = active.flatMap((task): TaskRow[] => {
    const own = targetsOf(task).filter((target) => !taken.has(target));
    for (const target of own) taken.add(target);
    const [first = null, ...others] = own;
    // A load balancer may know one task by more than one port.
    const more = others.map((target) => ({ key: `${task.id} ${target.id}:${target.port}`, task, target }));
    return [{ key: task.id, task, target: first }, ...more];
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
