import type { Slot, SlotColor } from "../domain/observation/slot.ts";

/** Whose line it is. */
export interface LineOwner {
  /** Null when the line is the application's but its side is not known. */
  slot: SlotColor | null;
  taskId: string | null;
}

/** Tells an application's log streams by side; blue and green may share one log group, even with other applications. */
export interface SlotStreams {
  /** Null when the stream is not, or not yet, known to be the application's. */
  ownerOf(stream: string): LineOwner | null;
  /** Streams of a side's known tasks, newest first. */
  streamsOf(slot: SlotColor): string[];
}

const MAX_REMEMBERED_TASKS = 5000;
/** ECS task ids as they end an awslogs stream name, `prefix/container/task-id`. */
const TASK_ID = /[^/]+$/;

/**
 * Resolves streams by the tasks that `slots` shows now and showed before: lines of a task that is gone stay its side's.
 * `slots` is null while the application was not observed yet. Use one for all viewers of an application.
 */
export function createSlotStreams(slots: () => Record<SlotColor, Pick<Slot, "tasks">> | null): SlotStreams {
  const slotOfTask = new Map<string, SlotColor>();
  const taskOfStream = new Map<string, string>();
  let lastSeen: unknown = null;

  function learn(): void {
    const current = slots();
    if (!current || current === lastSeen) return;
    lastSeen = current;
    for (const color of ["blue", "green"] as const) {
      for (const task of current[color].tasks) {
        slotOfTask.set(task.id, color);
        if (task.logStream !== undefined) taskOfStream.set(task.logStream, task.id);
      }
    }
    for (const forgotten of [slotOfTask, taskOfStream]) {
      for (const key of forgotten.keys()) {
        if (forgotten.size <= MAX_REMEMBERED_TASKS) break;
        forgotten.delete(key);
      }
    }
  }

  function find(stream: string): LineOwner | null {
    const taskId = taskOfStream.get(stream) ?? TASK_ID.exec(stream)?.[0];
    const slot = taskId === undefined ? undefined : slotOfTask.get(taskId);
    return taskId === undefined || slot === undefined ? null : { slot, taskId };
  }

  return {
    ownerOf(stream) {
      const known = find(stream);
      if (known) return known;
      learn();
      return find(stream);
    },
    streamsOf(slot) {
      learn();
      const tasks = slots()?.[slot].tasks ?? [];
      return tasks.flatMap((task) => (task.logStream === undefined ? [] : [task.logStream]));
    },
  };
}
