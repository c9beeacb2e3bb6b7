import type { Slot, SlotColor, TaskLog } from "../domain/observation/slot.ts";
import { type LineOwner, type VendedNames, type VendedOwner, vendedOwnerOf } from "./vended-lines.ts";

/** Tells an application's log streams by side; blue and green may share one log group, even with other applications. */
export interface SlotStreams {
  /** Null when the stream is not, or not yet, known to be the application's. */
  ownerOf(stream: string): LineOwner | null;
  /** Whether the stream is known to be another application's. */
  isForeign(stream: string): boolean;
  /** Whose a line of nobody's stream is by what stands in it: AWS's own logs. Left out where nobody knows the application's names. */
  ownerOfText?(text: string): VendedOwner;
  /** Streams of a side's known tasks in that group, as they name it, newest first. */
  streamsOf(slot: SlotColor, group: string): string[];
}

const MAX_REMEMBERED_TASKS = 5000;
/** Task ids as streams have them: at the end (`prefix/container/id`, `app/library-firelens-id`), or wherever 32 digits stand. */
const LAST_PART = /(?:^|\/|-firelens-)([^/]+?)$/;
const TASK_IDS =
  /(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f])/g;

/** As much of a side as names its streams. */
type SlotTasks = { tasks: readonly Pick<Slot["tasks"][number], "id" | "logGroup" | "logStream" | "logs">[] };

/**
 * Resolves streams by the tasks that `slots` shows now and showed before: lines of a task that is gone stay its side's.
 * `slots` is null while the application was not observed yet; `others` are the other applications'. Use one for all viewers
 * of an application.
 */
export function createSlotStreams(
  slots: () => Record<SlotColor, SlotTasks> | null,
  others: () => readonly Pick<SlotStreams, "ownerOf">[] = () => [],
  names: () => VendedNames | null = () => null,
): SlotStreams {
  const slotOfTask = new Map<string, SlotColor>();
  const ownerOfStream = new Map<string, LineOwner>();
  let lastSeen: unknown = null;

  function learn(): void {
    const current = slots();
    if (!current || current === lastSeen) return;
    lastSeen = current;
    for (const slot of ["blue", "green"] as const) {
      for (const task of current[slot].tasks) {
        slotOfTask.set(task.id, slot);
        for (const { stream } of logsOf(task)) learnStream(stream, { slot, taskId: task.id });
      }
    }
    for (const forgotten of [slotOfTask, ownerOfStream]) {
      for (const key of forgotten.keys()) {
        if (forgotten.size <= MAX_REMEMBERED_TASKS) break;
        forgotten.delete(key);
      }
    }
  }

  /** A stream that several tasks write to belongs to none of them, and one that both sides write to, to no side. */
  function learnStream(stream: string, owner: LineOwner): void {
    const known = ownerOfStream.get(stream);
    ownerOfStream.set(stream, {
      slot: known && known.slot !== owner.slot ? null : owner.slot,
      taskId: known && known.taskId !== owner.taskId ? null : owner.taskId,
    });
  }

  function find(stream: string): LineOwner | null {
    const known = ownerOfStream.get(stream);
    if (known) return known;
    for (const taskId of [LAST_PART.exec(stream)?.[1] ?? "", ...(stream.match(TASK_IDS) ?? [])]) {
      const slot = slotOfTask.get(taskId);
      if (slot) return { slot, taskId };
    }
    return null;
  }

  return {
    ownerOf(stream) {
      const known = find(stream);
      if (known) return known;
      learn();
      return find(stream);
    },
    isForeign: (stream) => others().some((other) => other.ownerOf(stream) !== null),
    ownerOfText(text) {
      const known = names();
      return known && vendedOwnerOf(text, known);
    },
    streamsOf(slot, group) {
      learn();
      const logs = (slots()?.[slot].tasks ?? []).flatMap(logsOf);
      return [...new Set(logs.filter((log) => log.group === null || log.group === group).map(({ stream }) => stream))];
    },
  };
}

/** A record from before tasks had several logs has the main container's alone. */
function logsOf(task: SlotTasks["tasks"][number]): { group: string | null; stream: string }[] {
  const logs: readonly TaskLog[] = task.logs ?? [];
  if (logs.length > 0 || task.logStream === undefined) return [...logs];
  return [{ group: task.logGroup ?? null, stream: task.logStream }];
}
