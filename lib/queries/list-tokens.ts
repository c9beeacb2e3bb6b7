import type { ApiToken } from "../domain/api-token.ts";
import type { Result } from "../domain/blocker.ts";
import type { Context } from "../operations/context.ts";
import { findPermissionRefusal } from "../operations/permission.ts";
import { withStore } from "../operations/refusal.ts";
import { ask } from "./ask.ts";

/** Every token, newest first, revoked ones too; for admins. Nothing in it opens anything. */
export function listTokens(ctx: Context): Promise<Result<ApiToken[]>> {
  return ask(ctx, null, async () => {
    const denied = findPermissionRefusal(ctx, "tokens");
    if (denied) return denied;
    return { ok: true, value: await withStore(() => ctx.runtime.store.listApiTokens()) };
  });
}
