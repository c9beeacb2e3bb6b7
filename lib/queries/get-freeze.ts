import { maySee } from "../domain/access/role.ts";
import type { Freeze } from "../domain/rules/freeze.ts";
import { say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { refuse, withStore } from "../request/refusal.ts";

/** One freeze, also one that is over; of an application that the asker may not see there is none. */
export function getFreeze(ctx: Context, id: string): Promise<Result<Freeze>> {
  return ask(ctx, null, async () => {
    const freeze = await withStore(() => ctx.runtime.store.findFreeze(id));
    const isSeen = freeze && (freeze.application === null || maySee(ctx.identity, freeze.application));
    return isSeen ? { ok: true, value: freeze } : refuse("NOT_FOUND", say("refusal.noFreeze", { id: cutText(id, 80) }));
  });
}
