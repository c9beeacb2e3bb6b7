import type { Application } from "../domain/application/application.ts";
import type { RequestCount } from "../domain/deployment/proof.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { SlotColor, Task } from "../domain/observation/slot.ts";

/** Requests seen in a side's log since a time (epoch ms); `first` reads from the oldest, `last` from the newest, where there are many. */
export interface RequestEvidence {
  requestsSince(
    application: Application,
    color: SlotColor,
    observation: Observation,
    sinceMs: number,
    order: "first" | "last",
  ): Promise<RequestCount>;
}

/** Last lines that a task wrote, oldest first. */
export interface LastLines {
  lastLines(application: Application, task: Task, count: number): Promise<{ at: number; text: string }[]>;
}
