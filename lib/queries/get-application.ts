import type { Result } from "../domain/blocker.ts";
import type { ApplicationSnapshot } from "../domain/snapshot.ts";
import type { Context } from "../operations/context.ts";
import { findApplication } from "../operations/load-facts.ts";
import { refuse } from "../operations/refusal.ts";
import { ask } from "./ask.ts";

/** One application as last observed; NOT_FOUND when it is not configured. */
export function getApplication(ctx: Context, name: string): Promise<Result<ApplicationSnapshot>> {
  return ask(ctx, name, async () => {
    const found = findApplication(ctx.runtime, name);
    if (!found.ok) return found;
    const snapshot = await ctx.runtime.hub.snapshot(name);
    return snapshot ? { ok: true, value: snapshot } : refuse("NOT_FOUND", `There is no application ${name}`);
  });
}
