import { maySee } from "../domain/access/role.ts";
import type { Freeze } from "../domain/rules/freeze.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { withStore } from "../request/refusal.ts";

/** Every freeze in force of what the asker may see, and the latest of those that are over, newest first. */
export function listFreezes(ctx: Context): Promise<Result<Freeze[]>> {
  return ask(ctx, null, async () => {
    const { store, now } = ctx.runtime;
    const [inForce, latest] = await withStore(() => Promise.all([store.listFreezes(now()), store.listFreezes(null)]));
    const all = [...new Map([...inForce, ...latest].map((freeze) => [freeze.id, freeze])).values()].toSorted(
      (one, other) => other.startedAt - one.startedAt,
    );
    const isSeen = ({ application }: Freeze) => application === null || maySee(ctx.identity, application);
    return { ok: true, value: all.filter(isSeen) };
  });
}
