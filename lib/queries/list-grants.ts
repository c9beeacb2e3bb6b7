import type { Grant } from "../domain/access/grant.ts";
import { can, canSomewhere } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";

/** Grants that the asker may give and take, newest first, revoked and past ones too. */
export function listGrants(ctx: Context): Promise<Result<Grant[]>> {
  return ask(ctx, null, async () => {
    const denied = canSomewhere(ctx.identity, "access") ? null : findPermissionRefusal(ctx, "access");
    if (denied) return denied;
    const all = await withStore(() => ctx.runtime.store.listGrants("all"));
    return { ok: true, value: all.filter(({ application }) => can(ctx.identity, "access", application)) };
  });
}
