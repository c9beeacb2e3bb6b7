import type { Result } from "../domain/blocker.ts";
import type { Freeze } from "../domain/freeze.ts";
import { maySee } from "../domain/role.ts";
import type { Context } from "../operations/context.ts";
import { withStore } from "../operations/refusal.ts";
import { ask } from "./ask.ts";

/** Every freeze of what the asker may see, newest first, those that are over too. */
export function listFreezes(ctx: Context): Promise<Result<Freeze[]>> {
  return ask(ctx, null, async () => {
    const all = await withStore(() => ctx.runtime.store.listFreezes(null));
    const isSeen = ({ application }: Freeze) => application === null || maySee(ctx.identity, application);
    return { ok: true, value: all.filter(isSeen) };
  });
}
