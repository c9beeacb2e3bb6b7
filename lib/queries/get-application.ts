import { say } from "../domain/sentence/sentence.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findApplication } from "../request/load-facts.ts";
import { refuse } from "../request/refusal.ts";

/** One application as last observed; NOT_FOUND when it is not configured. */
export function getApplication(ctx: Context, name: string): Promise<Result<ApplicationSnapshot>> {
  return ask(ctx, name, async () => {
    const found = findApplication(ctx.runtime, name);
    if (!found.ok) return found;
    const snapshot = await ctx.runtime.hub.snapshot(name);
    return snapshot ? { ok: true, value: snapshot } : refuse("NOT_FOUND", say("refusal.noApplication", { name }));
  });
}
