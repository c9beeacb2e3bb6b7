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
  /** Tasks that could have served a request since then and whose log stream has no name that is known. */
  unreadTasks(application: Application, color: SlotColor, observation: Observation, sinceMs: number): number;
  /**
   * The longest time from writing to ingestion among the side's lines of the last minutes but for the newest, which may be on
   * their way; null where too few tell it. Measured once a minute for each application.
   */
  deliveryLagMs(
    application: Application,
    color: SlotColor,
    observation: Observation,
    now: number,
  ): Promise<number | null>;
}

/** Last lines that a task wrote, oldest first. */
export interface LastLines {
  lastLines(application: Application, task: Task, count: number): Promise<{ at: number; text: string }[]>;
  /** What a Lambda function wrote since then (epoch ms). @throws AwsFailure where its log cannot be read */
  functionLines(
    application: Application,
    arn: string,
    sinceMs: number,
    count: number,
  ): Promise<{ at: number; text: string }[]>;
}
