import { maySee } from "../domain/access/role.ts";
import type { Freeze } from "../domain/rules/freeze.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { withStore } from "../request/refusal.ts";

/** Every freeze of what the asker may see, newest first, those that are over too. */
export function listFreezes(ctx: Context): Promise<Result<Freeze[]>> {
  return ask(ctx, null, async () => {
    const all = await withStore(() => ctx.runtime.store.listFreezes(null));
    const isSeen = ({ application }: Freeze) => application === null || maySee(ctx.identity, application);
    return { ok: true, value: all.filter(isSeen) };
  });
}
