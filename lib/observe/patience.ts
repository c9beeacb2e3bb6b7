import type { Priority } from "../aws/budget.ts";

/** On whose behalf an application is looked at now. */
export type LookPriority = Extract<Priority, "action" | "engine" | "question">;

/**
 * How long a look may take, in ms: AWS that hangs would hold each of its few rounds up for three times its 5 s. A question is
 * answered within the 10 s that people and proxies wait, a click soon after, and the engine comes round again by itself.
 */
export const PATIENCE_MS: Readonly<Record<LookPriority, number>> = { question: 8_000, action: 10_000, engine: 15_000 };

/** Nothing of the application has been read from AWS, and AWS does not answer. */
export class NotReadYet extends Error {
  override readonly name = "NotReadYet";
  readonly application: string;

  constructor(application: string) {
    super(`Nothing of ${application} has been read from AWS yet`);
    this.application = application;
  }
}
