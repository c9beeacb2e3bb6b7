import type { Result } from "../domain/blocker.ts";
import type { Grant } from "../domain/grant.ts";
import { can, canSomewhere } from "../domain/role.ts";
import type { Context } from "../operations/context.ts";
import { findPermissionRefusal } from "../operations/permission.ts";
import { withStore } from "../operations/refusal.ts";
import { ask } from "./ask.ts";

/** Grants that the asker may give and take, newest first, revoked and past ones too. */
export function listGrants(ctx: Context): Promise<Result<Grant[]>> {
  return ask(ctx, null, async () => {
    const denied = canSomewhere(ctx.identity, "access") ? null : findPermissionRefusal(ctx, "access");
    if (denied) return denied;
    const all = await withStore(() => ctx.runtime.store.listGrants("all"));
    return { ok: true, value: all.filter(({ application }) => can(ctx.identity, "access", application)) };
  });
}
