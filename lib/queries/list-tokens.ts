import type { ApiToken } from "../domain/access/api-token.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";

/** Every token, newest first, revoked ones too; for admins. Nothing in it opens anything. */
export function listTokens(ctx: Context): Promise<Result<ApiToken[]>> {
  return ask(ctx, null, async () => {
    const denied = findPermissionRefusal(ctx, "tokens");
    if (denied) return denied;
    return { ok: true, value: await withStore(() => ctx.runtime.store.listApiTokens()) };
  });
}
