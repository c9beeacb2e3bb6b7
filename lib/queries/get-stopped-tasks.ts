import type { SlotColor, Task } from "../domain/observation/slot.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findApplication } from "../request/load-facts.ts";
import { withStore } from "../request/refusal.ts";

/** A stopped task as last seen, with its last lines. */
export interface StoppedTask {
  slot: SlotColor;
  task: Task;
  lastLines: string[];
}

const MOST = 50;

/** The application's newest stopped tasks, also those that ECS has forgotten. */
export function getStoppedTasks(ctx: Context, name: string): Promise<Result<StoppedTask[]>> {
  return ask(ctx, name, async () => {
    const found = findApplication(ctx.runtime, name);
    if (!found.ok && found.code === "NOT_FOUND") return found;
    return { ok: true, value: await withStore(() => ctx.runtime.store.listStoppedTasks(name, MOST)) };
  });
}
