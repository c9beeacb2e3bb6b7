import type { Application } from "../domain/application/application.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import type { LastLines } from "../logs/evidence.ts";
import type { Store } from "../store/store.ts";

/** Saves stopped tasks with their last lines, because ECS forgets them within the hour. */
export interface BlackBox {
  /** Saves what it has not saved before; a failure is tried again with the next look. */
  record(application: Application, observation: Observation): Promise<void>;
}

const LINES = 50;
const REMEMBERED = 5_000;
/** A crash loop must not fill the hour's log budget. */
const MOST_AT_ONCE = 10;

/** One a process; remembers which tasks it saved. */
export function createBlackBox(deps: { store: Store; lines: LastLines }): BlackBox {
  const saved = new Set<string>();
  const busy = new Set<string>();
  return {
    async record(application, observation) {
      if (busy.has(application.name)) return;
      busy.add(application.name);
      try {
        const fresh = SLOT_COLORS.flatMap((color) =>
          observation.slots[color].tasks
            .filter((task) => task.lastStatus === "STOPPED" && !saved.has(task.arn))
            .map((task) => ({ color, task })),
        );
        for (const { color, task } of fresh.slice(0, MOST_AT_ONCE)) {
          const lines = await deps.lines.lastLines(application, task, LINES);
          await deps.store.saveStoppedTask(
            application.name,
            color,
            task,
            lines.map((line) => line.text),
          );
          saved.add(task.arn);
        }
        for (const arn of saved) {
          if (saved.size <= REMEMBERED) break;
          saved.delete(arn);
        }
      } finally {
        busy.delete(application.name);
      }
    },
  };
}
