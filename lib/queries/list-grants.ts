import type { Grant } from "../domain/access/grant.ts";
import { can, canSomewhere } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";

/** Grants that the asker may give and take, newest first: all that stand, and the newest of those that are over. */
export function listGrants(ctx: Context): Promise<Result<Grant[]>> {
  return ask(ctx, null, async () => {
    const denied = canSomewhere(ctx.identity, "access") ? null : findPermissionRefusal(ctx, "access");
    if (denied) return denied;
    const { store, now } = ctx.runtime;
    const [standing, newest] = await withStore(() =>
      Promise.all([store.listGrants("standing", now()), store.listGrants("all")]),
    );
    const all = [...new Map([...standing, ...newest].map((grant) => [grant.id, grant])).values()].toSorted(
      (one, other) => other.createdAt - one.createdAt,
    );
    return { ok: true, value: all.filter(({ application }) => can(ctx.identity, "access", application)) };
  });
}
